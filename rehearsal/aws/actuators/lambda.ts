import { isDeepStrictEqual } from "node:util";
import {
  type Architecture,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  type FunctionConfiguration,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  type Runtime,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import type { Actuator } from "../../provider/actuator.ts";
import { archiveBytes } from "../../provider/assets.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, ignoreMissing, list, text } from "./common.ts";
import { findFunction } from "./function-lookup.ts";
import { checkFunction } from "./lambda-checks.ts";
import { requireNetwork } from "./lambda-network.ts";
import { requireTrust, type Trusted } from "./role-trust.ts";
import { removedTags, tagsOf } from "./tags.ts";

const LAMBDA: Trusted = {
  service: "lambda.amazonaws.com",
  error: "InvalidParameterValueException",
  source: "CreateFunction",
};

/** aws:lambda/function:Function; its `id` is its name. */
export const lambdaFunction: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "packageType", "durableConfig", "tenancyConfig", "region"],

  check: checkFunction,

  async create(inputs, cloud) {
    await requireTrust(cloud, String(inputs.role), LAMBDA);
    await requireNetwork(cloud, inputs);
    const FunctionName = String(inputs.name);
    await cloud.lambda.send(
      new CreateFunctionCommand({
        ...configurationOf(inputs),
        FunctionName,
        Code: { ZipFile: await archiveBytes("code", inputs.code) },
        Architectures: architecturesOf(inputs),
        Publish: inputs.publish === true,
        Tags: tagsOf(inputs.tags),
      }),
    );
    await waitUntilFunctionActiveV2(patience(cloud), { FunctionName });
    await limit(cloud, FunctionName, inputs.reservedConcurrentExecutions);
    const found = await findFunction(cloud, FunctionName);
    return { id: FunctionName, properties: { ...outputs(cloud, found), tagsAll: inputs.tags } };
  },

  async read({ id, properties }, cloud) {
    const found = await findFunction(cloud, id);
    if (!found) return undefined;
    const { Tags = {} } = await cloud.lambda.send(new ListTagsCommand({ Resource: found.FunctionArn }));
    return { ...outputs(cloud, found), ...settingsOf(found, properties), tags: Tags, tagsAll: Tags };
  },

  async update({ id, properties }, inputs, cloud) {
    if (inputs.role !== properties.role) await requireTrust(cloud, String(inputs.role), LAMBDA);
    await requireNetwork(cloud, inputs);
    await cloud.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: id, ...configurationOf(inputs) }));
    // Lambda takes one change at a time (ResourceConflictException).
    await waitUntilFunctionUpdatedV2(patience(cloud), { FunctionName: id });
    const sameCode = ["code", "architectures", "publish"].every((key) =>
      isDeepStrictEqual(inputs[key], properties[key]),
    );
    if (!sameCode) await updateCode(cloud, id, inputs);
    await limit(cloud, id, inputs.reservedConcurrentExecutions, properties.reservedConcurrentExecutions);
    await retag(cloud, cloud.arn("lambda", `function:${id}`), properties.tags, inputs.tags);
    return { ...outputs(cloud, await findFunction(cloud, id)), tagsAll: inputs.tags };
  },

  async delete({ id, properties }, cloud) {
    if (properties.skipDestroy === true) return;
    await ignoreMissing(cloud.lambda.send(new DeleteFunctionCommand({ FunctionName: id })));
  },
};

/** How long to wait for a function, in seconds: the emulator is ready in far less than the second that AWS needs. */
function patience({ lambda }: AwsCloud) {
  return { client: lambda, maxWaitTime: 60, minDelay: 0.05, maxDelay: 1 };
}

