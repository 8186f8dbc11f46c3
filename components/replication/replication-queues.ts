import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { queueFromBucketPolicy } from "./policies.ts";
import type { QueuePlan } from "./queue-plan.ts";

export interface ReplicationQueuesArgs {
  plan: QueuePlan;
  /** The bucket that may send to the queue. */
  bucketArn: pulumi.Input<string>;
  tags: Tags;
}

export interface ReplicationQueues {
  /** Where the bucket's events go. */
  queue: aws.sqs.Queue;
  /** What could not be copied. */
  deadLetters: aws.sqs.Queue;
  /** What must not be copied now, because the content is declared lost; nobody takes from it by himself. */
  parked: aws.sqs.Queue;
  /** Lets the bucket send to the queue. */
  policy: aws.sqs.QueuePolicy;
}

/** Registers the queues of a replication, all encrypted with SQS's own keys. */
export function replicationQueues(
  name: string,
  { plan, bucketArn, tags }: ReplicationQueuesArgs,
  parent: pulumi.Resource,
): ReplicationQueues {
  const kept = { messageRetentionSeconds: plan.keptSeconds, sqsManagedSseEnabled: true, tags };
  const deadLetters = new aws.sqs.Queue(`${name}-dead-letters`, kept, { parent });
  const parked = new aws.sqs.Queue(`${name}-parked`, kept, { parent });
  const queue = new aws.sqs.Queue(
    `${name}-queue`,
    {
      visibilityTimeoutSeconds: plan.visibilitySeconds,
      messageRetentionSeconds: plan.retentionSeconds,
      sqsManagedSseEnabled: true,
      redrivePolicy: pulumi.jsonStringify({
        deadLetterTargetArn: deadLetters.arn,
        maxReceiveCount: plan.maxReceives,
      }),
      tags,
    },
    { parent },
  );
  const policy = new aws.sqs.QueuePolicy(
    `${name}-queue-policy`,
    {
      queueUrl: queue.url,
      policy: pulumi.all([queue.arn, bucketArn]).apply(([q, b]) => queueFromBucketPolicy(q, b)),
    },
    { parent },
  );
  return { queue, deadLetters, parked, policy };
}
