import { addAbortSignal, Readable } from "node:stream";
import { GetObjectCommand, NoSuchKey, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { type DumpStore, MissingError, type Stored } from "./store.ts";

/** Bytes of a part of what is written; S3 takes 10,000 of them in an object, which makes 78 GiB. */
const PART_BYTES = 8 * 2 ** 20;

/** Parts that are sent at once: one is filled while another is under way, and no more memory than that is held. */
const PARALLEL_PARTS = 2;

/** Dumps in a bucket. */
export class S3DumpStore implements DumpStore {
  readonly place: string;
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.place = `s3://${bucket}`;
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  async list(prefix: string, signal: AbortSignal): Promise<Stored[]> {
    const found: Stored[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: this.#s3 },
      { Bucket: this.#bucket, Prefix: prefix },
      { abortSignal: signal },
    )) {
      found.push(...Contents.map(({ Key = "", Size = 0 }) => ({ name: Key, size: Size })));
    }
    return found;
  }

  async read(name: string, signal: AbortSignal): Promise<Readable> {
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: name });
    const { Body } = await this.#s3.send(command, { abortSignal: signal }).catch((error) => {
      if (error instanceof NoSuchKey) throw new MissingError(`${this.place} has no ${name}`, { cause: error });
      throw error;
    });
    return addAbortSignal(signal, Body as Readable);
  }

  async write(name: string, body: AsyncIterable<Buffer>, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    let size = 0;
    async function* counted() {
      for await (const block of body) {
        // What is slow to come is not what the upload looks at its own signal for.
        signal.throwIfAborted();
        size += block.length;
        yield block;
      }
    }
    const upload = new Upload({
      client: this.#s3,
      params: { Bucket: this.#bucket, Key: name, Body: Readable.from(counted(), { objectMode: false }) },
      partSize: PART_BYTES,
      queueSize: PARALLEL_PARTS,
    });
    const abort = () => void upload.abort();
    signal.addEventListener("abort", abort, { once: true });
    try {
      await upload.done();
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
    return size;
  }
}
