import type { AslState } from "./asl.ts";

/** How long a call of RDS's API may take, in seconds. */
const CALL_SECONDS = 60;

/** Throttled calls are made again for a quarter of an hour: 5, 10, … 160, then three times 300 s at most. */
export const PATIENT = {
  ErrorEquals: ["States.ALL"],
  IntervalSeconds: 5,
  BackoffRate: 2,
  MaxDelaySeconds: 300,
  MaxAttempts: 9,
  JitterStrategy: "FULL",
};

/** There is no such instance, as Step Functions calls what RDS calls DBInstanceNotFound. */
export const NOT_FOUND = "Rds.DbInstanceNotFoundException";

/** An instance, its source, or what is done with it does not allow this just now: it is created, backed up, deleted. */
export const INVALID_STATE = "Rds.InvalidDbInstanceStateException";

/** An instance that is being created or changed can't be deleted, and a source that is backed up has no new replicas. */
export const HOUR_OF_STATE = {
  ErrorEquals: [INVALID_STATE],
  IntervalSeconds: 60,
  BackoffRate: 1,
  MaxAttempts: 60,
};

/**
 * A call of RDS's API. Its members are written as the SDK for Java does, with the first letter in capitals: an acronym
 * at the beginning is one word there (`DbInstanceIdentifier`), one further on is not (`SourceDBInstanceIdentifier`).
 */
export function rdsTask(action: string, Arguments: unknown): AslState {
  return {
    Type: "Task",
    Resource: `arn:aws:states:::aws-sdk:rds:${action}`,
    Arguments,
    TimeoutSeconds: CALL_SECONDS,
  };
}

/** Deletes a replica, which has no snapshot and no backups to keep. @param identifier JSONata of its identifier */
export function deletion(identifier: string): AslState {
  return rdsTask("deleteDBInstance", {
    DbInstanceIdentifier: `{% ${identifier} %}`,
    SkipFinalSnapshot: true,
    DeleteAutomatedBackups: true,
  });
}
