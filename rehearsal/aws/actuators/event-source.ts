import { SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  type FunctionResponseType,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type { Actuator, CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, ignoreMissing, list, number, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { findFunction } from "./function-lookup.ts";
import { checkMapping } from "./lambda-checks.ts";
import { queueAttributes, queueUrlOf } from "./queue-lookup.ts";
import { removedTags, tagsOf } from "./tags.ts";

/** What belongs to streams and brokers; the local AWS has queues. */
const LEFT_OUT = [
  ...["amazonManagedKafkaEventSourceConfig", "bisectBatchOnFunctionError", "destinationConfig"],
  ...["documentDbEventSourceConfig", "kmsKeyArn", "maximumRecordAgeInSeconds", "maximumRetryAttempts"],
  ...["metricsConfig", "parallelizationFactor", "provisionedPollerConfig", "queues", "selfManagedEventSource"],
  ...["selfManagedKafkaEventSourceConfig", "sourceAccessConfigurations", "startingPosition"],
  ...["startingPositionTimestamp", "topics", "tumblingWindowInSeconds"],
];

/** What Lambda's pollers do with the function's rights ("Configuring an SQS queue to trigger a Lambda function"). */
const POLLING = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

/** aws:lambda/eventSourceMapping:EventSourceMapping; its `id` is its UUID. */
export const eventSourceMapping: Actuator<AwsCloud> = {
  replaceOn: ["eventSourceArn", "startingPosition", "startingPositionTimestamp", "queues", "topics", "region"],

  async check(inputs, context) {
    const leftOut = refuseLeftOut(inputs, LEFT_OUT, "it belongs to streams and brokers, and the source is a queue");
    return [...leftOut, ...checkMapping(inputs), ...(await checkEnds(inputs, context))];
  },

  async create(inputs, cloud) {
    await requireFit(cloud, inputs);
    const made = await cloud.lambda.send(
      new CreateEventSourceMappingCommand({
        ...settingsFrom(inputs),
        EventSourceArn: String(inputs.eventSourceArn),
        Tags: tagsOf(inputs.tags),
      }),
    );
    return { id: String(made.UUID), properties: { ...outputs(made), tagsAll: inputs.tags } };
  },

  async read({ id, properties }, cloud) {
    const found = await unlessMissing(cloud.lambda.send(new GetEventSourceMappingCommand({ UUID: id })));
    if (!found || found.State === "Deleting") return undefined;
    const { Tags = {} } = await cloud.lambda.send(new ListTagsCommand({ Resource: found.EventSourceMappingArn }));
    return { ...outputs(found), ...settingsOf(found, properties), tags: Tags, tagsAll: Tags };
  },

  async update({ id, properties }, inputs, cloud) {
    await requireFit(cloud, inputs);
    const found = await cloud.lambda.send(new UpdateEventSourceMappingCommand({ UUID: id, ...settingsFrom(inputs) }));
    const Resource = found.EventSourceMappingArn;
    const TagKeys = removedTags(properties.tags, inputs.tags);
    if (TagKeys.length > 0) await cloud.lambda.send(new UntagResourceCommand({ Resource, TagKeys }));
    const Tags = tagsOf(inputs.tags);
    if (Object.keys(Tags).length > 0) await cloud.lambda.send(new TagResourceCommand({ Resource, Tags }));
    return { ...outputs(found), tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.lambda.send(new DeleteEventSourceMappingCommand({ UUID: id }))),
};

/** That queue and function are there, when they are given by ARN: in a preview a name is known before its bearer is there. */
async function checkEnds(inputs: Properties, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  const source = text(inputs.eventSourceArn);
  const target = text(inputs.functionName);
  if (source !== undefined && source !== former?.eventSourceArn && !(await queueUrlOf(cloud, source))) {
    const reason = `there is no queue "${source}" in ${cloud.region} (CreateEventSourceMapping)`;
    refusals.push({ property: "eventSourceArn", reason });
  }
  if (target?.startsWith("arn:") && target !== former?.functionName && !(await findFunction(cloud, target))) {
    const reason = `there is no function "${target}" (CreateEventSourceMapping, ResourceNotFoundException)`;
    refusals.push({ property: "functionName", reason });
  }
  const stays = former?.eventSourceArn !== undefined;
  if (refusals.length > 0 || stays || source === undefined || target === undefined) return refusals;
  const other = await mappingBetween(cloud, source, target);
  if (!other) return refusals;
  const reason = `the mapping ${other} leads from this queue to this function already (ResourceConflictException)`;
  return [...refusals, { property: "eventSourceArn", reason }];
}

async function mappingBetween(cloud: AwsCloud, source: string, target: string): Promise<string | undefined> {
  const command = new ListEventSourceMappingsCommand({ EventSourceArn: source, FunctionName: target });
  return (await unlessMissing(cloud.lambda.send(command)))?.EventSourceMappings?.[0]?.UUID;
}

/**
 * Refuses a queue that shows a message again while the function still works on it, and a role that may not
 * take from the queue, as Lambda does and the emulator does not.
 *
 * Here and not in the check, because in a preview queue, function and role are as they were.
 */
async function requireFit(cloud: AwsCloud, inputs: Properties): Promise<void> {
  const found = await findFunction(cloud, String(inputs.functionName));
  const arn = String(inputs.eventSourceArn);
  const url = await queueUrlOf(cloud, arn);
  const attributes = url && (await queueAttributes(cloud, url));
  // A missing one is for Lambda to refuse.
  if (!found || !attributes) return;
  const visibility = Number(attributes.VisibilityTimeout);
  if (visibility < Number(found.Timeout)) {
    throw new Error(
      `InvalidParameterValueException: Queue visibility timeout: ${visibility} seconds is less than Function timeout: ` +
        `${found.Timeout} seconds; raise the queue's visibilityTimeoutSeconds, six times is advised (CreateEventSourceMapping)`,
    );
  }
  await requireRights(cloud, String(found.Role), arn);
}

async function requireRights(cloud: AwsCloud, role: string, queueArn: string): Promise<void> {
  const { EvaluationResults = [] } = await cloud.iam.send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: role, ActionNames: POLLING, ResourceArns: [queueArn] }),
  );
  const denied = EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== "allowed");
  if (denied.length === 0) return;
  const actions = denied.map(({ EvalActionName }) => EvalActionName).join(", ");
  throw new Error(
    `InvalidParameterValueException: the function's role ${role} may not ${actions} on ${queueArn}: ` +
      "give it a policy that allows it before the mapping is made (CreateEventSourceMapping)",
  );
}

