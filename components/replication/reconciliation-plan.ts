import { type AslMachine, type AslState, distributedMap } from "./asl.ts";

/** What a reconciliation works on. */
export interface ReconciliationPlanArgs {
  bucketName: string;
  /** The replicator, which also compares. */
  functionArn: string;
  /** Batches that are compared at once, at most. */
  concurrency: number;
}

const EXTRA = "Look for extra copies";

/** The input of the whole execution; what it has not is left out of what is built from it. */
const GIVEN = "$states.context.Execution.Input";

/**
 * Batches as large as one invocation compares well within its time. Keys may be long: a batch also has to stay
 * below the 256 KiB of any input ("Quotas on state executions").
 */
const BATCHES = { MaxItemsPerBatch: 500, MaxInputBytesPerBatch: 128 * 1024 };

/**
 * A throttled or failed invocation is made again for half an hour (2, 4, … 256 s, then four times 300 s): a run that
 * has compared millions of objects must not end because Azure hiccups.
 */
const RETRY = [
  {
    ErrorEquals: ["States.ALL"],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxDelaySeconds: 300,
    MaxAttempts: 12,
    JitterStrategy: "FULL",
  },
];

/**
 * The state machine that compares a whole bucket with its copies, at any size, and has everything that is missing,
 * different or extra looked at by the replicator.
 *
 * Its input is `{}`, `{"prefix": "images/"}`, or `{"manifest": {"bucket": …, "key": …}}`, the place of an S3
 * Inventory's manifest.json. First, what the bucket has is compared, batch by batch and many at once. Then the
 * copies are gone through once, for those that the bucket has not; one run after another, each from where the last
 * one stopped. An execution has at most 25,000 events in its history, which is enough for about 3,500 such runs.
 */
export function reconciliationPlan(args: ReconciliationPlanArgs): AslMachine {
  const { bucketName: Bucket } = args;
  const listing = { Resource: "arn:aws:states:::s3:listObjectsV2" };
  const manifest = {
    Resource: "arn:aws:states:::s3:getObject",
    ReaderConfig: { InputType: "MANIFEST" },
    Parameters: { "Bucket.$": "$.manifest.bucket", "Key.$": "$.manifest.key" },
  };
  return {
    Comment: "Compares the content with its copies, and has what differs copied.",
    StartAt: "What to compare",
    States: {
      "What to compare": {
        Type: "Choice",
        Choices: [
          { Variable: "$.manifest", IsPresent: true, Next: "Compare an inventory" },
          { Variable: "$.prefix", IsPresent: true, Next: "Compare a prefix" },
        ],
        Default: "Compare everything",
      },
      "Compare an inventory": comparison(args, manifest),
      "Compare a prefix": comparison(args, { ...listing, Parameters: { Bucket, "Prefix.$": "$.prefix" } }),
      "Compare everything": comparison(args, { ...listing, Parameters: { Bucket } }),
      [EXTRA]: {
        ...invocation(args, `{% {'extra': true, 'after': $states.input.after, 'prefix': ${GIVEN}.prefix} %}`),
        Output: {
          after: "{% $states.result.Payload.after %}",
          checked: "{% $states.input.checked + $states.result.Payload.checked %}",
          extra: "{% $states.input.extra + $states.result.Payload.extra %}",
        },
        Next: "More copies to go through",
      },
      "More copies to go through": {
        Type: "Choice",
        Choices: [{ Variable: "$.after", IsString: true, Next: EXTRA }],
        Default: "Done",
      },
      Done: { Type: "Succeed" },
    },
  };
}

/** Compares all that a reader finds, and begins with the copies; what came of it is in the replicator's metrics. */
function comparison(args: ReconciliationPlanArgs, ItemReader: object): AslState {
  return {
    ...distributedMap("Compare a batch", invocation(args, "{% $states.input %}"), args.concurrency),
    ItemReader,
    ItemBatcher: BATCHES,
    ResultSelector: { after: null, checked: 0, extra: 0 },
    Next: EXTRA,
  };
}

function invocation({ functionArn }: ReconciliationPlanArgs, Payload: string): AslState {
  return {
    Type: "Task",
    QueryLanguage: "JSONata",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: { FunctionName: functionArn, Payload },
    Retry: RETRY,
  };
}
