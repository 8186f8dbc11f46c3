import type { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Replication, replicationsOf } from "../objects/sites.ts";
import type { Outputs } from "../outputs.ts";
import { readStackSettings } from "../stack-files.ts";

/** What waits on its way to the standby. */
export interface Queued {
  /** Events that are not carried out yet, those at work included. */
  waiting: number;
  /** Events that were set aside, and do not come by themselves. */
  setAside: number;
}

/** Counts what waits of the content, and of the database's dumps. @param link outputs of stack link */
export async function queued(
  link: Outputs,
  folder: string,
  limit: number,
  signal: AbortSignal,
): Promise<Record<string, Queued>> {
  const { GetQueueAttributesCommand, SQSClient } = await import("@aws-sdk/client-sqs");
  const [settings] = readStackSettings(folder, "link");
  // One try: when AWS is dead, that shall be said soon.
  const requestHandler = { connectionTimeout: limit, requestTimeout: limit };
  const sqs = new SQSClient({ region: settings?.["aws:region"], maxAttempts: 1, requestHandler });
  const count = (url: string) =>
    countIn(sqs, new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }), signal);
  const all = replicationsOf(link).map(async ({ name, queue, deadLetters }: Replication) => {
    const [waiting, setAside] = await Promise.all([count(queue), count(deadLetters)]);
    return [name, { waiting, setAside }] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}

async function countIn(sqs: SQSClient, command: GetQueueAttributesCommand, abortSignal: AbortSignal): Promise<number> {
  const { Attributes: found } = await sqs.send(command, { abortSignal });
  return COUNTS.reduce((sum, name) => sum + Number(found?.[name] ?? 0), 0);
}

/** What is free to be taken, at work, and not due yet. */
const COUNTS = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;
