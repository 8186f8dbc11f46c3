import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundleFunction } from "../function-bundle.ts";
import { functionRole } from "./function-role.ts";
import type { ObjectReplicationArgs } from "./object-replication.ts";
import { objectReplicatorPolicy } from "./policies.ts";
import type { QueuePlan } from "./queue-plan.ts";
import type { ReplicationQueues } from "./replication-queues.ts";
import { Trust } from "./trust.ts";

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
  const { role, logs, rights } = functionRole(name, { policy, tags }, parent);
  const trust = new Trust(
    `${name}-trust`,
    {
      roleArn: role.arn,
      identityName: target.identityName,
      resourceGroupName: target.resourceGroupName,
      issuer: args.webIdentityIssuer,
    },
    { parent },
  );

  const replicator = new aws.lambda.Function(
    `${name}-replicator`,
    {
      description: "Copies objects of a bucket into the standby's container.",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code: bundleFunction("objects/handler.ts"),
      role: role.arn,
      timeout: plan.functionTimeoutSeconds,
      memorySize: plan.memoryMib,
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      environment: { variables: environmentOf(args, queues) },
      tags,
    },
    // The first message would be spent on an error without them.
    { parent, dependsOn: [rights, trust] },
  );
  // A large object goes on by a message to the queue that wakes the function: Lambda takes that for a loop, and would
  // drop it after 16 rounds ("Use Lambda recursive loop detection to prevent infinite loops").
  new aws.lambda.FunctionRecursionConfig(
    `${name}-rounds`,
    { functionName: replicator.name, recursiveLoop: "Allow" },
    { parent },
  );
  return replicator;
}

function environmentOf({ source, target, ...args }: ObjectReplicationArgs, queues: ReplicationQueues) {
  return {
    SOURCE_BUCKET: source.bucketName,
    COPY_BLOB_ENDPOINT: target.blobEndpoint,
    COPY_CONTAINER: target.containerName,
    AZURE_CLIENT_ID: target.clientId,
    AZURE_TENANT_ID: target.tenantId,
    ...(target.markerUrl && { MARKER_URL: target.markerUrl }),
    QUEUE_URL: queues.queue.url,
    PARKED_QUEUE_URL: queues.parked.url,
    DEAD_LETTER_QUEUE_URL: queues.deadLetters.url,
    SERVER_SIDE_COPY: String(args.serverSideCopy),
    // What is new is kept apart in 4 MiB instead of 16: a third less memory for the same work (docs/performance.md).
    NODE_OPTIONS: "--max-semi-space-size=4",
  };
}
