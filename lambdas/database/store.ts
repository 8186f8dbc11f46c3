import type { Readable } from "node:stream";

/** Something in a store. */
export interface Stored {
  name: string;
  /** Bytes. */
  size: number;
  /** When it was written, by the store's own clock; absent where that is not told. */
  writtenAt?: Date;
}

/** Where dumps are kept: a bucket, or a container of blobs. */
export interface DumpStore {
  /** What for people it is. @example "s3://shop-dumps" */
  readonly place: string;
  /** Everything under a prefix, in order of its name. */
  list(prefix: string, signal: AbortSignal): Promise<Stored[]>;
  /** @throws MissingError when there is none of that name */
  read(name: string, signal: AbortSignal): Promise<Readable>;
  /** Writes all of it or nothing, over what is there, in parts so that no size needs more memory. @returns bytes written */
  write(name: string, body: AsyncIterable<Buffer>, signal: AbortSignal): Promise<number>;
}

/** There is nothing of that name. */
export class MissingError extends Error {}
