import { type AslMachine, type AslState, distributedMap } from "./asl.ts";
import { deletion, HOUR_OF_STATE, NOT_FOUND, PATIENT, rdsTask } from "./rds-tasks.ts";

/** What a dump is made of. */
export interface DumpPlanArgs {
  /** The instance that is dumped. */
  databaseIdentifier: string;
  /** What the identifier of its replica begins with, 45 characters at most: a hyphen and 17 digits follow. */
  replicaPrefix: string;
  /** Where dumps are kept. */
  bucketName: string;
  /** The function that knows the administrator's secret. */
  prepareArn: string;
  /** The function that dumps. */
  dumpArn: string;
  /** Chunks that are dumped at once, at most. */
  concurrency: number;
  /** Tags of the replica. */
  tags: Record<string, string>;
}

/** There is an instance of that name. */
const ALREADY_EXISTS = "Rds.DbInstanceAlreadyExistsException";

const DELETE = "Delete the replica";
const WAIT = "Wait for the replica";

/** Functions end within 15 minutes ("Lambda quotas"), and are given a moment to say so. */
const FUNCTION_SECONDS = 15 * 60 + 30;

/** All of it has to end before the next night; who is stopped so is cleaned up after by the sweeper alone. */
const RUN_SECONDS = 20 * 60 * 60;

/** A replica of a large database takes hours: it is looked at every minute for four of them. */
const LOOKS = 240;

/** What an instance never becomes available from by itself ("Viewing Amazon RDS DB instance status"). */
const BROKEN = "/^(failed|deleting|storage-full|restore-error|incompatible-|inaccessible-|insufficient-)/";

const ENDPOINT = "$states.result.DbInstances[0].Endpoint";

/** What is wrong with the code stays wrong: trying again would only hide it until the morning. */
const MISTAKES = {
  ErrorEquals: [
    ...["TypeError", "ReferenceError", "SyntaxError", "States.QueryEvaluationError"],
    ...["Runtime.ImportModuleError", "Runtime.HandlerNotFound"],
  ],
  MaxAttempts: 0,
};

/** A replica that is still behind its source is given two hours to catch up: what it has not got is not in the dump. */
const BEHIND = { ErrorEquals: ["BehindError"], IntervalSeconds: 60, BackoffRate: 1, MaxAttempts: 120 };

/** The first reason stands; what fails in cleaning up comes after it. */
const FAILED = {
  ErrorEquals: ["States.ALL"],
  Assign: { failure: "{% $failure ? $failure : $states.errorOutput %}" },
};
const CATCH = [{ ...FAILED, Next: DELETE }];

const NEVER_THERE = {
  Error: "ReplicaError",
  Cause:
    "{% 'expected the replica ' & $replica & ' to become available, found it ' & $status & ' after looking ' & $looks" +
    " & ' times: see its events in RDS, mend what they name, and start the dump again' %}",
};

/**
 * The state machine that dumps a database without a lock on it: it makes a replica, stops that where it is, and dumps
 * it in chunks, many at once. The replica is deleted on every way that leads out.
 *
 * Only what ends an execution from outside leaves a replica behind: an abort, RUN_SECONDS, or more than 256 KiB from
 * a state, which nothing catches ("States.DataLimitExceeded"). The sweeper deletes that.
 */
