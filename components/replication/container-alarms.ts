import type { AlarmRule } from "../metric-alarm.ts";
import { LAG_RULE, oldestEventRule, SET_ASIDE_RULE } from "./queue-alarms.ts";
import type { QueuePlan } from "./queue-plan.ts";

/** Nobody works on the queue, or not fast enough: its oldest push waits. */
export function oldestPushRule(plan: QueuePlan): AlarmRule {
  return {
    ...oldestEventRule(plan),
    name: "oldest-push",
    description: "The oldest push of an image has waited too long for its copy: see the replicator's log.",
  };
}

/** What lies in the dead-letter queue is not copied by anybody, so one is too many. */
export const CONTAINERS_SET_ASIDE_RULE: AlarmRule = {
  ...SET_ASIDE_RULE,
  description: "Images could not be copied and were set aside: mend the cause, then redrive the queue.",
};

/** Copies come late. An hour is more than an image of many gigabytes takes, and a registry that is asked too much. */
export const CONTAINER_LAG_RULE: AlarmRule = {
  ...LAG_RULE,
  description: "An image took more than an hour to be copied: see the replicator's log.",
  threshold: 60 * 60_000,
};