/** All that the function's code is not; what is not given is as it is initially. */
function configurationOf(inputs: Properties) {
  const { logFormat, logGroup, applicationLogLevel, systemLogLevel } = fields(inputs.loggingConfig);
  const { subnetIds, securityGroupIds, ipv6AllowedForDualStack } = fields(inputs.vpcConfig);
  return {
    Role: String(inputs.role),
    Runtime: inputs.runtime as Runtime,
    Handler: text(inputs.handler),
    Description: text(inputs.description) ?? "",
    Timeout: Number(inputs.timeout ?? 3),
    MemorySize: Number(inputs.memorySize ?? 128),
    Environment: { Variables: fields(fields(inputs.environment).variables) as Record<string, string> },
    Layers: list(inputs.layers) as string[],
    KMSKeyArn: text(inputs.kmsKeyArn) ?? "",
    LoggingConfig: {
      LogFormat: (logFormat ?? "Text") as "JSON" | "Text",
      LogGroup: text(logGroup) ?? `/aws/lambda/${inputs.name}`,
      ApplicationLogLevel: applicationLogLevel as "INFO" | undefined,
      SystemLogLevel: systemLogLevel as "INFO" | undefined,
    },
    EphemeralStorage: { Size: Number(fields(inputs.ephemeralStorage).size ?? 512) },
    TracingConfig: { Mode: (fields(inputs.tracingConfig).mode ?? "PassThrough") as "Active" | "PassThrough" },
    DeadLetterConfig: inputs.deadLetterConfig
      ? { TargetArn: String(fields(inputs.deadLetterConfig).targetArn) }
      : undefined,
    VpcConfig: inputs.vpcConfig
      ? {
          SubnetIds: list(subnetIds) as string[],
          SecurityGroupIds: list(securityGroupIds) as string[],
          Ipv6AllowedForDualStack: ipv6AllowedForDualStack === true,
        }
      : undefined,
  };
}

function architecturesOf(inputs: Properties): Architecture[] {
  return (inputs.architectures ?? ["x86_64"]) as Architecture[];
}

async function updateCode(cloud: AwsCloud, FunctionName: string, inputs: Properties): Promise<void> {
  await cloud.lambda.send(
    new UpdateFunctionCodeCommand({
      FunctionName,
      ZipFile: await archiveBytes("code", inputs.code),
      Architectures: architecturesOf(inputs),
      Publish: inputs.publish === true,
    }),
  );
  await waitUntilFunctionUpdatedV2(patience(cloud), { FunctionName });
}

async function limit(cloud: AwsCloud, FunctionName: string, executions: unknown, former?: unknown): Promise<void> {
  // -1 is the provider's word for no limit.
  if (executions !== undefined && executions !== -1) {
    const ReservedConcurrentExecutions = Number(executions);
    await cloud.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
  } else if (former !== undefined && former !== -1) {
    await cloud.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  }
}

async function retag(cloud: AwsCloud, Resource: string, former: unknown, next: unknown): Promise<void> {
  const TagKeys = removedTags(former, next);
  if (TagKeys.length > 0) await cloud.lambda.send(new UntagResourceCommand({ Resource, TagKeys }));
  const Tags = tagsOf(next);
  if (Object.keys(Tags).length > 0) await cloud.lambda.send(new TagResourceCommand({ Resource, Tags }));
}

function outputs(cloud: AwsCloud, found: FunctionConfiguration | undefined): Properties {
  const arn = String(found?.FunctionArn);
  const invoke = (version: string, target: string, call: string) =>
    `arn:aws:apigateway:${cloud.region}:lambda:path/${version}/functions/${target}/${call}`;
  const qualified = `${arn}:${found?.Version}`;
  return {
    arn,
    invokeArn: invoke("2015-03-31", arn, "invocations"),
    qualifiedArn: qualified,
    qualifiedInvokeArn: invoke("2015-03-31", qualified, "invocations"),
    responseStreamingInvokeArn: invoke("2021-11-15", arn, "response-streaming-invocations"),
    version: found?.Version,
    lastModified: found?.LastModified,
    codeSha256: found?.CodeSha256,
    sourceCodeHash: found?.CodeSha256,
    sourceCodeSize: found?.CodeSize,
    signingJobArn: "",
    signingProfileVersionArn: "",
  };
}

/** The configuration as the inputs write it. */
function settingsOf(found: FunctionConfiguration, properties: Properties): Properties {
  const { LogFormat, LogGroup, ApplicationLogLevel, SystemLogLevel } = found.LoggingConfig ?? {};
  const logging = {
    logFormat: LogFormat,
    logGroup: LogGroup,
    applicationLogLevel: ApplicationLogLevel,
    systemLogLevel: SystemLogLevel,
  };
  return {
    role: found.Role,
    runtime: found.Runtime,
    handler: found.Handler,
    description: found.Description,
    timeout: found.Timeout,
    memorySize: found.MemorySize,
    architectures: found.Architectures,
    environment: { variables: found.Environment?.Variables ?? {} },
    loggingConfig: givenOf(logging, fields(properties.loggingConfig)),
    ephemeralStorage: { size: found.EphemeralStorage?.Size },
    tracingConfig: { mode: found.TracingConfig?.Mode },
  };
}

/** The fields that were given: the rest is what Lambda fills in. */
function givenOf(found: Properties, given: Properties): Properties {
  return Object.fromEntries(Object.entries(found).filter(([key]) => given[key] !== undefined));
}
