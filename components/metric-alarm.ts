import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "./tags.ts";

/** When somebody should look at a number that the cloud measures. */
export interface AlarmRule {
  /** Ends the alarm's name. @example "unhealthy-servers" */
  name: string;
  /** What whoever is woken by it reads first: what it means, and what to look at. */
  description: string;
  /** Service that measures. @example "AWS/RDS" */
  namespace: string;
  metric: string;
  /** How the measurements of one period become one number. */
  statistic: "Sum" | "Average" | "Maximum" | "Minimum";
  /** On which side of the threshold the number is bad. */
  rings: "above" | "below";
  threshold: number;
  /** Seconds that a period lasts. */
  periodSeconds: number;
  /** Periods in a row that must be bad. */
  periods: number;
  /** What it means when nothing was measured. */
  silenceIs: "well" | "ill";
}

/** What a rule is about, and who is told. */
export interface MetricAlarmArgs {
  /** What exactly is measured, in the metric's own words. @example { QueueName: "shop-objects" } */
  dimensions: Record<string, pulumi.Input<string>>;
  /** Topic that is told when it rings, and when it is over; in the alarm's own region. */
  topicArn: pulumi.Input<string>;
  tags: Tags;
}

/** Registers the alarm of a rule, under its parent's name. */
export function metricAlarm(
  name: string,
  rule: AlarmRule,
  { dimensions, topicArn, tags }: MetricAlarmArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.cloudwatch.MetricAlarm(
    `${name}-${rule.name}`,
    {
      alarmDescription: rule.description,
      namespace: rule.namespace,
      metricName: rule.metric,
      dimensions,
      statistic: rule.statistic,
      comparisonOperator: rule.rings === "above" ? "GreaterThanThreshold" : "LessThanThreshold",
      threshold: rule.threshold,
      period: rule.periodSeconds,
      evaluationPeriods: rule.periods,
      treatMissingData: rule.silenceIs === "well" ? "notBreaching" : "breaching",
      alarmActions: [topicArn],
      okActions: [topicArn],
      tags,
    },
    opts,
  );
}
