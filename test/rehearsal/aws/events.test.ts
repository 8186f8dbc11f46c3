import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-secrets-manager";
import { DescribeExecutionCommand, ListExecutionsCommand } from "@aws-sdk/client-sfn";
import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { readHint } from "../../../lambdas/secrets/hints.ts";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { rejection } from "../../support/rejection.ts";
import { until } from "../../support/until.ts";
import { allowing, trustIn } from "./inline-function.ts";
import { failure, useLocalAws } from "./local-aws.ts";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const ROLE = "aws:iam/role:Role";
const CANARY = "canary-91bc";

describe("the local AWS's EventBridge", () => {
  const aws = useLocalAws();
  let queue: { id: string; arn: string };

  const pattern = JSON.stringify({ source: ["aws.secretsmanager"] });
  const ruleArn = (name: string) => `arn:aws:events:eu-central-1:111122223333:rule/${name}`;

  before(async () => {
    const made = await aws.deploy("aws:sqs/queue:Queue", { name: "events" });
    queue = { id: made.id, arn: String(made.properties.arn) };
  });

  const letting = (rule: string) => ({
    queueUrl: queue.id,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          ...{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage" },
          ...{ Resource: queue.arn, Condition: { ArnEquals: { "aws:SourceArn": ruleArn(rule) } } },
        },
      ],
    }),
  });

  describe("a rule", () => {
    it("is made, takes another pattern in place, and goes", async () => {
      const inputs = { name: "changes", description: "Changes.", eventPattern: pattern, tags: { Name: "a" } };
      const rule = await aws.deploy(RULE, inputs);
      expect(rule.id).to.equal("changes");
      expect(rule.properties).to.include({ arn: ruleArn("changes") });
      expect(await rule.refresh()).to.deep.equal(inputs);
      const next = { name: "changes", eventPattern: JSON.stringify({ source: ["aws.s3"] }), tags: { Other: "b" } };
      await rule.update(next);
      expect(await rule.refresh()).to.deep.equal(next);
      await rule.delete();
      await rule.delete();
      expect(await rule.refresh()).to.equal(undefined);
    });

    const refused: [string, Properties, RegExp][] = [
      ["a letter that no name has", { name: "a/b" }, /^name: "a\/b" is no name of a rule/],
      ["a pattern that is none", { eventPattern: "{}{" }, /^eventPattern: /],
      ["a value outside a list", { eventPattern: '{"source":"aws.ecr"}' }, /^eventPattern: .*InvalidEventPattern/],
      ["no pattern", { eventPattern: undefined }, /^eventPattern: a rule without one never matches/],
      ["a time", { scheduleExpression: "rate(1 hour)" }, /^scheduleExpression: .* for times there are schedules/],
      ["another bus", { eventBusName: "own" }, /^eventBusName: the local AWS does not carry this input out/],
    ];
    for (const [what, inputs, reason] of refused) {
      it(`refuses ${what}`, async () => {
        expect(await aws.refusals(RULE, { name: "fine", eventPattern: pattern, ...inputs })).to.match(reason);
      });
    }
  });

  describe("a target", () => {
    it("gets nothing where its queue does not let the rule send, and is refused for that", async () => {
      const rule = await aws.deploy(RULE, { name: "unheard", eventPattern: pattern });
      const refused = await failure(aws.deploy(TARGET, { rule: "unheard", targetId: "queue", arn: queue.arn }));
      expect(refused).to.match(/does not let arn:.*rule\/unheard send: events would be dropped/);
      await rule.delete();
    });

    const machineArn = "arn:aws:states:eu-central-1:111122223333:stateMachine:none";
    const refused: [string, Properties, RegExp][] = [
      ["a queue that is not there", { arn: "arn:aws:sqs:eu-central-1:111122223333:none" }, /^arn: there is no queue /],
      ["a state machine that is not there", { arn: machineArn }, /^arn: there is no state machine /],
      ["a state machine that nobody may start", { arn: machineArn }, /^roleArn: a state machine is started by a role/m],
      ["a function", { arn: "arn:aws:lambda:x" }, /^arn: .*is no queue and no state machine/],
      ["a part of the event", { inputPath: "$.detail" }, /^inputPath: the local AWS does not carry this input out/],
      ["an input that is no JSON", { input: "{" }, /^input: it is no JSON/],
      ["a role for a queue", { roleArn: "arn:aws:iam::111122223333:role/any" }, /^roleArn: .* by its own policy/],
    ];
    for (const [what, inputs, reason] of refused) {
      it(`refuses ${what}`, async () => {
        expect(await aws.refusals(TARGET, { rule: "any", targetId: "a", arn: queue.arn, ...inputs })).to.match(reason);
      });
    }

    it("starts a state machine with its input, by a role that may", async () => {
      const definition = JSON.stringify({ StartAt: "Only", States: { Only: { Type: "Succeed" } } });
      const runner = await aws.deploy(ROLE, { name: "runner", assumeRolePolicy: trustIn("states.amazonaws.com") });
      const machine = await aws.deploy("aws:sfn/stateMachine:StateMachine", {
        ...{ name: "woken", roleArn: runner.properties.arn, definition },
      });
      const starter = await aws.deploy(ROLE, { name: "waker", assumeRolePolicy: trustIn("events.amazonaws.com") });
      await aws.deploy(RULE, { name: "waking", eventPattern: JSON.stringify({ source: ["own.test"] }) });
      const roleArn = starter.properties.arn;
      const inputs = { rule: "waking", targetId: "machine", arn: machine.id, roleArn, input: '{"woken":1}' };
      expect(await failure(aws.deploy(TARGET, inputs))).to.match(/target's role .* may not states:StartExecution/);
      const policy = allowing("states:StartExecution", machine.id);
      await aws.deploy("aws:iam/rolePolicy:RolePolicy", { role: "waker", policy });
      const target = await aws.deploy(TARGET, inputs);
      expect(await target.refresh()).to.deep.equal(inputs);
      const Entries = [{ Source: "own.test", DetailType: "Test", Detail: "{}" }];
      await aws.cloud.eventbridge.send(new PutEventsCommand({ Entries }));
      const list = new ListExecutionsCommand({ stateMachineArn: machine.id });
      const started = async () => (await aws.cloud.sfn.send(list)).executions ?? [];
      await until(async () => (await started()).length > 0, "the machine was started");
      const [{ executionArn } = {}] = await started();
      const { input } = await aws.cloud.sfn.send(new DescribeExecutionCommand({ executionArn }));
      expect(input).to.equal('{"woken":1}');
      await target.delete();
      expect(await target.refresh()).to.equal(undefined);
    });
  });

  describe("the changes of secrets", () => {
    before(async () => {
      await aws.deploy(RULE, { name: "secrets", eventPattern: pattern });
      await aws.deploy("aws:sqs/queuePolicy:QueuePolicy", letting("secrets"));
      const inputs = { rule: "secrets", targetId: "queue", arn: queue.arn };
      const target = await aws.deploy(TARGET, inputs);
      expect(target.id).to.equal("secrets-queue");
      expect(await target.refresh()).to.deep.equal(inputs);
    });

    /** The events that have come since, and what they call their secrets. */
    async function events(): Promise<{ name: string; secrets: string[]; body: string }[]> {
      const { sqs } = aws.cloud;
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: queue.id, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      for (const { ReceiptHandle } of Messages) {
        await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.id, ReceiptHandle }));
      }
      return Messages.map(({ Body = "" }) => {
        const { detail, "detail-type": type } = JSON.parse(Body);
        return { name: detail.eventName ?? type, secrets: readHint(Body).secrets, body: Body };
      });
    }

    it("are told by Secrets Manager and by CloudTrail, each by its own name, and never with a value", async () => {
      const { secrets } = aws.cloud;
      const SecretId = "told/api";
      const { ARN = "" } = await secrets.send(new CreateSecretCommand({ Name: SecretId, SecretString: CANARY }));
      const all = await events();
      const names = async () => (await events()).map(({ name }) => name).sort();
      expect(all.map(({ name }) => name)).to.include.members(["CreateSecret"]);
      await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: `${CANARY}-2` }));
      const put = await events();
      expect(put.map(({ name }) => name).sort()).to.deep.equal(["PutSecretValue", "Secret Label Updated"]);
      for (const { secrets: called } of put) expect(called).to.include.oneOf([SecretId, ARN]);
      await secrets.send(new TagResourceCommand({ SecretId, Tags: [{ Key: "a", Value: "b" }] }));
      expect(await names()).to.deep.equal(["TagResource"]);
      await secrets.send(new UntagResourceCommand({ SecretId, TagKeys: ["a"] }));
      expect(await names()).to.deep.equal(["UntagResource"]);
      await secrets.send(new RotateSecretCommand({ SecretId }));
      expect(await names()).to.deep.equal(["RotateSecret", "RotationSucceeded", "Secret Label Updated"]);
      await secrets.send(new DeleteSecretCommand({ SecretId }));
      expect(await names()).to.deep.equal(["DeleteSecret"]);
      await secrets.send(new RestoreSecretCommand({ SecretId }));
      expect(await names()).to.deep.equal(["RestoreSecret"]);
      await secrets.send(new GetSecretValueCommand({ SecretId }));
      expect(await names(), "a look changes nothing").to.deep.equal([]);
      expect(JSON.stringify([...all, ...put])).not.to.include(CANARY);
    });

    it("are not told where they were refused", async () => {
      const command = new PutSecretValueCommand({ SecretId: "nobodys", SecretString: CANARY });
      expect((await rejection(aws.cloud.secrets.send(command))).name).to.equal("ResourceNotFoundException");
      expect(await events()).to.deep.equal([]);
    });
  });

  it("lets a role read a secret by its tag, and no other", async () => {
    const { secrets } = aws.cloud;
    for (const [Name, Value] of [
      ["tagged", "shop"],
      ["billing", "billing"],
    ]) {
      await secrets.send(new CreateSecretCommand({ Name, SecretString: CANARY, Tags: [{ Key: "for", Value }] }));
    }
    await secrets.send(new CreateSecretCommand({ Name: "untagged", SecretString: CANARY }));
    const role = await aws.deploy(ROLE, {
      name: "by-tag",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { AWS: "111122223333" }, Action: "sts:AssumeRole" }],
      }),
    });
    await aws.deploy("aws:iam/rolePolicy:RolePolicy", {
      role: "by-tag",
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            ...{ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "*" },
            Condition: { StringEquals: { "aws:ResourceTag/for": "shop" } },
          },
        ],
      }),
    });
    const { endpoint, requestHandler, region, credentials: root } = secrets.config;
    const sts = new STSClient({ endpoint, requestHandler, region, credentials: root });
    const RoleArn = String(role.properties.arn);
    const { Credentials: given } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "test" }));
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? "",
      secretAccessKey: given?.SecretAccessKey ?? "",
      sessionToken: given?.SessionToken ?? "",
    };
    const own = new SecretsManagerClient({ endpoint, requestHandler, region, credentials });
    const read = (SecretId: string) => own.send(new GetSecretValueCommand({ SecretId }));
    expect((await read("tagged")).SecretString).to.equal(CANARY);
    expect((await rejection(read("billing"))).name).to.equal("AccessDeniedException");
    expect((await rejection(read("untagged"))).name).to.equal("AccessDeniedException");
  });
});
