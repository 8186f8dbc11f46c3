import type { S3Reader } from "../objects/s3-reader.ts";
import type { State } from "../objects/store.ts";
import type { RangedFile } from "./disk.ts";

/** An object of S3's as it was when it was looked at: a part of what was written over it is no part of it. */
export class S3File implements RangedFile {
  readonly name: string;
  readonly bytes: number;
  readonly etag: string;
  readonly #reader: S3Reader;
  readonly #key: string;
  readonly #state: State;

  /** @param place the bucket, for people @example "s3://shop-images" */
  constructor(reader: S3Reader, place: string, key: string, state: State) {
    this.name = `${place}/${key}`;
    this.bytes = state.bytes;
    this.etag = state.etag;
    this.#reader = reader;
    this.#key = key;
    this.#state = state;
  }

  async read(offset: number, length: number, room = Buffer.allocUnsafe(length)): Promise<Buffer> {
    const content = room.subarray(0, length);
    await this.#reader.readAt(this.#key, this.#state, offset, content);
    return content;
  }
}
