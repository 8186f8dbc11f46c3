import type { Readable } from "node:stream";
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { type BlobRequestConditions, type BlockBlobClient, type ContainerClient, RestError } from "@azure/storage-blob";
import { blobNameProblem } from "./blob-name.ts";
import type { Hint } from "./events.ts";
import { fromMetadata, type SourceRecord, sameState, toMetadata } from "./source-record.ts";

/** What became of a hint. `gone`: the source no longer has the key, and the copy stays as it is. */
export type Outcome = "copied" | "unchanged" | "gone";

/** Bytes of a block, and blocks held at once: together the most memory that one object takes (32 MiB). */
const BLOCK_BYTES = 8 * 1024 * 1024;
const BLOCKS_IN_FLIGHT = 4;

/**
 * Error codes that say: the other side is no longer as it was when we looked. Look again. (Whoever commits a
 * blob discards the blocks that others have laid ready for it, hence InvalidBlockList.)
 */
const OVERTAKEN_SOURCE = ["NoSuchKey", "PreconditionFailed"];
const OVERTAKEN_COPY = ["BlobAlreadyExists", "ConditionNotMet", "InvalidBlockList"];

/** How often the source may change while it is copied before the message goes back to the queue. */
const MOST_ATTEMPTS = 5;

/**
 * Brings the copy of one key to the source's state of now. The hint only says where to look: duplicates,
 * wrong order and two workers on one key all end in the source's newest state.
 *
 * @throws Error when the copy cannot be written, or is not the replicator's to overwrite
 */
export async function copyObject(source: S3Client, target: ContainerClient, hint: Hint): Promise<Outcome> {
  const problem = blobNameProblem(hint.key);
  if (problem) throw new Error(`${hint.key}: ${problem}`);
  const blob = target.getBlockBlobClient(hint.key);
  let outcome: Outcome = "unchanged";
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const head = await headSource(source, hint);
    if (!head) return "gone";
    const copy = await headCopy(blob);
    const state = recordOf(head);
    if (copy && !copy.record) {
      throw new Error(`${hint.key}: the blob carries no source record, so it is not the replicator's to overwrite`);
    }
    // Seen again after the write too: the source may have moved on meanwhile.
    if (copy?.record && sameState(copy.record, state)) return outcome;
    const conditions = copy ? { ifMatch: copy.etag } : { ifNoneMatch: "*" };
    if (await transfer(source, blob, hint, state, conditions)) outcome = "copied";
  }
  throw new Error(`${hint.key}: the source changed ${MOST_ATTEMPTS} times while it was copied`);
}

/** Streams the object into the blob; false when either side changed meanwhile and nothing was written. */
async function transfer(
  source: S3Client,
  blob: BlockBlobClient,
  { bucket, key }: Hint,
  state: SourceRecord,
  conditions: BlobRequestConditions,
): Promise<boolean> {
  let body: Readable | undefined;
  try {
    const object = await source.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: `"${state.etag}"` }));
    body = object.Body as Readable;
    await blob.uploadStream(body, BLOCK_BYTES, BLOCKS_IN_FLIGHT, {
      conditions,
      metadata: toMetadata(recordOf(object)),
      blobHTTPHeaders: {
        blobContentType: object.ContentType,
        blobContentEncoding: object.ContentEncoding,
        blobContentLanguage: object.ContentLanguage,
        blobContentDisposition: object.ContentDisposition,
        blobCacheControl: object.CacheControl,
      },
    });
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException && OVERTAKEN_SOURCE.includes(error.name)) return false;
    if (error instanceof RestError && OVERTAKEN_COPY.includes(error.code ?? "")) return false;
    throw error;
  } finally {
    // An upload that stops half-way leaves the rest unread, and with it one of the client's connections in use.
    body?.destroy();
  }
}

async function headSource(source: S3Client, { bucket, key }: Hint): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await source.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw refusedLook(`${key}: the object`, error);
  }
}

async function headCopy(blob: BlockBlobClient): Promise<{ etag: string; record?: SourceRecord } | undefined> {
  try {
    const { etag = "", metadata } = await blob.getProperties();
    return { etag, record: fromMetadata(metadata) };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw refusedLook(`${blob.name}: the copy`, error);
  }
}

/** An error that says which look was refused, and why: the answer to HEAD has no body, so the SDKs' own says nothing. */
function refusedLook(what: string, error: unknown): unknown {
  const status = statusOf(error);
  if (status === undefined) return error;
  const reason = error instanceof RestError ? error.response?.headers.get("x-ms-error-code") : (error as Error).name;
  return new Error(`${what} can't be looked at: ${reason} (status ${status})`, { cause: error });
}

function recordOf({ ETag = "", VersionId = "" }: { ETag?: string; VersionId?: string }): SourceRecord {
  return { etag: ETag.replaceAll('"', ""), versionId: VersionId === "null" ? "" : VersionId };
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof S3ServiceException) return error.$metadata.httpStatusCode;
  if (error instanceof RestError) return error.statusCode;
  return undefined;
}
