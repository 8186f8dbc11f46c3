import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { invokerPolicy, queueFromRulePolicy } from "../../../components/replication/policies.ts";
import { SECRET_CHANGES } from "../../../components/replication/secret-events.ts";
import { secretReplicatorPolicy } from "../../../components/replication/secret-policies.ts";
import { SecretReplication, type SecretReplicationArgs } from "../../../components/replication/secret-replication.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { TENANT_ID } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const VAULT_URI = "https://shop-secrets-a1b2c3d4.vault.azure.net/";
const CLIENT_ID = "12345678-1111-4222-8333-444455556666";
const TOPIC = "arn:aws:sns:eu-west-1:111122223333:shop-alarms";

function deployReplication(args: Partial<SecretReplicationArgs> = {}) {
  return deploy(
    () =>
      new SecretReplication("shop-secrets", {
        ...{ workload: "shop", mode: "live", webIdentityIssuer: "https://0a1b2c3d.tokens.sts.global.api.aws" },
        target: {
          ...{ vaultUri: pulumi.output(VAULT_URI), resourceGroupName: "shop-standby" },
          ...{ identityName: "shop-secrets-writer", clientId: CLIENT_ID, tenantId: TENANT_ID },
        },
        ...{ alarmTopicArn: TOPIC, tags: TAGS },
        ...args,
      }),
  );
}

describe("SecretReplication", () => {
  let resources: Registrations;
  let replication: SecretReplication;
  const inputsOf = (name: string) => resources.named(name).inputs;

  before(async () => {
    ({ resources, result: replication } = await deployReplication());
  });

  it("keeps the rules of the house, and protects nothing: secrets come again from where they are", () => {
    expectHouseRules(resources, "shop-secrets", "multicloud-dr:replication:SecretReplication");
    expectProtected(resources, []);
  });

  it("has the changes of secrets sent to its queue, and lets nobody else send there", () => {
    expect(JSON.parse(String(inputsOf("shop-secrets-changes").eventPattern))).to.deep.equal(SECRET_CHANGES);
    const { arn: queueArn, rule } = inputsOf("shop-secrets-changes-target");
    expect(rule).to.match(/^shop-secrets-changes/);
    const ruleArn = JSON.parse(String(inputsOf("shop-secrets-queue-policy").policy)).Statement[0].Condition.ArnEquals;
    expect(inputsOf("shop-secrets-queue-policy").policy).to.equal(
      queueFromRulePolicy(String(queueArn), ruleArn["aws:SourceArn"]),
    );
    expect(ruleArn["aws:SourceArn"]).to.match(/:rule\/shop-secrets-changes/);
  });

  it("wakes the replicator by the queue, which encrypts, and sets aside what fails too often", () => {
    expect(inputsOf("shop-secrets-wake")).to.deep.include({
      batchSize: 10,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: 2 },
    });
    const { redrivePolicy, sqsManagedSseEnabled } = inputsOf("shop-secrets-queue");
    expect(sqsManagedSseEnabled).to.equal(true);
    expect(JSON.parse(String(redrivePolicy)).deadLetterTargetArn).to.match(/:shop-secrets-dead-letters/);
  });

  it("tells the replicator whose secrets cross and where to, and nothing that is secret", async () => {
    const { environment, handler, runtime } = inputsOf("shop-secrets-replicator");
    expect({ handler, runtime }).to.deep.equal({ handler: "index.handler", runtime: "nodejs24.x" });
    expect(environment).to.deep.equal({
      variables: {
        ...{ WORKLOAD: "shop", VAULT_URI, AZURE_CLIENT_ID: CLIENT_ID, AZURE_TENANT_ID: TENANT_ID },
        QUEUE_URL: await settled(replication.queueUrl),
        DEAD_LETTER_QUEUE_URL: await settled(replication.deadLetterQueueUrl),
      },
    });
  });

  it("has the standby's writer trust this role, and makes the function after that", () => {
    expect(inputsOf("shop-secrets-trust-credential")).to.include({
      ...{ resourceName: "shop-secrets-writer", resourceGroupName: "shop-standby" },
    });
    const { dependencies } = resources.named("shop-secrets-replicator");
    expect(dependencies).to.include.members(["shop-secrets-rights", "shop-secrets-trust-credential"]);
  });

  it("compares by a schedule that may invoke the function and nothing else", () => {
    const { scheduleExpression, target } = inputsOf("shop-secrets-sweep");
    expect(scheduleExpression).to.equal("rate(1 hour)");
    const { arn, input } = target as { arn: string; input: string };
    expect(input).to.equal('{"sweep":true}');
    expect(inputsOf("shop-secrets-sweep-rights").policy).to.equal(invokerPolicy(arn));
  });

  it("waits for no event where it is to copy at night", async () => {
    const { resources: nightly } = await deployReplication({ mode: "nightly" });
    const gone = resources.names.filter((name) => !nightly.names.includes(name));
    expect(gone).to.deep.equal(["shop-secrets-changes", "shop-secrets-changes-target", "shop-secrets-queue-policy"]);
    expect(nightly.named("shop-secrets-sweep").inputs.scheduleExpression).to.equal("cron(10 0,1 * * ? *)");
  });

  it("tells the topic what is set aside and what drifts, where there is one", async () => {
    const alarms = resources.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms.map(({ name }) => name)).to.have.members(["shop-secrets-set-aside", "shop-secrets-drift"]);
    for (const { inputs } of alarms) expect(inputs.alarmActions).to.deep.equal([TOPIC]);
    const { resources: silent } = await deployReplication({ alarmTopicArn: undefined });
    expect(silent.ofType("aws:cloudwatch/metricAlarm:MetricAlarm")).to.be.empty;
  });
});

describe("the rights of the replicator of secrets", () => {
  const args = {
    queueArn: "arn:aws:sqs:eu-west-1:111122223333:queue",
    deadLetterQueueArn: "arn:aws:sqs:eu-west-1:111122223333:dead",
    logGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:logs",
  };
  const statements = JSON.parse(secretReplicatorPolicy("shop", args)).Statement as Record<string, unknown>[];

  it("are to read the values of its own region's secrets that are tagged for the workload, and of no other", () => {
    const reading = statements.filter(({ Action }) => [Action].flat().includes("secretsmanager:GetSecretValue"));
    expect(reading).to.have.length(1);
    expect(reading[0]).to.deep.include({
      Resource: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:*",
      Condition: { StringEquals: { "aws:ResourceTag/multicloud-dr:replicate": "shop" } },
    });
  });

  it("are to change nothing at Secrets Manager", () => {
    const actions = statements
      .flatMap(({ Action }) => [Action].flat())
      .filter((each) => /^secretsmanager/.test(String(each)));
    expect(actions).to.have.members(
      ["GetSecretValue", "DescribeSecret", "ListSecrets"].map((each) => `secretsmanager:${each}`),
    );
  });
});
