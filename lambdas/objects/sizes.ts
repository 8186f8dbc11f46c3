import { Permanent } from "./failure.ts";

const MIB = 1024 * 1024;

/** The largest object that is written in one request: more would only cost memory. */
export const ONE_PUT_BYTES = 8 * MIB;

/** Bytes of content that one function holds at once: with what Node and the clients take, 128 MiB. */
export const CONTENT_BYTES = 32 * MIB;

/** The least bytes of a part: fewer make more requests, more take more memory. */
const PART_BYTES = 4 * MIB;

/** The most bytes of a part: a function of 512 MiB holds one of them with room to spare. */
const MOST_PART_BYTES = 128 * MIB;

/** A blob of 50,000 such parts: 6.1 TiB. */
export const BLOB_MOST_BYTES = 50_000 * MOST_PART_BYTES;

/** An object of S3 has 10,000 parts at most ("Amazon S3 multipart upload limits"): with such parts 1.2 TiB. */
export const OBJECT_MOST_BYTES = 10_000 * MOST_PART_BYTES;

/**
 * Bytes of each part of a large object but the last, in whole MiB: the same for the same object, whoever asks.
 *
 * @param bytes of the object
 * @param mostParts of one object, by the side that is written to
 * @throws Permanent when it is larger than `mostBytes`
 */
export function partBytesOf(bytes: number, mostParts: number, mostBytes: number): number {
  if (bytes > mostBytes) {
    throw new Permanent(`expected an object of at most ${mostBytes} bytes, found ${bytes}: copy it by hand`);
  }
  return Math.max(PART_BYTES, Math.ceil(bytes / mostParts / MIB) * MIB);
}
