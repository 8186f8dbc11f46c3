import type { AlarmRule } from "../metric-alarm.ts";
import { badEndRules, EXECUTIONS } from "./execution-alarms.ts";

/** Ends of a dump that leave the night without one; yesterday's is untouched. */
export const FAILED_DUMP_RULES = badEndRules({
  failed: "The night's dump of the database failed: its execution names the reason. Mend it and start it again.",
  timedOut: "The night's dump of the database took too long and was ended: raise dumpConcurrency, see its chunks.",
  aborted: "Somebody stopped the dump of the database: start it again. The sweeper deletes its replica.",
});

/**
 * No dump was made for more than a day, whyever: also when nobody so much as began one.
 *
 * Hours, because with shorter periods an alarm looks back for a day at most ("PutMetricAlarm"). From the first
 * deployment on it rings until there is a dump, and rightly so.
 */
export const MISSING_DUMP_RULE: AlarmRule = {
  ...EXECUTIONS,
  name: "missing",
  description: "No dump of the database was made within 26 hours: see whether its schedule starts it, and how it ends.",
  metric: "ExecutionsSucceeded",
  rings: "below",
  threshold: 1,
  periodSeconds: 3600,
  periods: 26,
  silenceIs: "ill",
};

/** Nobody deletes what dumps leave behind: three hours of it, because the next hour is the retry. */
export const FAILED_SWEEP_RULE: AlarmRule = {
  ...EXECUTIONS,
  name: "sweep-failed",
  description: "Replicas that dumps left behind are not deleted, and cost: see the executions of the sweeper.",
  metric: "ExecutionsFailed",
  periodSeconds: 3600,
  periods: 3,
};
