import { Runtime } from "@aws-sdk/client-lambda";
import type { CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, list, number, refuseLeftOut, text } from "./common.ts";
import { findFunction } from "./function-lookup.ts";
import { checkRoleArn } from "./role-trust.ts";

const RUNTIMES: readonly string[] = Object.values(Runtime);

/** Names that Lambda sets itself (Working with Lambda environment variables). */
const RESERVED = [
  ...["_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV"],
  ...["AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"],
  ...["AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME"],
  ...["AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API"],
  ...["LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"],
];

const LEFT_OUT = [
  ...["capacityProviderConfig", "codeSigningConfigArn", "durableConfig", "fileSystemConfig", "imageConfig", "imageUri"],
  ...["publishTo", "s3Bucket", "snapStart", "sourceKmsKeyArn", "tenancyConfig"],
];

/** Everything that Lambda would refuse about a function. */
export async function checkFunction(inputs: Properties, context: CheckContext<AwsCloud>): Promise<Refusal[]> {
  return [
    ...refuseLeftOut(inputs, LEFT_OUT, "give the function its code as an archive, without this"),
    ...(await checkName(text(inputs.name), context)),
    ...(await checkRole(text(inputs.role), context)),
    ...checkNumbers(inputs),
    ...checkRuntime(inputs),
    ...checkLogging(inputs),
    ...checkEnvironment(fields(fields(inputs.environment).variables)),
  ];
}

async function checkName(name: string | undefined, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  if (name === undefined) return [];
  if (!/^[\w-]{1,64}$/.test(name)) {
    const reason = `"${name}" is no function name: 1 to 64 of a-z, A-Z, 0-9, '_' and '-' (CreateFunction)`;
    return [{ property: "name", reason }];
  }
  if (name === former?.name || !(await findFunction(cloud, name))) return [];
  return [{ property: "name", reason: `the function "${name}" exists already (ResourceConflictException)` }];
}

async function checkRole(arn: string | undefined, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  if (arn === former?.role) return [];
  return checkRoleArn(cloud, arn, { property: "role", source: "CreateFunction, InvalidParameterValueException" });
}

function checkNumbers(inputs: Properties): Refusal[] {
  const numbers: [string, unknown, number, number, string][] = [
    ["timeout", inputs.timeout, 1, 900, "seconds"],
    ["memorySize", inputs.memorySize, 128, 10_240, "MB"],
    ["ephemeralStorage", fields(inputs.ephemeralStorage).size, 512, 10_240, "MB"],
  ];
  return numbers.flatMap(([property, value, least, most, unit]) => {
    if (value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)) return [];
    return [{ property, reason: `${value} is out of range: ${least} to ${most} ${unit} (Lambda quotas)` }];
  });
}

function checkRuntime(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const runtime = text(inputs.runtime);
  if (runtime !== undefined && !RUNTIMES.includes(runtime)) {
    refusals.push({ property: "runtime", reason: `"${runtime}" is no runtime of Lambda's (Lambda runtimes)` });
  }
  const handler = text(inputs.handler);
  const dotted = runtime === undefined || /^(nodejs|python|ruby)/.test(runtime);
  if (handler !== undefined && !(dotted ? /^\S+\.\w+$/ : /^\S+$/).test(handler)) {
    const reason = `"${handler}" is no handler: the file and the function such as index.handler (CreateFunction)`;
    refusals.push({ property: "handler", reason });
  } else if (handler !== undefined && handler.length > 128) {
    const reason = `the handler has ${handler.length} characters: 128 at most (CreateFunction)`;
    refusals.push({ property: "handler", reason });
  }
  const architectures = inputs.architectures === undefined ? ["arm64"] : list(inputs.architectures);
  if (architectures.length !== 1 || !["x86_64", "arm64"].includes(String(architectures[0]))) {
    const reason = `${JSON.stringify(architectures)} is no architecture: one of x86_64 and arm64 (CreateFunction)`;
    refusals.push({ property: "architectures", reason });
  }
  return refusals;
}

function checkLogging(inputs: Properties): Refusal[] {
  const { logFormat, applicationLogLevel, systemLogLevel } = fields(inputs.loggingConfig);
  const refuse = (reason: string) => [{ property: "loggingConfig", reason: `${reason} (LoggingConfig)` }];
  if (logFormat !== undefined && !["JSON", "Text"].includes(String(logFormat))) {
    return refuse(`logFormat "${logFormat}" is neither JSON nor Text`);
  }
  if (logFormat === "Text" && (applicationLogLevel ?? systemLogLevel) !== undefined) {
    return refuse(`log levels beside logFormat "Text": only JSON logs have levels`);
  }
  return [];
}

function checkEnvironment(variables: Record<string, unknown>): Refusal[] {
  const refuse = (reason: string): Refusal => ({
    property: "environment",
    reason: `${reason} (Working with Lambda environment variables)`,
  });
  const refusals = Object.keys(variables).flatMap((name) => {
    if (RESERVED.includes(name)) return [refuse(`"${name}" is reserved: Lambda sets it itself`)];
    if (!/^[a-zA-Z]\w+$/.test(name)) {
      return [refuse(`"${name}" is no variable name: a letter, then one or more of a-z, A-Z, 0-9 and '_'`)];
    }
    return [];
  });
  const bytes = Object.entries(variables).reduce((sum, [name, value]) => sum + Buffer.byteLength(`${name}${value}`), 0);
  if (bytes > 4096) refusals.push(refuse(`the variables have ${bytes} bytes: 4096 at most in all`));
  return refusals;
}

/** Everything that Lambda would refuse about an event source mapping, but for what the other resources' settings decide. */
export function checkMapping(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (property: string, reason: string) => refusals.push({ property, reason });
  const source = text(inputs.eventSourceArn);
  const fifo = source?.endsWith(".fifo") ?? false;
  const batch = number(inputs.batchSize);
  const window = number(inputs.maximumBatchingWindowInSeconds);
  const most = fifo ? 10 : 10_000;
  if (batch !== undefined && (batch < 1 || batch > most)) {
    refuse(
      "batchSize",
      `${batch} is out of range: 1 to ${most} for ${fifo ? "a FIFO" : "a standard"} queue (CreateEventSourceMapping)`,
    );
  }
  if (batch !== undefined && batch > 10 && !window) {
    const reason = `${batch} without maximumBatchingWindowInSeconds: more than 10 need one of 1 second at least (CreateEventSourceMapping)`;
    refuse("batchSize", reason);
  }
  if (window !== undefined && (window < 0 || window > 300)) {
    refuse("maximumBatchingWindowInSeconds", `${window} is out of range: 0 to 300 seconds (CreateEventSourceMapping)`);
  }
  if (fifo && window) {
    refuse(
      "maximumBatchingWindowInSeconds",
      `${window} for a FIFO queue: it has no batching window (CreateEventSourceMapping)`,
    );
  }
  const concurrency = number(fields(inputs.scalingConfig).maximumConcurrency);
  if (concurrency !== undefined && (concurrency < 2 || concurrency > 1000)) {
    refuse("scalingConfig", `maximumConcurrency ${concurrency} is out of range: 2 to 1000 (ScalingConfig)`);
  }
  for (const type of list(inputs.functionResponseTypes).filter((each) => each !== "ReportBatchItemFailures")) {
    refuse(
      "functionResponseTypes",
      `"${type}" is none: ReportBatchItemFailures is the only one (CreateEventSourceMapping)`,
    );
  }
  return refusals;
}
