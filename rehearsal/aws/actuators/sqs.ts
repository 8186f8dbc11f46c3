import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ListQueueTagsCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import type { Actuator } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, text } from "./common.ts";
import { asGiven, checkPolicy, documentText } from "./documents.ts";
import { queueAttributes } from "./queue-lookup.ts";
import { checkQueue, QUEUE_POLICY } from "./sqs-checks.ts";
import { removedTags, tagsOf } from "./tags.ts";

/** SQS's name of each input, and what it is when it is not given; "" takes a setting away. */
const ATTRIBUTES: Record<string, { name: QueueAttributeName; initial: string }> = {
  delaySeconds: { name: "DelaySeconds", initial: "0" },
  kmsDataKeyReusePeriodSeconds: { name: "KmsDataKeyReusePeriodSeconds", initial: "300" },
  kmsMasterKeyId: { name: "KmsMasterKeyId", initial: "" },
  maxMessageSize: { name: "MaximumMessageSize", initial: "1048576" },
  messageRetentionSeconds: { name: "MessageRetentionPeriod", initial: "345600" },
  policy: { name: "Policy", initial: "" },
  receiveWaitTimeSeconds: { name: "ReceiveMessageWaitTimeSeconds", initial: "0" },
  redriveAllowPolicy: { name: "RedriveAllowPolicy", initial: "" },
  redrivePolicy: { name: "RedrivePolicy", initial: "" },
  sqsManagedSseEnabled: { name: "SqsManagedSseEnabled", initial: "true" },
  visibilityTimeoutSeconds: { name: "VisibilityTimeout", initial: "30" },
};

const FIFO_ATTRIBUTES: Record<string, QueueAttributeName> = {
  contentBasedDeduplication: "ContentBasedDeduplication",
  deduplicationScope: "DeduplicationScope",
  fifoThroughputLimit: "FifoThroughputLimit",
};

const DOCUMENTS = ["policy", "redrivePolicy", "redriveAllowPolicy"];

/** aws:sqs/queue:Queue; its `id` is its URL. */
export const queue: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix", "fifoQueue", "region"],

  check: checkQueue,

  async create(inputs, cloud) {
    const given = Object.fromEntries(Object.entries(attributesOf(inputs)).filter(([, value]) => value !== ""));
    const { QueueUrl } = await cloud.sqs.send(
      new CreateQueueCommand({
        QueueName: String(inputs.name),
        Attributes: inputs.fifoQueue === true ? { ...given, FifoQueue: "true" } : given,
        tags: tagsOf(inputs.tags),
      }),
    );
    const url = String(QueueUrl);
    return { id: url, properties: { arn: cloud.arn("sqs", String(inputs.name)), url, tagsAll: inputs.tags } };
  },

  async read({ id, properties }, cloud) {
    const attributes = await queueAttributes(cloud, id);
    if (!attributes) return undefined;
    const { Tags = {} } = await cloud.sqs.send(new ListQueueTagsCommand({ QueueUrl: id }));
    return { ...settingsOf(attributes, properties), arn: attributes.QueueArn, tags: Tags, tagsAll: Tags };
  },

  async update({ id, properties }, inputs, cloud) {
    await cloud.sqs.send(new SetQueueAttributesCommand({ QueueUrl: id, Attributes: attributesOf(inputs, properties) }));
    const TagKeys = removedTags(properties.tags, inputs.tags);
    if (TagKeys.length > 0) await cloud.sqs.send(new UntagQueueCommand({ QueueUrl: id, TagKeys }));
    const Tags = tagsOf(inputs.tags);
    if (Object.keys(Tags).length > 0) await cloud.sqs.send(new TagQueueCommand({ QueueUrl: id, Tags }));
    return { tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.sqs.send(new DeleteQueueCommand({ QueueUrl: id }))),
};

/** aws:sqs/queuePolicy:QueuePolicy; its `id` is the queue's URL. */
export const queuePolicy: Actuator<AwsCloud> = {
  replaceOn: ["queueUrl", "region"],

  async check(inputs, { cloud, former }) {
    const refusals = checkPolicy(inputs.policy, QUEUE_POLICY);
    const queueUrl = text(inputs.queueUrl);
    if (queueUrl === undefined || queueUrl === former?.queueUrl || (await queueAttributes(cloud, queueUrl))) {
      return refusals;
    }
    const reason = `there is no queue "${queueUrl}" (AWS.SimpleQueueService.NonExistentQueue)`;
    return [...refusals, { property: "queueUrl", reason }];
  },

  async create(inputs, cloud) {
    const id = String(inputs.queueUrl);
    await setPolicy(cloud, id, documentText(inputs.policy));
    return { id, properties: {} };
  },

  async read({ id, properties }, cloud) {
    const attributes = await queueAttributes(cloud, id);
    return attributes?.Policy ? { policy: asGiven(attributes.Policy, properties.policy) } : undefined;
  },

  async update({ id }, inputs, cloud) {
    await setPolicy(cloud, id, documentText(inputs.policy));
    return {};
  },

  delete: ({ id }, cloud) => ignoreMissing(setPolicy(cloud, id, "")),
};

async function setPolicy(cloud: AwsCloud, QueueUrl: string, Policy: string): Promise<void> {
  await cloud.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
}

/** The inputs as SQS writes them; what was given formerly and is no more goes back to what it is initially. */
function attributesOf(inputs: Properties, former: Properties = {}): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [key, { name, initial }] of Object.entries(ATTRIBUTES)) {
    if (inputs[key] !== undefined) attributes[name] = documentText(inputs[key]);
    else if (former[key] !== undefined) attributes[name] = initial;
  }
  for (const [key, name] of Object.entries(FIFO_ATTRIBUTES)) {
    if (inputs[key] !== undefined) attributes[name] = String(inputs[key]);
  }
  return attributes;
}

/** The attributes as the inputs write them, for the inputs that were given. */
function settingsOf(attributes: Partial<Record<QueueAttributeName, string>>, properties: Properties): Properties {
  const names = Object.entries(ATTRIBUTES).map(([key, { name }]) => [key, name] as const);
  const settings: Properties = {};
  for (const [key, name] of [...names, ...Object.entries(FIFO_ATTRIBUTES)]) {
    const given = properties[key];
    if (given === undefined) continue;
    const value = attributes[name];
    if (DOCUMENTS.includes(key)) settings[key] = asGiven(value, given);
    else if (typeof given === "number") settings[key] = Number(value);
    else if (typeof given === "boolean") settings[key] = value === "true";
    else settings[key] = value;
  }
  return settings;
}
