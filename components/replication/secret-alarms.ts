import type { AlarmRule } from "../metric-alarm.ts";
import { SET_ASIDE_RULE } from "./queue-alarms.ts";
import type { SecretPlan } from "./secret-plan.ts";

/** What lies in the dead-letter queue is not copied by anybody, so one is too many. */
export const SECRETS_SET_ASIDE_RULE: AlarmRule = {
  ...SET_ASIDE_RULE,
  description: "Secrets could not be copied and were set aside: npm run dr -- redrive --dry-run says why.",
};

/**
 * Copies are missing or stale: two comparisons in a row found some, or there was none at all.
 *
 * The least of two, because what changed a moment ago is on its way; and silence is ill, for it means that nobody compares.
 */
export function driftRule({ twoSweepsSeconds }: SecretPlan): AlarmRule {
  return {
    name: "drift",
    description: "Copies of secrets are missing or stale, or nobody compares: npm run dr -- secrets names them.",
    namespace: "multicloud-dr",
    metric: "Drifted",
    statistic: "Minimum",
    rings: "above",
    threshold: 0,
    periodSeconds: twoSweepsSeconds,
    periods: 1,
    silenceIs: "ill",
  };
}
