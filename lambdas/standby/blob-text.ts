import { text } from "node:stream/consumers";
import { type BlobClient, RestError } from "@azure/storage-blob";

/** The text of a small blob, in one request. */
export async function blobText(blob: BlobClient, abortSignal: AbortSignal): Promise<string> {
  const { readableStreamBody } = await blob.download(0, undefined, { abortSignal });
  return readableStreamBody ? text(readableStreamBody) : "";
}

/** The same; undefined when there is no such blob. */
export async function textIfThere(blob: BlobClient, abortSignal: AbortSignal): Promise<string | undefined> {
  try {
    return await blobText(blob, abortSignal);
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return undefined;
    throw error;
  }
}
