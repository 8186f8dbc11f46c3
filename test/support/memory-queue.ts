import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { Messages } from "../../lambdas/objects/messages.ts";
import type { Random } from "./random.ts";

/** What a second of waiting takes here, and the longest wait, in milliseconds. */
const SECOND = 10;
const LONGEST_WAIT = 250;

/** Receives after which the queue gives a message up, as in the queue plan. */
const MOST_RECEIVES = 100;

const URLS = { queue: "queue", parked: "parked", deadLetters: "dead-letters" };

interface Stored {
  id: string;
  body: string;
  receives: number;
  visibleAt: number;
}

/**
 * The queues around the replicator in memory, as wayward as SQS may be: no order, messages twice, and some that come
 * again while somebody still works on them. Time goes a hundred times as fast.
 */
export class MemoryQueue {
  readonly deadLetters: { body: string; reason: string }[] = [];
  readonly #random: Random;
  readonly #stored = new Map<string, Stored>();
  #parked: string[] = [];
  #count = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Messages that are not done with. */
  get length(): number {
    return this.#stored.size;
  }

  send(body: string, milliseconds = 0): void {
    const id = String(++this.#count);
    this.#stored.set(id, { id, body, receives: 0, visibleAt: performance.now() + milliseconds });
  }

  /** Some of the messages that are due, in any order, for somebody who may be slow or die. */
  receive(most: number): SQSRecord[] {
    const now = performance.now();
    const due = [...this.#stored.values()].filter(({ visibleAt }) => visibleAt <= now);
    const taken = Array.from({ length: Math.min(most, due.length) }, () => {
      const [message] = due.splice(this.#random.below(due.length), 1);
      return message as Stored;
    });
    return taken.map((message) => {
      message.receives += 1;
      message.visibleAt = this.#random.chance(0.03) ? now + this.#random.below(100) : Number.POSITIVE_INFINITY;
      const attributes = { ApproximateReceiveCount: String(message.receives) };
      return { messageId: message.id, receiptHandle: message.id, body: message.body, attributes } as SQSRecord;
    });
  }

  delete({ messageId }: SQSRecord): void {
    this.#stored.delete(messageId);
  }

  /** Lets a message come again that nobody works on any more, unless a time was set for it. */
  giveBack({ messageId }: SQSRecord): void {
    const message = this.#stored.get(messageId);
    if (message?.visibleAt === Number.POSITIVE_INFINITY)
      message.visibleAt = performance.now() + this.#random.below(100);
    if (message && message.receives >= MOST_RECEIVES) this.#giveUp(message);
  }

  /** @param isDead whoever is cannot speak to the queues any more */
  messages(isDead = () => false): Messages {
    const send = async (command: unknown) => {
      if (isDead()) throw new Error("nobody is there any more to speak to the queue");
      return this.#carryOut(command);
    };
    return new Messages({ send } as unknown as SQSClient, URLS);
  }

  #giveUp({ id, body, receives }: Stored): void {
    this.#stored.delete(id);
    this.deadLetters.push({ body, reason: `received ${receives} times` });
  }

  #carryOut(command: unknown): unknown {
    if (command instanceof ChangeMessageVisibilityCommand) {
      const { ReceiptHandle = "", VisibilityTimeout = 0 } = command.input;
      const message = this.#stored.get(ReceiptHandle);
      if (message) message.visibleAt = performance.now() + Math.min(LONGEST_WAIT, VisibilityTimeout * SECOND);
      return {};
    }
    if (command instanceof SendMessageCommand) {
      const { QueueUrl, MessageBody: body = "", MessageAttributes } = command.input;
      if (QueueUrl === URLS.parked) this.#parked.push(body);
      else this.deadLetters.push({ body, reason: MessageAttributes?.Reason?.StringValue ?? "" });
      return {};
    }
    if (command instanceof SendMessageBatchCommand) {
      for (const { MessageBody = "" } of command.input.Entries ?? []) this.send(MessageBody);
      return {};
    }
    if (command instanceof ReceiveMessageCommand) {
      const found = this.#parked.slice(0, command.input.MaxNumberOfMessages);
      return { Messages: found.map((Body) => ({ Body, ReceiptHandle: Body })) };
    }
    if (command instanceof DeleteMessageBatchCommand) {
      this.#parked = this.#parked.slice(command.input.Entries?.length);
      return {};
    }
    throw new Error(`expected a command of the replicator's, found ${(command as object).constructor.name}`);
  }
}
