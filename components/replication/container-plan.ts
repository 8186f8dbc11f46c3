import { planQueue, type QueuePlan } from "./queue-plan.ts";

/** Replicators of images at work at once: each has a layer of its own to carry, and registries are asked little. */
export const CONTAINER_CONCURRENCY = 4;

/** When every tag is looked at anew, in UTC: in the night's quiet, and before the primary's backups. */
export const SWEEP_TIME = "cron(40 1 * * ? *)";

/**
 * Plans the queue between the registry and its replicator; what is not said here is as with objects.
 *
 * - A run may last as long as Lambda lets it, because a layer crosses in one run: at 25 MB/s that is 20 GB of it.
 * - One message a run: each may need all of its time and memory.
 * - Four layers at once hold two pieces of 8 MiB each; the rest is Node's, and speed: Lambda gives processor in
 *   proportion to memory.
 */
export function planContainerQueue(): QueuePlan {
  const functionTimeoutSeconds = 900;
  return {
    ...planQueue(CONTAINER_CONCURRENCY),
    functionTimeoutSeconds,
    visibilitySeconds: 6 * functionTimeoutSeconds,
    batchSize: 1,
  };
}

/**
 * Which of a registry's events wake the replicator: pushes of the repositories that are copied, of images, and of what
 * refers to them ("Amazon ECR events and EventBridge").
 *
 * @param repositories names of ECR repositories
 */
export function pushPattern(repositories: readonly string[]): string {
  return JSON.stringify({
    source: ["aws.ecr"],
    "detail-type": ["ECR Image Action", "ECR Referrer Action"],
    detail: { "action-type": ["PUSH"], result: ["SUCCESS"], "repository-name": repositories },
  });
}
