import type { AlarmRule } from "../metric-alarm.ts";
import type { QueuePlan } from "./queue-plan.ts";

/** SQS measures a queue for as long as it is used, and six hours more ("Available CloudWatch metrics for Amazon SQS"). */
const COMMON = {
  namespace: "AWS/SQS",
  statistic: "Maximum",
  rings: "above",
  periodSeconds: 60,
  silenceIs: "well",
} as const;

const MINUTE_MILLISECONDS = 60_000;

/**
 * Nobody works on the queue, or not fast enough: its oldest event waits.
 *
 * Three runs, each as long as a run may be, is more than any object needs on its first try.
 */
export function oldestEventRule({ functionTimeoutSeconds }: QueuePlan): AlarmRule {
  return {
    ...COMMON,
    name: "oldest-event",
    description: "The oldest change of the content has waited too long for its copy: see the replicator's log.",
    metric: "ApproximateAgeOfOldestMessage",
    threshold: 3 * functionTimeoutSeconds,
    periods: 3,
  };
}

/** What lies in the dead-letter queue is not copied by anybody, so one is too many. */
export const SET_ASIDE_RULE: AlarmRule = {
  ...COMMON,
  name: "set-aside",
  description: "Changes of the content could not be copied and were set aside: mend the cause, then redrive the queue.",
  metric: "ApproximateNumberOfMessagesVisible",
  threshold: 0,
  periods: 1,
};

/**
 * Copies come late: from a change to its copy it took too long. The replicator itself measures it, at every copy.
 *
 * A quarter of an hour is what S3's own replication promises ("S3 Replication Time Control").
 */
export const LAG_RULE: AlarmRule = {
  ...COMMON,
  name: "lag",
  description: "A change of the content took more than a quarter of an hour to be copied: see the replicator's log.",
  namespace: "multicloud-dr",
  metric: "LagMilliseconds",
  threshold: 15 * MINUTE_MILLISECONDS,
  periods: 1,
};

/** What is parked while the content is declared lost is dropped when the queue's days are over: rings four before. */
export function parkedRule({ keptSeconds }: QueuePlan): AlarmRule {
  return {
    ...COMMON,
    name: "parked",
    description:
      "Changes of the content are parked since a disaster was declared, and will soon be lost: un-declare it, or " +
      "reconcile afterwards.",
    metric: "ApproximateAgeOfOldestMessage",
    threshold: keptSeconds - 4 * 24 * 60 * 60,
    periods: 1,
  };
}
