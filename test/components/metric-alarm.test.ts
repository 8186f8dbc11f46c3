import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { type AlarmRule, metricAlarm } from "../../components/metric-alarm.ts";
import { TAGS } from "../support/house-rules.ts";
import { arn } from "../support/mock-outputs.ts";
import { deploy } from "../support/mocks.ts";

const topicArn = arn("sns", "shop-alarms");

const RULE: AlarmRule = {
  name: "lag",
  description: "It lags.",
  namespace: "AWS/SQS",
  metric: "ApproximateAgeOfOldestMessage",
  statistic: "Maximum",
  rings: "above",
  threshold: 900,
  periodSeconds: 60,
  periods: 3,
  silenceIs: "well",
};

async function alarmOf(rule: AlarmRule) {
  const dimensions = { QueueName: pulumi.output("shop-queue") };
  const { resources } = await deploy(() => metricAlarm("shop", rule, { dimensions, topicArn, tags: TAGS }, {}));
  expect(resources.all).to.have.length(1);
  return resources.named(`shop-${rule.name}`).inputs;
}

describe("the alarm of a rule", () => {
  it("is the rule in CloudWatch's words", async () => {
    expect(await alarmOf(RULE)).to.deep.equal({
      alarmDescription: "It lags.",
      namespace: "AWS/SQS",
      metricName: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: "shop-queue" },
      statistic: "Maximum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 900,
      period: 60,
      evaluationPeriods: 3,
      treatMissingData: "notBreaching",
      alarmActions: [topicArn],
      okActions: [topicArn],
      tags: TAGS,
    });
  });

  it("rings below its threshold where the rule says so", async () => {
    const { comparisonOperator, threshold } = await alarmOf({ ...RULE, rings: "below", threshold: 0 });
    expect(comparisonOperator).to.equal("LessThanThreshold");
    expect(threshold).to.equal(0);
  });

  it("rings on silence where that is ill", async () => {
    expect((await alarmOf({ ...RULE, silenceIs: "ill" })).treatMissingData).to.equal("breaching");
  });
});
