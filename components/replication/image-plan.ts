import type { AslMachine, AslState } from "./asl.ts";
import { PATIENT } from "./rds-tasks.ts";

/** What carrying images is made of. */
export interface ImagePlanArgs {
  /** Images that bear this as their tag Workload are the workload's. @example "shop" */
  workload: string;
  /** Where AWS exports to, and by which role it may. */
  bucketName: string;
  exportRoleName: string;
  /** The function that does all else. */
  functionArn: string;
}

/** Where exports lie in their bucket. */
export const EXPORTS = "exports/";

const CLEAR = "Clear up";
const CALL_SECONDS = 60;

/** Functions end within 15 minutes ("Lambda quotas"), and are given a moment to say so. */
const FUNCTION_SECONDS = 15 * 60 + 30;

/** All of it: the export of a large disk takes hours. */
const RUN_SECONDS = 23 * 60 * 60;

/** The export is looked at every two minutes for ten hours, a version every minute for four, a boot for half of one. */
const EXPORT_LOOKS = 300;
const VERSION_LOOKS = 240;
const BOOT_LOOKS = 30;
const CLEAR_LOOKS = 30;

/** Runs of the function for one disk: at the slowest of 20 MB/s they carry a TiB. */
const MOST_RUNS = 60;

/** What another try does not mend: it would only hide it. */
const LASTING = {
  ErrorEquals: [
    ...["TypeError", "ReferenceError", "SyntaxError", "States.QueryEvaluationError"],
    ...["Runtime.ImportModuleError", "Runtime.HandlerNotFound"],
    ...["BadDiskError", "UnfitImageError"],
  ],
  MaxAttempts: 0,
};

/** The first reason stands; what fails in clearing up comes after it. */
const FAILED = {
  ErrorEquals: ["States.ALL"],
  Assign: { failure: "{% $failure ? $failure : $states.errorOutput %}" },
};
const CATCH = [{ ...FAILED, Next: CLEAR }];

/**
 * The state machine that carries the newest image to the standby: exported, copied, made a version of the gallery's
 * image, seen booting, and only then the one that servers start from. What it made on the way it takes away on every way
 * that leads out, and the version before stays what it was until the very end.
 *
 * It looks at what there is instead of at what it was woken by: an image that nobody told of is found at the next turn.
 */
