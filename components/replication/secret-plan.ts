import { planQueue, type QueuePlan } from "./queue-plan.ts";

/** How secrets follow: as they change, once a night, or not at all. */
export const SECRET_REPLICATIONS = ["live", "nightly", "off"] as const;
export type SecretReplicationMode = Exclude<(typeof SECRET_REPLICATIONS)[number], "off">;

/** The numbers that the parts of the secrets' replication must agree on. */
export interface SecretPlan extends QueuePlan {
  /** Whether events of the primary wake it; else only a comparison does. */
  events: boolean;
  /** When both sides are compared, in UTC. */
  sweeps: string;
  /** Seconds in which there are two comparisons: what the second still finds, the first could not mend. */
  twoSweepsSeconds: number;
}

const HOUR_SECONDS = 60 * 60;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Secrets change seldom: two invocations at once is the least that an event source takes ("MaximumConcurrency"). */
const CONCURRENCY = 2;

/**
 * Plans the way of the secrets.
 *
 * - At night there are two comparisons, an hour apart: by the second, what the first has had copied is there.
 * - A secret takes three requests to AWS and one to Azure; a minute is a batch of ten with a vault that throttles.
 * - What is not said here is as with objects: see `planQueue`.
 */
export function planSecrets(mode: SecretReplicationMode): SecretPlan {
  const functionTimeoutSeconds = 60;
  const live = mode === "live";
  return {
    ...planQueue(CONCURRENCY),
    events: live,
    sweeps: live ? "rate(1 hour)" : "cron(10 0,1 * * ? *)",
    twoSweepsSeconds: live ? 2 * HOUR_SECONDS : DAY_SECONDS,
    functionTimeoutSeconds,
    memoryMib: 256,
    visibilitySeconds: 6 * functionTimeoutSeconds,
  };
}
