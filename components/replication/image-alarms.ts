import { NAMESPACE } from "../../lambdas/shared/metrics.ts";
import type { AlarmRule } from "../metric-alarm.ts";
import { badEndRules } from "./execution-alarms.ts";

const HOUR = 60 * 60;

/** Ends of the machine that leave the standby with the image that it had. */
export const FAILED_IMAGE_RULES = badEndRules({
  failed: "The newest image did not get to the standby, which keeps the one it had: the execution names the reason.",
  timedOut: "The newest image took too long to get to the standby and was given up: see how far its execution came.",
  aborted: "Somebody stopped the replication of an image: see whether a server is left in the group of boot checks.",
});

/** The machine looks every so many hours for what nobody told it of. */
export const LOOK_HOURS = 6;

/**
 * The newest image waits for too long, whyever; also when nobody so much as looked.
 *
 * @param hours for how long it may wait
 */
export function waitingRule(hours: number): AlarmRule {
  return {
    name: "waiting",
    description: `The newest image of the servers waits for more than ${hours} h to be at the standby, or nobody looks: see the last executions.`,
    namespace: NAMESPACE,
    metric: "ImageWaiting",
    statistic: "Maximum",
    rings: "above",
    threshold: hours * HOUR * 1000,
    periodSeconds: HOUR,
    // All of them must be bad, and one in so many has a look in it.
    periods: LOOK_HOURS + 1,
    silenceIs: "ill",
  };
}
