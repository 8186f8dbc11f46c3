import type { CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { text } from "./common.ts";
import { checkPolicy, documentText, parse } from "./documents.ts";
import { queueUrlOf } from "./queue-lookup.ts";

/** What the policy of a queue must keep to. */
export const QUEUE_POLICY = {
  property: "policy",
  limit: 8192,
  source: "SetQueueAttributes",
  kind: "resource",
} as const;

/** Least and most of each number (CreateQueue). */
const RANGES: Record<string, [number, number]> = {
  delaySeconds: [0, 900],
  kmsDataKeyReusePeriodSeconds: [60, 86_400],
  maxMessageSize: [1024, 1_048_576],
  messageRetentionSeconds: [60, 1_209_600],
  receiveWaitTimeSeconds: [0, 20],
  visibilityTimeoutSeconds: [0, 43_200],
};

/** Everything that SQS would refuse about a queue. */
export async function checkQueue(inputs: Properties, context: CheckContext<AwsCloud>): Promise<Refusal[]> {
  return [
    ...(await checkName(inputs, context)),
    ...checkNumbers(inputs),
    ...checkFifo(inputs),
    ...checkEncryption(inputs),
    ...(await checkRedrive(inputs, context)),
    ...checkPolicy(inputs.policy, QUEUE_POLICY),
  ];
}

async function checkName(inputs: Properties, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const name = text(inputs.name);
  if (name === undefined) return [];
  const refuse = (reason: string) => [{ property: "name", reason }];
  if (name.length > 80 || !/^[\w-]+(\.fifo)?$/.test(name)) {
    return refuse(`"${name}" is no queue name: 1 to 80 of a-z, A-Z, 0-9, '_' and '-', and ".fifo" (CreateQueue)`);
  }
  if (name.endsWith(".fifo") && inputs.fifoQueue !== true) {
    return refuse(
      `"${name}" ends with ".fifo", and fifoQueue is not true: only a FIFO queue's name does (CreateQueue)`,
    );
  }
  if (inputs.fifoQueue === true && !name.endsWith(".fifo")) {
    return refuse(`"${name}" does not end with ".fifo": the name of a FIFO queue must (CreateQueue)`);
  }
  if (name === former?.name || !(await queueUrlOf(cloud, cloud.arn("sqs", name)))) return [];
  return refuse(`the queue "${name}" exists already (QueueAlreadyExists)`);
}

function checkNumbers(inputs: Properties): Refusal[] {
  return Object.entries(RANGES).flatMap(([property, [least, most]]) => {
    const value = inputs[property];
    if (value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)) return [];
    return [{ property, reason: `${value} is out of range: ${least} to ${most} (CreateQueue)` }];
  });
}

function checkFifo(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const values: Record<string, unknown[]> = {
    contentBasedDeduplication: [true, false],
    deduplicationScope: ["messageGroup", "queue"],
    fifoThroughputLimit: ["perQueue", "perMessageGroupId"],
  };
  for (const [property, allowed] of Object.entries(values)) {
    const value = inputs[property];
    if (value === undefined) continue;
    if (!allowed.includes(value)) {
      refusals.push({ property, reason: `"${value}" is none of ${allowed.join(", ")} (CreateQueue)` });
    } else if (inputs.fifoQueue !== true && value !== false) {
      refusals.push({ property, reason: `${value} without fifoQueue: only a FIFO queue has it (CreateQueue)` });
    }
  }
  if (inputs.fifoThroughputLimit === "perMessageGroupId" && inputs.deduplicationScope === "queue") {
    const reason = `"perMessageGroupId" beside deduplicationScope "queue": it needs "messageGroup" (CreateQueue)`;
    refusals.push({ property: "fifoThroughputLimit", reason });
  }
  return refusals;
}

function checkEncryption(inputs: Properties): Refusal[] {
  if (inputs.sqsManagedSseEnabled !== true || inputs.kmsMasterKeyId === undefined) return [];
  const reason = "true beside kmsMasterKeyId: a queue has one kind of encryption at rest (CreateQueue)";
  return [{ property: "sqsManagedSseEnabled", reason }];
}

async function checkRedrive(inputs: Properties, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  if (inputs.redrivePolicy === undefined) return [];
  const refuse = (reason: string) => [{ property: "redrivePolicy", reason: `${reason} (CreateQueue, RedrivePolicy)` }];
  const document = documentText(inputs.redrivePolicy);
  const policy = parse(document) as { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown } | null | undefined;
  const target = policy?.deadLetterTargetArn;
  const receives = Number(policy?.maxReceiveCount);
  if (typeof target !== "string") {
    return refuse(`${document} names no queue: a JSON object with deadLetterTargetArn and maxReceiveCount is expected`);
  }
  if (!Number.isInteger(receives) || receives < 1 || receives > 1000) {
    return refuse(`maxReceiveCount is ${JSON.stringify(policy?.maxReceiveCount)}: 1 to 1000 is expected`);
  }
  if (target.endsWith(".fifo") !== (inputs.fifoQueue === true)) {
    return refuse(
      `${target} is of the other kind: the dead-letter queue of a FIFO queue is FIFO, of a standard one standard`,
    );
  }
  if (inputs.redrivePolicy === former?.redrivePolicy || (await queueUrlOf(cloud, target))) return [];
  return refuse(`there is no queue "${target}" in ${cloud.region}`);
}
