import { createHash, randomFillSync } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type ContainerClient, RestError } from "@azure/storage-blob";
import { fromBlobMetadata } from "../lambdas/objects/metadata.ts";
import { encodeValue } from "../lambdas/objects/metadata-text.ts";
import { blobNameOf } from "../lambdas/objects/names.ts";
import { type Comparison, compare, type Side } from "../lambdas/objects/reconcile.ts";

const MIB = 1024 * 1024;

/** How often the copy is looked for, in milliseconds: the finest step of the times in the report. */
const LOOK_AGAIN = 100;

/** An object that is put at the primary, with what the copy is compared to. */
export interface Sample {
  key: string;
  body: Buffer;
  contentType: string;
  sha256: string;
  /** As its users name it. */
  metadata: Record<string, string>;
}

/** How an object crossed. */
export interface Crossing {
  key: string;
  bytes: number;
  /** From the end of the put to the copy's being there, in milliseconds. */
  milliseconds: number;
}

/** The objects of the rehearsal: every size class and every kind of key that has ever broken a copier. */
export function makeSamples(): Sample[] {
  const text = Buffer.from("The quick brown fox jumps over the lazy dog.\n".repeat(100));
  return [
    sample("index.html", text, "text/html; charset=utf-8"),
    sample("empty", Buffer.alloc(0), "application/octet-stream"),
    sample("media/large.bin", randomFillSync(Buffer.alloc(200 * MIB)), "application/octet-stream"),
    sample("a folder/with spaces.txt", text, "text/plain"),
    sample("plus+and+plus.txt", text, "text/plain"),
    sample("unicode/übergrößen-日本語-🙂.txt", text, "text/plain; charset=utf-8"),
    sample("percent%20and 100%.txt", text, "text/plain"),
    sample("a folder/", Buffer.alloc(0), "application/x-directory"),
    sample("back\\slash and dot.", text, "text/plain"),
  ];
}

function sample(key: string, body: Buffer, contentType: string): Sample {
  return { key, body, contentType, sha256: sha256(body), metadata: { "cache-id": "17", author: "Zoë" } };
}

/** Puts an object through the S3 API. */
export async function put(s3: S3Client, bucket: string, sample: Sample, signal: AbortSignal) {
  const { key, body, contentType } = sample;
  // S3 takes other than ASCII as an encoded word of RFC 2047, and gives it back so ("Working with object metadata").
  const Metadata = Object.fromEntries(
    Object.entries(sample.metadata).map(([name, value]) => [name, encodeValue(value)]),
  );
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType, Metadata }), {
    abortSignal: signal,
  });
}

/**
 * Waits until the copy of an object is there, and compares it byte by byte.
 *
 * @param patience how long the copy may take, in milliseconds
 * @throws Error when it does not come in time, or is not the same
 */
export async function watchCrossing(
  container: ContainerClient,
  { key, body, contentType, sha256: expected, metadata }: Sample,
  patience: number,
  signal: AbortSignal,
): Promise<Crossing> {
  const blob = container.getBlockBlobClient(blobNameOf(key));
  const started = performance.now();
  while (!(await exists(blob, signal))) {
    const waited = performance.now() - started;
    if (waited > patience) {
      throw new Error(
        `no copy of ${JSON.stringify(key)} came within ${Math.round(patience / 1000)} s; see what the function says in ministack.log`,
      );
    }
    await delay(LOOK_AGAIN, undefined, { signal });
  }
  const milliseconds = Math.round(performance.now() - started);

  const found = await blob.downloadToBuffer(undefined, undefined, { abortSignal: signal });
  if (sha256(found) !== expected) {
    throw new Error(`the copy of ${JSON.stringify(key)} differs: expected ${body.length} bytes, found ${found.length}`);
  }
  const properties = await blob.getProperties({ abortSignal: signal });
  if (properties.contentType !== contentType) {
    throw new Error(
      `the copy of ${JSON.stringify(key)} has the content type ${properties.contentType}, expected ${contentType}`,
    );
  }
  const carried = fromBlobMetadata(properties.metadata ?? {}).metadata;
  if (!isDeepStrictEqual({ ...carried }, metadata)) {
    throw new Error(
      `the copy of ${JSON.stringify(key)} has the metadata ${JSON.stringify(carried)}, expected ${JSON.stringify(metadata)}`,
    );
  }
  return { key, bytes: body.length, milliseconds };
}

/** How long both sides may take to agree after a change, in milliseconds. */
const AGREEMENT_PATIENCE = 60_000;

/** Compares both sides until they agree. @throws Error when they do not in time */
export async function untilAgreed(
  source: Side,
  copies: Side,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<Comparison> {
  const started = performance.now();
  for (;;) {
    const found = await compare(source, copies, { signal });
    if (found.digest.source === found.digest.copies) return found;
    const { missing, different, extra } = found;
    report(`${missing} missing, ${different} different, ${extra} extra`);
    if (performance.now() - started > AGREEMENT_PATIENCE) {
      throw new Error(`both sides should agree, found ${missing} missing, ${different} different, ${extra} extra`);
    }
    await delay(LOOK_AGAIN, undefined, { signal });
  }
}

async function exists(
  blob: { getProperties(options: object): Promise<unknown> },
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await blob.getProperties({ abortSignal: signal });
    return true;
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return false;
    throw error;
  }
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
