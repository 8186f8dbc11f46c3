import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { containerReplicatorPolicy } from "./container-policies.ts";
import type { ContainerReplicationArgs } from "./container-replication.ts";
import type { QueuePlan } from "./queue-plan.ts";
import type { WorkQueues } from "./replication-queues.ts";
import { allowRounds, trustedFunction } from "./trusted-function.ts";

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
  const replicator = trustedFunction(
    name,
    {
      functionName: `${name}-replicator`,
      description: "Copies images of containers into the standby's registry.",
      program: "containers/handler.ts",
      policy,
      identity: target,
      webIdentityIssuer: args.webIdentityIssuer,
      timeoutSeconds: plan.functionTimeoutSeconds,
      memoryMib: plan.memoryMib,
      variables: {
        REPOSITORIES: repositories.join(" "),
        COPY_REGISTRY: target.loginServer,
        MARKER_URL: target.markerUrl,
        QUEUE_URL: queue.url,
        DEAD_LETTER_QUEUE_URL: deadLetters.url,
      },
      tags,
    },
    parent,
  );
  // A large image goes on by itself.
  allowRounds(name, replicator.name, parent);
  return replicator;
}
