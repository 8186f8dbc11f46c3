import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ObjectReplicationArgs } from "./object-replication.ts";
import { objectReplicatorPolicy } from "./policies.ts";
import type { QueuePlan } from "./queue-plan.ts";
import type { ReplicationQueues } from "./replication-queues.ts";
import { allowRounds, trustedFunction } from "./trusted-function.ts";

/** Registers the function that copies, with its role, its log, and the identity's trust in it. */
export function objectReplicator(
  name: string,
  args: ObjectReplicationArgs,
  plan: QueuePlan,
  queues: ReplicationQueues,
  parent: pulumi.Resource,
): aws.lambda.Function {
  const { target, tags } = args;
  const resources = {
    bucketArn: args.source.bucketArn,
    queueArn: queues.queue.arn,
    parkedQueueArn: queues.parked.arn,
    deadLetterQueueArn: queues.deadLetters.arn,
  };
  const policy = (logGroupArn: string) => pulumi.output({ ...resources, logGroupArn }).apply(objectReplicatorPolicy);
  const replicator = trustedFunction(
    name,
    {
      functionName: `${name}-replicator`,
      description: "Copies objects of a bucket into the standby's container.",
      program: "objects/handler.ts",
      policy,
      identity: target,
      webIdentityIssuer: args.webIdentityIssuer,
      timeoutSeconds: plan.functionTimeoutSeconds,
      memoryMib: plan.memoryMib,
      variables: environmentOf(args, queues),
      tags,
    },
    parent,
  );
  // A large object goes on by itself.
  allowRounds(name, replicator.name, parent);
  return replicator;
}

function environmentOf({ source, target, ...args }: ObjectReplicationArgs, queues: ReplicationQueues) {
  return {
    SOURCE_BUCKET: source.bucketName,
    COPY_BLOB_ENDPOINT: target.blobEndpoint,
    COPY_CONTAINER: target.containerName,
    ...(target.markerUrl && { MARKER_URL: target.markerUrl }),
    QUEUE_URL: queues.queue.url,
    PARKED_QUEUE_URL: queues.parked.url,
    DEAD_LETTER_QUEUE_URL: queues.deadLetters.url,
    SERVER_SIDE_COPY: String(args.serverSideCopy),
    // What is new is kept apart in 4 MiB instead of 16: a third less memory for the same work (docs/performance.md).
    NODE_OPTIONS: "--max-semi-space-size=4",
  };
}
