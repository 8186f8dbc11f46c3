import { setTimeout as delay } from "node:timers/promises";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import pLimit from "p-limit";
import { azureCredential } from "../shared/azure-credential.ts";
import { requireEnvironment } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { Metrics } from "../shared/metrics.ts";
import { type Replicator, work } from "./batch.ts";
import { BlobClient } from "./blob-client.ts";
import { BlobStore } from "./blob-store.ts";
import { Budget } from "./budget.ts";
import { Marker } from "./marker.ts";
import { Messages } from "./messages.ts";
import { S3Reader } from "./s3-reader.ts";
import { checkItems, type Items, type ItemsAnswer, type Surplus, type SurplusAnswer, seekSurplus } from "./scan.ts";
import { CONTENT_BYTES } from "./sizes.ts";
import { unpark } from "./unpark.ts";

/** Messages that are worked on at once: a whole batch; what they hold at once is bounded by the budget. */
const PARALLEL_MESSAGES = 10;

/** After the deadline so much time is given to what is at work, in milliseconds. */
const GRACE = 10_000;

/** Before the end of an invocation so much time is kept to end cleanly, in milliseconds. */
const RESERVE = 20_000;

const environment = requireEnvironment(
  "SOURCE_BUCKET",
  "COPY_BLOB_ENDPOINT",
  "COPY_CONTAINER",
  "AZURE_TENANT_ID",
  "AZURE_CLIENT_ID",
  "QUEUE_URL",
  "PARKED_QUEUE_URL",
  "DEAD_LETTER_QUEUE_URL",
  "SERVER_SIDE_COPY",
);

const target = new BlobStore(
  new BlobClient(
    new URL(environment.COPY_CONTAINER, environment.COPY_BLOB_ENDPOINT).href,
    azureCredential(environment.AZURE_TENANT_ID, environment.AZURE_CLIENT_ID),
  ),
  (problem) => log.warn({ pull: "Azure could not fetch from S3 itself, so objects are streamed", problem }),
);
const sqs = new SQSClient({});
const replicator = {
  source: new S3Reader(sqs.config, environment.SOURCE_BUCKET),
  target,
  bucket: environment.SOURCE_BUCKET,
  messages: new Messages(sqs, {
    queue: environment.QUEUE_URL,
    parked: environment.PARKED_QUEUE_URL,
    deadLetters: environment.DEAD_LETTER_QUEUE_URL,
  }),
  // Not there where no declaration forbids to write, as with the database's dumps.
  marker: new Marker(process.env.MARKER_URL, (problem) => log.warn({ marker: process.env.MARKER_URL, problem })),
  metrics: new Metrics(),
  budget: new Budget(CONTENT_BYTES),
  pull: environment.SERVER_SIDE_COPY === "true",
} satisfies Replicator;

/** Messages of the queue, the minute's call to resume, or a part of a scan of all keys. */
type Event = SQSEvent | { resume: true } | Items | ({ extra: true } & Surplus);

/** The one function of the objects' replication. */
export async function handler(
  event: Event,
  context: Context,
): Promise<SQSBatchResponse | { resumed: number } | ItemsAnswer | SurplusAnswer> {
  const deadline = performance.now() + context.getRemainingTimeInMillis() - RESERVE;
  try {
    if ("Records" in event) return await workAll(event, deadline);
    if ("resume" in event) return { resumed: await unpark(replicator, deadline) };
    if ("Items" in event) return await checkItems(replicator, event);
    if ("extra" in event) return await seekSurplus(replicator, target, event, deadline);
    throw new Error(`expected an event of the queue, the schedule or a scan, found ${Object.keys(event).join(", ")}`);
  } finally {
    replicator.metrics.flush({ FunctionName: context.functionName });
  }
}

/** Works on a batch of messages. One that fails comes again, alone. */
async function workAll({ Records }: SQSEvent, deadline: number): Promise<SQSBatchResponse> {
  const limit = pLimit(PARALLEL_MESSAGES);
  // What hangs must not take along what is done: all messages of an invocation that is cut off come again.
  const late = delay(Math.max(0, deadline + GRACE - performance.now()), false, { ref: false });
  const done = await Promise.all(
    Records.map((record) => limit(() => Promise.race([work(replicator, record, deadline), late]))),
  );
  return {
    batchItemFailures: Records.filter((_, index) => !done[index]).map(({ messageId }) => ({
      itemIdentifier: messageId,
    })),
  };
}