export function dumpPlan(args: DumpPlanArgs): AslMachine {
  const replica = { host: "{% $endpoint.Address %}", port: "{% $number($endpoint.Port) %}" };
  const begun = { startedAt: "{% $startedAt %}" };
  const described = { ...begun, frozen: "{% $frozen %}", obstacles: "{% $obstacles %}" };
  const dump = { dump: "{% $dump %}", kind: "{% $kind %}" };
  return {
    Comment: "Dumps the database from a replica that stands still.",
    QueryLanguage: "JSONata",
    TimeoutSeconds: RUN_SECONDS,
    StartAt: "Begin",
    States: {
      Begin: {
        Type: "Pass",
        Assign: {
          startedAt: "{% $states.context.Execution.StartTime %}",
          // Its own in every execution, and the same in all tries of one.
          replica: `{% '${args.replicaPrefix}-' & $replace($states.context.Execution.StartTime, /[^0-9]/, '') %}`,
          looks: 0,
          failure: null,
        },
        Next: "Prepare the primary",
      },
      "Prepare the primary": {
        ...invocation(args.prepareArn, { action: "prepare" }),
        Assign: { obstacles: "{% $states.result.Payload.obstacles %}" },
        Next: "Look at the primary",
      },
      "Look at the primary": {
        ...rdsTask("describeDBInstances", { DbInstanceIdentifier: args.databaseIdentifier }),
        // Not inherited: a replica that is told nothing gets the VPC's default group, and nobody could speak with it
        // ("CreateDBInstanceReadReplica").
        Assign: { groups: "{% [$states.result.DbInstances[0].VpcSecurityGroups.VpcSecurityGroupId] %}" },
        Retry: [PATIENT],
        Catch: CATCH,
        Next: "Create the replica",
      },
      "Create the replica": creation(args),
      [WAIT]: { Type: "Wait", Seconds: 60, Next: "Look at the replica" },
      "Look at the replica": {
        ...rdsTask("describeDBInstances", { DbInstanceIdentifier: "{% $replica %}" }),
        Assign: {
          looks: "{% $looks + 1 %}",
          status: "{% $states.result.DbInstances[0].DbInstanceStatus %}",
          // There is none at first.
          endpoint: `{% $exists(${ENDPOINT}.Address) ? ${ENDPOINT} : null %}`,
        },
        Retry: [PATIENT],
        Catch: CATCH,
        Next: "Is the replica there",
      },
      "Is the replica there": {
        Type: "Choice",
        Choices: [
          { Condition: "{% $status = 'available' and $endpoint != null %}", Next: "Freeze the replica" },
          {
            Condition: `{% $contains($status, ${BROKEN}) or $looks >= ${LOOKS} %}`,
            Assign: { failure: NEVER_THERE },
            Next: DELETE,
          },
        ],
        Default: WAIT,
      },
      "Freeze the replica": {
        ...invocation(args.dumpArn, { action: "freeze", ...replica }),
        Retry: [BEHIND, MISTAKES, PATIENT],
        Assign: { frozen: "{% $states.result.Payload %}" },
        Next: "Plan the chunks",
      },
      "Plan the chunks": {
        ...invocation(args.dumpArn, { action: "plan", ...replica, ...begun }),
        Assign: { dump: "{% $states.result.Payload.dump %}", kind: "{% $states.result.Payload.kind %}" },
        Output: { plan: "{% $states.result.Payload.plan %}" },
        Next: "Dump the chunks",
      },
      "Dump the chunks": chunks(args, { action: "portion", ...replica, ...dump }),
      "Seal the dump": {
        ...invocation(args.dumpArn, { action: "seal", ...replica, ...described, ...dump }),
        Assign: { sealed: "{% $states.result.Payload %}" },
        Next: DELETE,
      },
      [DELETE]: {
        ...deletion("$replica"),
        Retry: [HOUR_OF_STATE, { ErrorEquals: [NOT_FOUND], MaxAttempts: 0 }, PATIENT],
        Catch: [
          { ErrorEquals: [NOT_FOUND], Next: "Is there a dump" },
          { ...FAILED, Next: "Is there a dump" },
        ],
        Next: "Is there a dump",
      },
      "Is there a dump": {
        Type: "Choice",
        Choices: [{ Condition: "{% $failure = null %}", Output: "{% $sealed %}", Next: "Done" }],
        Default: "Failed",
      },
      Done: { Type: "Succeed" },
      Failed: { Type: "Fail", Error: "{% $failure.Error %}", Cause: "{% $failure.Cause %}" },
    },
  };
}

/** A replica as small and as private as RDS makes one: in one zone, without backups, and so without a binary log. */
function creation({ databaseIdentifier, tags }: DumpPlanArgs): AslState {
  return {
    ...rdsTask("createDBInstanceReadReplica", {
      DbInstanceIdentifier: "{% $replica %}",
      SourceDBInstanceIdentifier: databaseIdentifier,
      VpcSecurityGroupIds: "{% $groups %}",
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: false,
      DeletionProtection: false,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
    Retry: [HOUR_OF_STATE, { ErrorEquals: [ALREADY_EXISTS], MaxAttempts: 0 }, PATIENT],
    // A call whose answer was lost has made it: nobody else makes one of that name.
    Catch: [{ ErrorEquals: [ALREADY_EXISTS], Next: WAIT }, ...CATCH],
    Next: WAIT,
  };
}

/**
 * Dumps every portion of the plan that the state before has written; what came of it is in the bucket.
 *
 * What runs in it does not see the variables of the machine ("Passing data between states with variables").
 */
function chunks({ bucketName, concurrency, dumpArn }: DumpPlanArgs, event: object): AslState {
  return {
    ...distributedMap("Dump a portion", task(dumpArn, "{% $states.input %}"), concurrency),
    ItemReader: {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "JSON" },
      Arguments: { Bucket: bucketName, Key: "{% $states.input.plan %}" },
    },
    ItemSelector: { ...event, portion: "{% $states.context.Map.Item.Value %}" },
    Output: {},
    Catch: CATCH,
    Next: "Seal the dump",
  };
}

/** A function's turn; when it fails for good, the replica is deleted. */
function invocation(functionArn: string, event: object): AslState {
  return { ...task(functionArn, event), Catch: CATCH };
}

function task(FunctionName: string, Payload: unknown): AslState {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: { FunctionName, Payload },
    TimeoutSeconds: FUNCTION_SECONDS,
    Retry: [MISTAKES, PATIENT],
  };
}
