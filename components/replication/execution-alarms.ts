import type { AlarmRule } from "../metric-alarm.ts";

/** Step Functions counts executions when they end ("Monitoring Step Functions metrics using Amazon CloudWatch"). */
export const EXECUTIONS = {
  namespace: "AWS/States",
  statistic: "Sum",
  rings: "above",
  threshold: 0,
  periodSeconds: 300,
  periods: 1,
  silenceIs: "well",
} as const;

/** What is said of each end of an execution that nobody wants. */
export interface BadEnds {
  failed: string;
  timedOut: string;
  aborted: string;
}

/** A rule for each of these ends: one is too many. */
export function badEndRules({ failed, timedOut, aborted }: BadEnds): readonly AlarmRule[] {
  return [
    { ...EXECUTIONS, name: "failed", description: failed, metric: "ExecutionsFailed" },
    { ...EXECUTIONS, name: "timed-out", description: timedOut, metric: "ExecutionsTimedOut" },
    { ...EXECUTIONS, name: "aborted", description: aborted, metric: "ExecutionsAborted" },
  ];
}
