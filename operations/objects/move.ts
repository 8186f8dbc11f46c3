import { setTimeout as delay } from "node:timers/promises";
import {
  CancelMessageMoveTaskCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";

/** From which queue to which. */
export interface Move {
  sqs: SQSClient;
  fromUrl: string;
  toUrl: string;
  /** Told how many were moved so far. */
  onProgress(moved: number): void;
  /** Ends it early; what was moved until then stays moved. */
  signal: AbortSignal;
}

/** How an emulator of SQS says that it has no such action. */
const UNKNOWN_ACTION = ["InvalidAction", "UnknownOperationException", "UnsupportedOperation"];

/** Milliseconds between two looks at a task. */
const LOOK_AGAIN = 1000;

/** About how many messages wait in a queue. */
export async function waitingIn(sqs: SQSClient, queueUrl: string): Promise<number> {
  return Number((await attributesOf(sqs, queueUrl)).ApproximateNumberOfMessages ?? 0);
}

/**
 * Moves what lies in one queue to another.
 *
 * @returns how many were moved
 * @throws Error when it ended before all were moved
 */
export async function moveMessages(move: Move): Promise<number> {
  const [from, to] = await Promise.all([move.fromUrl, move.toUrl].map((url) => attributesOf(move.sqs, url)));
  let task: string | undefined;
  try {
    const command = new StartMessageMoveTaskCommand({ SourceArn: from?.QueueArn, DestinationArn: to?.QueueArn });
    task = (await move.sqs.send(command)).TaskHandle;
  } catch (error) {
    if (!UNKNOWN_ACTION.includes((error as Error).name)) throw error;
    return moveOneByOne(move, Number(from?.ApproximateNumberOfMessages ?? 0));
  }
  return followTask(move, from?.QueueArn ?? "", task ?? "");
}

/** Watches a task of the service's own to its end, and cancels it when it is told to. */
async function followTask({ sqs, onProgress, signal }: Move, sourceArn: string, handle: string): Promise<number> {
  let canceled = false;
  for (;;) {
    if (signal.aborted && !canceled) {
      canceled = true;
      // A task that ended just now is not there to be canceled.
      await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: handle })).catch(() => {});
    }
    const { Results: [task] = [] } = await sqs.send(
      new ListMessageMoveTasksCommand({ SourceArn: sourceArn, MaxResults: 1 }),
    );
    const moved = task?.ApproximateNumberOfMessagesMoved ?? 0;
    onProgress(moved);
    if (task?.Status !== "RUNNING" && task?.Status !== "CANCELLING") return endOf(task, moved);
    await delay(LOOK_AGAIN, undefined, { signal: canceled ? undefined : signal }).catch(() => {});
  }
}

function endOf(task: ListMessageMoveTasksResultEntry | undefined, moved: number): number {
  if (task?.Status === "COMPLETED") return moved;
  const how = task?.Status === "CANCELLED" ? "was canceled" : `ended as ${task?.Status}: ${task?.FailureReason}`;
  throw new Error(`the move ${how} after ${moved} messages; run it again for the rest`);
}

/**
 * Moves by receiving and sending, where the service knows no task for it. Nothing is deleted that was not sent, so
 * what it is interrupted at is there twice at worst, and the replicator does not mind.
 *
 * @param waiting how many were there at the start; what is set aside meanwhile is left for the next time
 */
async function moveOneByOne({ sqs, fromUrl, toUrl, onProgress, signal }: Move, waiting: number): Promise<number> {
  let moved = 0;
  let received = 0;
  while (received < waiting) {
    signal.throwIfAborted();
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: fromUrl,
        MaxNumberOfMessages: Math.min(10, waiting - received),
        MessageAttributeNames: ["All"],
        WaitTimeSeconds: 1,
      }),
    );
    if (Messages.length === 0) break;
    received += Messages.length;
    const sent = await send(sqs, toUrl, Messages);
    await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: fromUrl,
        Entries: sent.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
    moved += sent.length;
    onProgress(moved);
  }
  if (moved < received) throw new Error(`${received - moved} of ${received} messages could not be sent; run it again`);
  return moved;
}

/** @returns those that were sent; @throws Error when none was */
async function send(sqs: SQSClient, queueUrl: string, messages: Message[]): Promise<Message[]> {
  const { Successful = [], Failed = [] } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: messages.map(({ Body, MessageAttributes }, index) => ({
        Id: String(index),
        MessageBody: Body,
        MessageAttributes,
      })),
    }),
  );
  if (Successful.length === 0) throw new Error(`no message could be sent to ${queueUrl}: ${Failed[0]?.Message}`);
  return Successful.map(({ Id }) => messages[Number(Id)] as Message);
}

async function attributesOf(sqs: SQSClient, queueUrl: string) {
  const names = ["QueueArn", "ApproximateNumberOfMessages"] as const;
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] });
  const { Attributes: attributes = {} } = await sqs.send(command);
  return attributes as Partial<Record<(typeof names)[number], string>>;
}
