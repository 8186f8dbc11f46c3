import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import pLimit from "p-limit";
import { readHints } from "../../lambdas/objects/events.ts";

/** What lies in the dead-letter queue for one reason. */
export interface Group {
  reason: string;
  messages: number;
  /** Some of the keys that they are about. */
  keys: string[];
}

/** Reason of messages without one: the replicator gives one to each that it sets aside itself. */
export const UNTOLD = "set aside by SQS: the replicator was ended too often while it was at work on it";

/** Keys that are shown for a reason. */
const SHOWN = 5;

/** Seconds for which a message that is looked at is kept from others; released when the look is over. */
const LOOK_SECONDS = 120;

/** Groups messages by why they were set aside, the largest group first. */
export function groupByReason(messages: readonly Message[]): Group[] {
  const groups = new Map<string, Group>();
  for (const message of messages) {
    const reason = message.MessageAttributes?.Reason?.StringValue ?? UNTOLD;
    const group = groups.get(reason) ?? { reason, messages: 0, keys: [] };
    groups.set(reason, group);
    group.messages += 1;
    const fresh = keysOf(message).filter((key) => !group.keys.includes(key));
    group.keys.push(...fresh.slice(0, SHOWN - group.keys.length));
  }
  return [...groups.values()].sort((one, other) => other.messages - one.messages);
}

function keysOf({ MessageAttributes, Body = "" }: Message): string[] {
  const told = MessageAttributes?.Key?.StringValue;
  if (told !== undefined) return [told];
  try {
    return readHints(Body).map(({ key }) => key);
  } catch {
    // What is no event is set aside for just that.
    return [`no event: ${Body.slice(0, 80)}`];
  }
}

/**
 * Looks at messages of a queue and leaves them there.
 *
 * @param most messages that are looked at; each stands for a kilobyte or two of memory
 */
export async function lookAt(sqs: SQSClient, queueUrl: string, most: number, signal: AbortSignal): Promise<Message[]> {
  const seen = new Map<string, Message>();
  const held: string[] = [];
  try {
    while (seen.size < most) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ["All"],
          VisibilityTimeout: LOOK_SECONDS,
          // Long enough that SQS asks all of its servers; a short look may find nothing where something is.
          WaitTimeSeconds: 1,
        }),
        { abortSignal: signal },
      );
      if (Messages.length === 0) break;
      for (const message of Messages) seen.set(message.MessageId ?? "", message);
      held.push(...Messages.map(({ ReceiptHandle = "" }) => ReceiptHandle));
    }
  } finally {
    await release(sqs, queueUrl, held);
  }
  return [...seen.values()];
}

/** Lets others have the messages again; those that it fails for come back by themselves. */
async function release(sqs: SQSClient, queueUrl: string, handles: string[]): Promise<void> {
  const limit = pLimit(8);
  const batches = Array.from({ length: Math.ceil(handles.length / 10) }, (_, index) =>
    handles.slice(index * 10, index * 10 + 10),
  );
  await limit.map(batches, (batch) =>
    sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl,
        Entries: batch.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 })),
      }),
    ),
  );
}
