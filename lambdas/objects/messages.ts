import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";

/** SQS takes ten messages in one request, and 1 MiB in all. */
const BATCH = 10;

/** Waits between the tries of one message, in seconds: the first, and the longest. */
const FIRST_WAIT = 5;
const LONGEST_WAIT = 900;

/** The longest text of an attribute that still leaves room for the message. */
const LONGEST_TEXT = 2000;

/**
 * How long a message waits before it is tried again.
 *
 * @param receives how often it was received, this time included
 * @param random 0 to 1, so that those who failed together do not come back together
 * @returns seconds
 */
export function waitBefore(receives: number, random = Math.random()): number {
  return Math.round(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (receives - 1)) * (0.8 + random / 5));
}

/** Where the queues are. */
export interface Urls {
  queue: string;
  deadLetters: string;
  /** Only of a replicator that parks. */
  parked?: string;
}

/** The queues around a replicator, and what it does with a message other than working on it. */
export class Messages {
  readonly #sqs: SQSClient;
  readonly #urls: Urls;

  constructor(sqs: SQSClient, urls: Urls) {
    this.#sqs = sqs;
    this.#urls = urls;
  }

  /** Lets a message come again later. */
  async later(receiptHandle: string, seconds: number): Promise<void> {
    const QueueUrl = this.#urls.queue;
    await this.#sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds }),
    );
  }

  /** Puts a message where somebody will look at it, with the reason, and the key where it is known. */
  async setAside(body: string, reason: string, key?: string): Promise<void> {
    const text = (value: string) => ({ DataType: "String", StringValue: legible(value.slice(0, LONGEST_TEXT)) });
    await this.#sqs.send(
      new SendMessageCommand({
        QueueUrl: this.#urls.deadLetters,
        MessageBody: body,
        MessageAttributes: { Reason: text(reason || "unknown"), ...(key && { Key: text(key) }) },
      }),
    );
  }

  /** Puts a message aside until the primary owns the content again. */
  async park(body: string): Promise<void> {
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.#urls.parked, MessageBody: body }));
  }

  /** Sends messages to the replicator. @throws Error when one of them was not taken after some tries */
  async enqueue(bodies: string[]): Promise<void> {
    for (let from = 0; from < bodies.length; from += BATCH) await this.#sendBatch(bodies.slice(from, from + BATCH));
  }

  async #sendBatch(bodies: string[]): Promise<void> {
    let left = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    for (let attempt = 0; attempt < 3 && left.length > 0; attempt++) {
      const { Failed = [] } = await this.#sqs.send(
        new SendMessageBatchCommand({ QueueUrl: this.#urls.queue, Entries: left }),
      );
      left = left.filter(({ Id }) => Failed.some((failed) => failed.Id === Id));
    }
    if (left.length > 0) throw new Error(`the queue did not take ${left.length} of ${bodies.length} messages`);
  }

  /** Moves up to ten parked messages back to the queue. @returns how many */
  async unpark(): Promise<number> {
    const QueueUrl = this.#urls.parked;
    const { Messages: found = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: BATCH, WaitTimeSeconds: 1, VisibilityTimeout: 60 }),
    );
    if (found.length === 0) return 0;
    // Sent before they are deleted: twice is harmless, never would not be.
    await this.enqueue(found.map(({ Body = "" }: Message) => Body));
    const Entries = found.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    return found.length;
  }
}

/** Without the characters that SQS refuses ("SendMessage"). */
function legible(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "?");
}
