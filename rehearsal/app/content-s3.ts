import type { Readable } from "node:stream";
import { GetObjectCommand, HeadObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { type Content, type Item, WELCOME } from "./content.ts";

/** The bucket of the primary, read as the role that the server has. */
export class S3Content implements Content {
  readonly #bucket: string;
  readonly #s3: S3Client;

  constructor(bucket: string, region: string) {
    this.#bucket = bucket;
    this.#s3 = new S3Client({ region });
  }

  async get(Key: string, abortSignal?: AbortSignal): Promise<Item | undefined> {
    try {
      const found = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key }), { abortSignal });
      return { body: found.Body as Readable, type: found.ContentType, length: found.ContentLength };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async check(abortSignal: AbortSignal): Promise<void> {
    try {
      await this.#s3.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: WELCOME }), { abortSignal });
    } catch (error) {
      // S3 says so only to those who may list the bucket; everybody else is refused (HeadObject, permissions).
      if (!isMissing(error)) throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && ["NotFound", "NoSuchKey"].includes(error.name);
}
