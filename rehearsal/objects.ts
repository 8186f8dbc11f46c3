import { createHash, randomFillSync } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type ContainerClient, RestError } from "@azure/storage-blob";

const MIB = 1024 * 1024;

/** How often the copy is looked for, in milliseconds: the finest step of the times in the report. */
const LOOK_AGAIN = 100;

/** An object that is put at the primary, with what the copy is compared to. */
export interface Sample {
  key: string;
  body: Buffer;
  contentType: string;
  sha256: string;
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
  ];
}

function sample(key: string, body: Buffer, contentType: string): Sample {
  return { key, body, contentType, sha256: sha256(body) };
}

/** Puts an object through the S3 API. */
export async function put(s3: S3Client, bucket: string, { key, body, contentType }: Sample, signal: AbortSignal) {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }), {
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
  { key, body, contentType, sha256: expected }: Sample,
  patience: number,
  signal: AbortSignal,
): Promise<Crossing> {
  const blob = container.getBlockBlobClient(key);
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
  return { key, bytes: body.length, milliseconds };
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
