import { S3Client } from "@aws-sdk/client-s3";
import { ContainerClient } from "@azure/storage-blob";
import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import pLimit from "p-limit";
import { azureCredential } from "../shared/azure-credential.ts";
import { requireEnvironment } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { copyObject } from "./copy-object.ts";
import { readHints } from "./events.ts";

/** Messages of a batch that are worked on at once; each holds up to 32 MiB of blocks in flight. */
const PARALLEL_MESSAGES = 4;

const environment = requireEnvironment(
  "SOURCE_BUCKET",
  "COPY_BLOB_ENDPOINT",
  "COPY_CONTAINER",
  "AZURE_TENANT_ID",
  "AZURE_CLIENT_ID",
);
const source = new S3Client({});
const target = new ContainerClient(
  new URL(environment.COPY_CONTAINER, environment.COPY_BLOB_ENDPOINT).href,
  azureCredential(environment.AZURE_TENANT_ID, environment.AZURE_CLIENT_ID),
);

/** Copies what a batch of S3 event messages hints at. A message that fails goes back to the queue, alone. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const limit = pLimit(PARALLEL_MESSAGES);
  const results = await Promise.all(event.Records.map((record) => limit(() => work(record))));
  return { batchItemFailures: results.filter((failure) => failure !== undefined) };
}

async function work(record: SQSRecord): Promise<SQSBatchItemFailure | undefined> {
  try {
    for (const hint of readHints(record.body)) {
      if (hint.bucket !== environment.SOURCE_BUCKET) {
        throw new Error(`expected events of bucket ${environment.SOURCE_BUCKET}, found ${hint.bucket}`);
      }
      const started = performance.now();
      const outcome = await copyObject(source, target, hint);
      log.info({ key: hint.key, outcome, milliseconds: Math.round(performance.now() - started) });
    }
    return undefined;
  } catch (error) {
    log.error({ messageId: record.messageId, err: error });
    return { itemIdentifier: record.messageId };
  }
}
