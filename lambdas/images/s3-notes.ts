import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Notes } from "./carry.ts";

/** Notes beside the disk's file, which go with it. */
export class S3Notes implements Notes {
  readonly #s3: S3Client;
  readonly #at: { Bucket: string; Key: string };

  /** @param key of the disk's file */
  constructor(s3: S3Client, bucket: string, key: string) {
    this.#s3 = s3;
    this.#at = { Bucket: bucket, Key: `${key}.progress.json` };
  }

  async read(): Promise<string | undefined> {
    try {
      return await (await this.#s3.send(new GetObjectCommand(this.#at))).Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  async write(text: string): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ ...this.#at, Body: text, ContentType: "application/json" }));
  }
}
