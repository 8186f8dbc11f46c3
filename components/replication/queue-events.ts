import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { queueFromRulePolicy } from "./policies.ts";

export interface QueueEventsArgs {
  queue: aws.sqs.Queue;
  /** Which events. */
  rule: {
    /** Logical name, after that of all. @example "pushes" */
    name: string;
    description: string;
    /** JSON of EventBridge's. */
    pattern: string;
  };
  /** The rule's target: its logical name, after that of all, and its id, where it is not to be made up. */
  target: { name: string; targetId?: string };
  /** What has to stand before the first event. */
  after: pulumi.Resource[];
  tags: Tags;
}

/** Has EventBridge send events to a queue; last of all, because from there on they flow. */
export function queueEvents(name: string, args: QueueEventsArgs, parent: pulumi.Resource): void {
  const { queue, target, after, tags } = args;
  const rule = new aws.cloudwatch.EventRule(
    `${name}-${args.rule.name}`,
    { description: args.rule.description, eventPattern: args.rule.pattern, tags },
    { parent },
  );
  const policy = new aws.sqs.QueuePolicy(
    `${name}-queue-policy`,
    { queueUrl: queue.url, policy: pulumi.all([queue.arn, rule.arn]).apply(([q, r]) => queueFromRulePolicy(q, r)) },
    { parent },
  );
  new aws.cloudwatch.EventTarget(
    `${name}-${target.name}`,
    { rule: rule.name, targetId: target.targetId, arn: queue.arn },
    { parent, dependsOn: [policy, ...after] },
  );
}
