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

/** What every replicator works on. */
export interface WorkQueues {
  /** Where events go. */
  queue: aws.sqs.Queue;
  /** What could not be copied. */
  deadLetters: aws.sqs.Queue;
}

export interface ReplicationQueues extends WorkQueues {
  /** What must not be copied now, because the content is declared lost; nobody takes from it by himself. */
  parked: aws.sqs.Queue;
  /** Lets the bucket send to the queue. */
  policy: aws.sqs.QueuePolicy;
}

/** Registers the queues of a replication of objects. */
export function replicationQueues(
  name: string,
  { plan, bucketArn, tags }: ReplicationQueuesArgs,
  parent: pulumi.Resource,
): ReplicationQueues {
  const { queue, deadLetters } = workQueues(name, { plan, tags }, parent);
  const parked = new aws.sqs.Queue(`${name}-parked`, keeping(plan, tags), { parent });
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

/** Registers the queue that a replicator works on, and the one for what it cannot do; both encrypted with SQS's own keys. */
export function workQueues(
  name: string,
  { plan, tags }: Pick<ReplicationQueuesArgs, "plan" | "tags">,
  parent: pulumi.Resource,
): WorkQueues {
  const deadLetters = new aws.sqs.Queue(`${name}-dead-letters`, keeping(plan, tags), { parent });
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
  return { queue, deadLetters };
}

function keeping({ keptSeconds }: QueuePlan, tags: Tags): aws.sqs.QueueArgs {
  return { messageRetentionSeconds: keptSeconds, sqsManagedSseEnabled: true, tags };
}

/** Has the queue wake a function; what of a batch it could not do comes again. */
export function wakeUp(
  name: string,
  args: { queue: aws.sqs.Queue; functionArn: pulumi.Input<string>; plan: QueuePlan; tags: Tags },
  parent: pulumi.Resource,
): aws.lambda.EventSourceMapping {
  const { queue, functionArn, plan, tags } = args;
  return new aws.lambda.EventSourceMapping(
    `${name}-wake`,
    {
      eventSourceArn: queue.arn,
      functionName: functionArn,
      batchSize: plan.batchSize,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: plan.concurrency },
      tags,
    },
    { parent },
  );
}