export function imagePlan(args: ImagePlanArgs): AslMachine {
  const event = (action: string, more: object = {}) => invocation(args.functionArn, { action, ...more });
  const image = "{% $image %}";
  const version = "{% $version %}";
  const server = "{% $server %}";
  return {
    Comment: "Carries the newest image of the servers to the standby.",
    QueryLanguage: "JSONata",
    TimeoutSeconds: RUN_SECONDS,
    StartAt: "Begin",
    States: {
      Begin: {
        Type: "Pass",
        Assign: {
          // Its own in every execution, and the same in all tries of one.
          server: `{% '${args.workload}-boot-' & $replace($states.context.Execution.StartTime, /[^0-9]/, '') %}`,
          failure: null,
          image: null,
          version: null,
          looks: 0,
          clears: 0,
        },
        Next: "Look at the images",
      },
      "Look at the images": {
        ...sdkTask("ec2:describeImages", {
          Owners: ["self"],
          Filters: [{ Name: "tag:Workload", Values: [args.workload] }],
        }),
        Output: { images: "{% [$states.result.Images] %}" },
        Retry: [PATIENT],
        Next: "Choose the newest",
      },
      "Choose the newest": {
        ...event("choose", { images: "{% $states.input.images %}" }),
        Assign: { image: "{% $states.result.Payload.image %}" },
        Next: "Is there one to carry",
      },
      "Is there one to carry": {
        Type: "Choice",
        Choices: [{ Condition: "{% $image = null %}", Output: { image: null }, Next: "Done" }],
        Default: "Look for another at work",
      },
      "Look for another at work": {
        ...sdkTask("sfn:listExecutions", {
          StateMachineArn: "{% $states.context.StateMachine.Id %}",
          StatusFilter: "RUNNING",
        }),
        Output: {
          others:
            "{% $count($states.result.Executions[$toMillis(StartDate) < $toMillis($states.context.Execution.StartTime)]) %}",
        },
        Retry: [PATIENT],
        Next: "Is another at work",
      },
      "Is another at work": {
        Type: "Choice",
        Choices: [{ Condition: "{% $states.input.others > 0 %}", Output: { image: null }, Next: "Done" }],
        Default: "Export it",
      },
      "Export it": {
        ...sdkTask("ec2:exportImage", {
          // The same in all tries, so that none of them begins a second export.
          ClientToken: "{% $server %}",
          DiskImageFormat: "VHD",
          ImageId: "{% $image.id %}",
          RoleName: args.exportRoleName,
          S3ExportLocation: { S3Bucket: args.bucketName, S3Prefix: EXPORTS },
        }),
        Assign: { task: "{% $states.result.ExportImageTaskId %}" },
        Retry: [PATIENT],
        Catch: CATCH,
        Next: "Wait for the export",
      },
      "Wait for the export": { Type: "Wait", Seconds: 120, Next: "Look at the export" },
      "Look at the export": {
        ...sdkTask("ec2:describeExportImageTasks", { ExportImageTaskIds: ["{% $task %}"] }),
        Assign: {
          looks: "{% $looks + 1 %}",
          status: "{% $states.result.ExportImageTasks[0].Status %}",
          message: said("$states.result.ExportImageTasks[0].StatusMessage"),
        },
        Retry: [PATIENT],
        Catch: CATCH,
        Next: "Is it exported",
      },
      "Is it exported": {
        Type: "Choice",
        Choices: [
          { Condition: "{% $status = 'completed' %}", Assign: { looks: 0 }, Next: "Carry a part" },
          {
            Condition: `{% $not($status = 'active') or $looks >= ${EXPORT_LOOKS} %}`,
            Assign: {
              failure: {
                Error: "ExportError",
                Cause:
                  "{% 'expected AWS to export ' & $image.id & ', found its task ' & $task & ' ' & $status & ' (' & $message & ')' & " +
                  "': mend what it names, or build the image of both clouds from one source (docs/images.md)' %}",
              },
            },
            Next: CLEAR,
          },
        ],
        Default: "Wait for the export",
      },
      "Carry a part": {
        ...event("carry", { image, key: `{% '${EXPORTS}' & $task & '.vhd' %}` }),
        Assign: { looks: "{% $looks + 1 %}", whole: "{% $states.result.Payload.whole %}" },
        Next: "Is it all there",
      },
      "Is it all there": {
        Type: "Choice",
        Choices: [
          { Condition: "{% $whole %}", Assign: { looks: 0 }, Next: "Make a version" },
          {
            Condition: `{% $looks >= ${MOST_RUNS} %}`,
            Assign: {
              failure: {
                Error: "CarryError",
                Cause:
                  "{% 'expected the disk of ' & $image.id & ' to be carried, found it unfinished after ' & $looks & ' runs' %}",
              },
            },
            Next: CLEAR,
          },
        ],
        Default: "Carry a part",
      },
      "Make a version": {
        ...event("version", { image }),
        Assign: { version: "{% $states.result.Payload.version %}" },
        Next: "Wait for the version",
      },
      "Wait for the version": { Type: "Wait", Seconds: 60, Next: "Look at the version" },
      "Look at the version": {
        ...event("version-state", { version }),
        Assign: { looks: "{% $looks + 1 %}", status: "{% $states.result.Payload.state %}" },
        Next: "Is the version there",
      },
      "Is the version there": {
        Type: "Choice",
        Choices: [
          { Condition: "{% $status = 'Succeeded' %}", Assign: { looks: 0 }, Next: "Start a server" },
          {
            Condition: `{% $status in ['Failed', 'Gone', 'Deleting', 'Canceled'] or $looks >= ${VERSION_LOOKS} %}`,
            Assign: {
              failure: {
                Error: "VersionError",
                Cause:
                  "{% 'expected version ' & $version & ' of the image, made of ' & $image.id & ', found it ' & $status %}",
              },
            },
            Next: CLEAR,
          },
        ],
        Default: "Wait for the version",
      },
      "Start a server": { ...event("boot", { version, server }), Next: "Wait for its boot" },
      "Wait for its boot": { Type: "Wait", Seconds: 60, Next: "Look at its boot" },
      "Look at its boot": {
        ...event("booted", { server }),
        Assign: {
          looks: "{% $looks + 1 %}",
          status: "{% $states.result.Payload.state %}",
          message: said("$states.result.Payload.reason"),
        },
        Next: "Is it up",
      },
      "Is it up": {
        Type: "Choice",
        Choices: [
          { Condition: "{% $status = 'up' %}", Next: "Promote it" },
          {
            Condition: `{% $status = 'lost' or $looks >= ${BOOT_LOOKS} %}`,
            Assign: {
              failure: {
                Error: "BootError",
                Cause:
                  "{% 'expected a server to boot from ' & $image.id & ' at the standby, found it ' & $status & ' (' & $message & ') after ' & " +
                  "$looks & ' looks: see that the image has the drivers of Hyper-V and a console on ttyS0 (docs/images.md)' %}",
              },
            },
            Next: CLEAR,
          },
        ],
        Default: "Wait for its boot",
      },
      "Promote it": {
        ...event("promote", { image, version }),
        Assign: { promoted: "{% $states.result.Payload %}" },
        Next: CLEAR,
      },
      [CLEAR]: {
        ...invocation(args.functionArn, { action: "clear", server, version, failed: "{% $failure != null %}" }),
        Assign: { clears: "{% $clears + 1 %}" },
        Output: { gone: "{% $states.result.Payload.gone %}" },
        Catch: [{ ...FAILED, Output: { gone: true }, Next: "Is all gone" }],
        Next: "Is all gone",
      },
      "Is all gone": {
        Type: "Choice",
        Choices: [
          { Condition: `{% $states.input.gone = false and $clears < ${CLEAR_LOOKS} %}`, Next: "Wait for the end" },
          { Condition: "{% $failure = null %}", Output: "{% $promoted %}", Next: "Done" },
        ],
        Default: "Failed",
      },
      "Wait for the end": { Type: "Wait", Seconds: 30, Next: CLEAR },
      Done: { Type: "Succeed" },
      Failed: { Type: "Fail", Error: "{% $failure.Error %}", Cause: "{% $failure.Cause %}" },
    },
  };
}

/** A function's turn; when it fails for good, all is cleared up. */
function invocation(FunctionName: string, Payload: object): AslState {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: { FunctionName, Payload },
    TimeoutSeconds: FUNCTION_SECONDS,
    Retry: [LASTING, PATIENT],
    Catch: CATCH,
  };
}

/** What may have been left unsaid. */
function said(path: string): string {
  return `{% $exists(${path}) ? ${path} : 'no word of why' %}`;
}

/** A call of an API of AWS's. @param call service and action @example "ec2:describeImages" */
function sdkTask(call: string, Arguments: object): AslState {
  return { Type: "Task", Resource: `arn:aws:states:::aws-sdk:${call}`, Arguments, TimeoutSeconds: CALL_SECONDS };
}
