import type { AslMachine } from "./asl.ts";
import { deletion, INVALID_STATE, NOT_FOUND, PATIENT, rdsTask } from "./rds-tasks.ts";

/** What a sweep looks for. */
export interface SweepPlanArgs {
  /** The state machine that dumps. */
  machineArn: string;
  /** What the identifiers of its replicas begin with. */
  replicaPrefix: string;
}

/** The fewest that RDS lists at once; a hundred of them could be more than a state's 256 KiB. */
const PAGE = 20;

const LIST = "List the instances";

/**
 * The state machine that deletes the replicas of dumps that ended without doing so: aborted, timed out or crashed.
 *
 * First it looks for replicas, then whether a dump is at work: in this order, one that is seen and belongs to no
 * dump at work is left over. What a list of executions says may be some seconds old; hence the minute between.
 * It is run every hour; what can't be deleted yet, because it is still being created, the next one deletes.
 */
export function sweepPlan({ machineArn, replicaPrefix }: SweepPlanArgs): AslMachine {
  const ours = `$contains(DbInstanceIdentifier, /^${replicaPrefix}-[0-9]{14,17}$/)`;
  return {
    Comment: "Deletes replicas that dumps have left.",
    QueryLanguage: "JSONata",
    TimeoutSeconds: 50 * 60,
    StartAt: "Begin",
    States: {
      Begin: { Type: "Pass", Assign: { found: [], marker: "" }, Next: LIST },
      [LIST]: {
        ...rdsTask(
          "describeDBInstances",
          `{% $merge([{'MaxRecords': ${PAGE}}, $marker = '' ? {} : {'Marker': $marker}]) %}`,
        ),
        Assign: {
          found: `{% [$found, $states.result.DbInstances[${ours}].DbInstanceIdentifier] %}`,
          marker: "{% $states.result.Marker ? $states.result.Marker : '' %}",
        },
        Retry: [PATIENT],
        Next: "Are there more",
      },
      "Are there more": {
        Type: "Choice",
        Choices: [
          { Condition: "{% $marker != '' %}", Next: LIST },
          { Condition: "{% $count($found) = 0 %}", Next: "Done" },
        ],
        Default: "Wait for the list of dumps",
      },
      "Wait for the list of dumps": { Type: "Wait", Seconds: 60, Next: "Look for a dump at work" },
      "Look for a dump at work": {
        Type: "Task",
        Resource: "arn:aws:states:::aws-sdk:sfn:listExecutions",
        Arguments: { StateMachineArn: machineArn, StatusFilter: "RUNNING", MaxResults: 1 },
        TimeoutSeconds: 60,
        Output: "{% {'running': $count($states.result.Executions)} %}",
        Retry: [PATIENT],
        Next: "Is a dump at work",
      },
      "Is a dump at work": {
        Type: "Choice",
        Choices: [{ Condition: "{% $states.input.running > 0 %}", Next: "Done" }],
        Default: "Delete what is left",
      },
      "Delete what is left": {
        Type: "Map",
        Items: "{% $found %}",
        MaxConcurrency: 1,
        ItemProcessor: {
          ProcessorConfig: { Mode: "INLINE" },
          StartAt: "Delete a replica",
          States: {
            "Delete a replica": {
              ...deletion("$states.input"),
              Output: {},
              Retry: [{ ErrorEquals: [NOT_FOUND, INVALID_STATE], MaxAttempts: 0 }, PATIENT],
              Catch: [{ ErrorEquals: [NOT_FOUND, INVALID_STATE], Next: "Not now" }],
              End: true,
            },
            "Not now": { Type: "Pass", Output: {}, End: true },
          },
        },
        Output: "{% {'deleted': $found} %}",
        Next: "Done",
      },
      Done: { Type: "Succeed" },
    },
  };
}
