import { text } from "node:stream/consumers";
import type { BlobClient } from "@azure/storage-blob";

/** The text of a small blob, in one request. */
export async function blobText(blob: BlobClient, abortSignal: AbortSignal): Promise<string> {
  const { readableStreamBody } = await blob.download(0, undefined, { abortSignal });
  return readableStreamBody ? text(readableStreamBody) : "";
}
