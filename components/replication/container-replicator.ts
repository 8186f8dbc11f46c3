import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundleFunction } from "../function-bundle.ts";
import { containerReplicatorPolicy } from "./container-policies.ts";
import type { ContainerReplicationArgs } from "./container-replication.ts";
import { functionRole } from "./function-role.ts";
import type { QueuePlan } from "./queue-plan.ts";
import type { WorkQueues } from "./replication-queues.ts";
import { Trust } from "./trust.ts";

/** Registers the function that copies images, with its role, its log, and the identity's trust in it. */
export function containerReplicator(
  name: string,
  { repositories, target, tags, ...args }: ContainerReplicationArgs,
  plan: QueuePlan,
  { queue, deadLetters }: WorkQueues,
  parent: pulumi.Resource,
): aws.lambda.Function {
  const arns = { queueArn: queue.arn, deadLetterQueueArn: deadLetters.arn };
  const policy = (logGroupArn: string) =>
    pulumi.output({ ...arns, repositories, logGroupArn }).apply(containerReplicatorPolicy);
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
      description: "Copies images of containers into the standby's registry.",
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code: bundleFunction("containers/handler.ts"),
      role: role.arn,
      timeout: plan.functionTimeoutSeconds,
      memorySize: plan.memoryMib,
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      environment: {
        variables: {
          REPOSITORIES: repositories.join(" "),
          COPY_REGISTRY: target.loginServer,
          AZURE_CLIENT_ID: target.clientId,
          AZURE_TENANT_ID: target.tenantId,
          MARKER_URL: target.markerUrl,
          QUEUE_URL: queue.url,
          DEAD_LETTER_QUEUE_URL: deadLetters.url,
        },
      },
      tags,
    },
    // The first message would be spent on an error without them.
    { parent, dependsOn: [rights, trust] },
  );
  // A large image goes on by a message to the queue that wakes the function: Lambda takes that for a loop, and would
  // drop it after 16 rounds ("Use Lambda recursive loop detection to prevent infinite loops").
  new aws.lambda.FunctionRecursionConfig(
    `${name}-rounds`,
    { functionName: replicator.name, recursiveLoop: "Allow" },
    { parent },
  );
  return replicator;
}
