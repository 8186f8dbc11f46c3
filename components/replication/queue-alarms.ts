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

/**
 * The replication lags: the age of the oldest event is how far the copies are behind.
 *
 * Three runs, each as long as a run may be, is more than any object needs on its first try.
 */
export function oldestEventRule({ functionTimeoutSeconds }: QueuePlan): AlarmRule {
  return {
    ...COMMON,
    name: "lag",
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
