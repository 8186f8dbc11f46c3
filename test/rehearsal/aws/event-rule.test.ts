import { expect } from "chai";
import { pushPattern } from "../../../components/replication/container-plan.ts";
import { queueFromRulePolicy } from "../../../components/replication/container-policies.ts";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { rejection } from "../../support/rejection.ts";
import { useLocalAws } from "./local-aws.ts";

const QUEUE = "aws:sqs/queue:Queue";
const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";

describe("the local AWS's EventBridge", () => {
  const aws = useLocalAws();
  const pattern = pushPattern(["shop/web"]);

  it("makes a rule, changes it in place, and takes it away", async () => {
    const inputs = { name: "pushes", description: "one", eventPattern: pattern, tags: { Name: "a" } };
    const rule = await aws.deploy(RULE, inputs);
    expect(rule.properties.arn).to.equal("arn:aws:events:eu-central-1:111122223333:rule/pushes");
    expect(await rule.refresh()).to.deep.equal(inputs);
    const next = { ...inputs, eventPattern: pushPattern(["shop/jobs"]), tags: { Other: "b" } };
    await rule.update(next);
    expect(await rule.refresh()).to.deep.equal(next);
    await rule.delete();
    expect(await rule.refresh()).to.equal(undefined);
  });

  it("sends to a queue that lets the rule in, and makes no target of one that does not", async () => {
    const rule = await aws.deploy(RULE, { name: "to-queue", eventPattern: pattern });
    const queue = await aws.deploy(QUEUE, { name: "pushed" });
    const inputs = { rule: "to-queue", targetId: "queue", arn: queue.properties.arn };
    const error = await rejection(aws.deploy(TARGET, inputs));
    expect(error.message).to.include("does not let events.amazonaws.com send for the rule");
    const policy = queueFromRulePolicy(String(queue.properties.arn), String(rule.properties.arn));
    await aws.deploy(QUEUE_POLICY, { queueUrl: queue.id, policy });
    const target = await aws.deploy(TARGET, inputs);
    expect(await target.refresh()).to.deep.equal(inputs);
    await target.delete();
    expect(await target.refresh()).to.equal(undefined);
  });

  const refused: [what: string, token: string, inputs: Properties, reason: RegExp][] = [
    ["a name with a space", RULE, { name: "my rule", eventPattern: pattern }, /^name: .*1 to 64/],
    ["a pattern that is none", RULE, { name: "a", eventPattern: '{"source":"aws.ecr"}' }, /InvalidEventPattern/],
    ["a schedule", RULE, { name: "a", scheduleExpression: "rate(1 minute)" }, /does not carry this input out/],
    ["another bus", RULE, { name: "a", eventPattern: pattern, eventBusName: "mine" }, /does not carry this input out/],
    [
      "a state machine that nobody may start",
      TARGET,
      { rule: "a", targetId: "m", arn: "arn:aws:states:eu-central-1:111122223333:stateMachine:night" },
      /^roleArn: /,
    ],
    [
      "a function as a target",
      TARGET,
      { rule: "a", targetId: "f", arn: "arn:aws:lambda:x" },
      /^arn: .*is no queue and no state machine/,
    ],
    [
      "a transformed input",
      TARGET,
      { rule: "a", targetId: "q", arn: "arn:aws:sqs:x", inputPath: "$.detail" },
      /^inputPath: .*does not carry this input out/,
    ],
  ];
  for (const [what, token, inputs, reason] of refused) {
    it(`refuses ${what}`, async () => {
      expect(await aws.refusals(token, inputs)).to.match(reason);
    });
  }
});