/** What can be changed; what is not given is as it is initially. */
function settingsFrom(inputs: Properties) {
  const maximum = number(fields(inputs.scalingConfig).maximumConcurrency);
  const filters = list(fields(inputs.filterCriteria).filters);
  return {
    FunctionName: String(inputs.functionName),
    Enabled: inputs.enabled !== false,
    BatchSize: number(inputs.batchSize) ?? 10,
    MaximumBatchingWindowInSeconds: number(inputs.maximumBatchingWindowInSeconds) ?? 0,
    FunctionResponseTypes: list(inputs.functionResponseTypes) as FunctionResponseType[],
    ScalingConfig: maximum === undefined ? {} : { MaximumConcurrency: maximum },
    FilterCriteria: { Filters: filters.map((each) => ({ Pattern: text(fields(each).pattern) })) },
  };
}

function outputs(found: EventSourceMappingConfiguration): Properties {
  return {
    uuid: found.UUID,
    arn: found.EventSourceMappingArn,
    functionArn: found.FunctionArn,
    state: found.State,
    stateTransitionReason: found.StateTransitionReason,
    lastProcessingResult: found.LastProcessingResult,
    lastModified: found.LastModified?.toISOString(),
  };
}

/** The settings as the inputs write them. */
function settingsOf(found: EventSourceMappingConfiguration, { functionName }: Properties): Properties {
  const given = String(functionName);
  const same = found.FunctionArn === given || found.FunctionArn?.endsWith(`:function:${given}`);
  return {
    eventSourceArn: found.EventSourceArn,
    functionName: same ? given : found.FunctionArn,
    enabled: !["Disabled", "Disabling"].includes(String(found.State)),
    batchSize: found.BatchSize,
    maximumBatchingWindowInSeconds: found.MaximumBatchingWindowInSeconds,
    functionResponseTypes: found.FunctionResponseTypes ?? [],
    scalingConfig: { maximumConcurrency: found.ScalingConfig?.MaximumConcurrency },
    filterCriteria: { filters: (found.FilterCriteria?.Filters ?? []).map(({ Pattern }) => ({ pattern: Pattern })) },
  };
}
