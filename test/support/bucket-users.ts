import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { digestOf } from "./both-sides.ts";
import type { Random } from "./random.ts";

const MIB = 1024 * 1024;

/** A state that a key had. */
export interface Past {
  version: string;
  tags: Record<string, string>;
  gone: boolean;
  /** Digest of its bytes; undefined when it is gone. */
  content?: string;
  etag: string;
  /** Between when and when it was written, in seconds since 1970. */
  seconds: { from: number; to: number };
}

/** A key that was changed. */
export interface Change {
  key: string;
  /** Whether a listing shows the change: tags are in none, nor are versions, and times are of whole seconds. */
  listed: boolean;
}

const STEPS = { put: 40, again: 12, remove: 18, rename: 14, tag: 15, upload: 0.5 };

/** Users of the primary's bucket, who do this and that to a few keys. They remember what they did. */
export class BucketUsers {
  /** All states of each key, the oldest first. */
  readonly history = new Map<string, Past[]>();
  /** The bytes that stand under a key. */
  readonly contents = new Map<string, Buffer>();
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #keys: readonly string[];
  readonly #random: Random;
  #count = 0;

  constructor(s3: S3Client, bucket: string, keys: readonly string[], random: Random) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#keys = keys;
    this.#random = random;
  }

  /** Does one thing to one key, or moves it to another one. @returns what changed, none when nothing was to be done */
  async step(): Promise<Change[]> {
    this.#count += 1;
    const key = this.#random.pick(this.#keys);
    const step = this.#random.weighed(STEPS);
    const content = this.contents.get(key);
    if (step === "upload") return [await this.#upload(key)];
    if (step === "put" || content === undefined) return [await this.#put(key, this.#content())];
    if (step === "again") return [await this.#put(key, content)];
    if (step === "remove") return [await this.#remove(key)];
    if (step === "tag") return [await this.#tag(key)];
    const to = this.#random.pick(this.#keys);
    return to === key ? [] : [await this.#copy(key, to), await this.#remove(key)];
  }

  /** Takes notice of what others wrote meanwhile. */
  async lookAround(): Promise<void> {
    for (const key of this.#keys) {
      const object = await this.#s3.send(new GetObjectCommand(this.#at(key))).catch((error: Error) => {
        if (error.name !== "NoSuchKey") throw error;
      });
      this.contents.delete(key);
      if (object) this.contents.set(key, Buffer.from((await object.Body?.transformToByteArray()) ?? []));
    }
  }

  #content(): Buffer {
    const random = this.#random;
    const most = random.weighed({ 0: 10, 1: 10, 2000: 70, 300000: 9, [8 * MIB]: 0.3, [17 * MIB]: 0.3 });
    return random.bytes(Math.max(0, Number(most) - random.below(Number(most) / 8)));
  }

  async #put(key: string, content: Buffer): Promise<Change> {
    const tags = this.#random.chance(0.3) ? this.#tags() : {};
    const Tagging = new URLSearchParams(tags).toString() || undefined;
    const change = this.#noting(key, { tags, content });
    const put = new PutObjectCommand({ ...this.#at(key), ...this.#description(), Body: content, Tagging });
    return change(await this.#s3.send(put));
  }

  /** In parts, so that the ETag is no MD5. */
  async #upload(key: string): Promise<Change> {
    const content = this.#random.bytes(5 * MIB + this.#random.below(4 * MIB) + 1);
    const at = this.#at(key);
    const { UploadId } = await this.#s3.send(new CreateMultipartUploadCommand({ ...at, ...this.#description() }));
    const parts = [content.subarray(0, 5 * MIB), content.subarray(5 * MIB)];
    const Parts: { PartNumber: number; ETag?: string }[] = [];
    for (const [index, Body] of parts.entries()) {
      const PartNumber = index + 1;
      const { ETag } = await this.#s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
      Parts.push({ PartNumber, ETag });
    }
    const change = this.#noting(key, { tags: {}, content });
    const whole = { ...at, UploadId, MultipartUpload: { Parts } };
    return change(await this.#s3.send(new CompleteMultipartUploadCommand(whole)));
  }

  async #remove(key: string): Promise<Change> {
    const change = this.#noting(key, { tags: {} });
    return change(await this.#s3.send(new DeleteObjectCommand(this.#at(key))));
  }

  async #copy(from: string, to: string): Promise<Change> {
    const { TagSet = [] } = await this.#s3.send(new GetObjectTaggingCommand(this.#at(from)));
    const tags = Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value]));
    const change = this.#noting(to, { tags, content: this.contents.get(from) });
    const CopySource = `${this.#bucket}/${encodeURIComponent(from)}`;
    const { CopyObjectResult, VersionId } = await this.#s3.send(new CopyObjectCommand({ ...this.#at(to), CopySource }));
    return change({ VersionId, ETag: CopyObjectResult?.ETag });
  }

  async #tag(key: string): Promise<Change> {
    const tags = this.#random.chance(0.8) ? this.#tags() : {};
    const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    if (TagSet.length === 0) await this.#s3.send(new DeleteObjectTaggingCommand(this.#at(key)));
    else await this.#s3.send(new PutObjectTaggingCommand({ ...this.#at(key), Tagging: { TagSet } }));
    const past = this.history.get(key);
    const now = past?.at(-1);
    // None of what others wrote.
    if (now) past?.push({ ...now, tags });
    return { key, listed: false };
  }

  /** Notes what is done, and when, as soon as it is answered. */
  #noting(key: string, { tags, content }: { tags: Past["tags"]; content?: Buffer }) {
    const from = Math.floor(Date.now() / 1000);
    return ({ VersionId: version = "", ETag = "" }: { VersionId?: string; ETag?: string }): Change => {
      const past = this.history.get(key) ?? [];
      const gone = content === undefined;
      const etag = ETag.replaceAll('"', "");
      if (content) this.contents.set(key, content);
      else this.contents.delete(key);
      const listed = gone || !past.some((state) => state.etag === etag && state.seconds.to >= from);
      past.push({
        version,
        tags,
        gone,
        content: content && digestOf(content),
        etag,
        seconds: { from, to: Math.floor(Date.now() / 1000) },
      });
      this.history.set(key, past);
      return { key, listed };
    };
  }

  #description() {
    const { pick, chance } = { pick: this.#random.pick.bind(this.#random), chance: () => this.#random.chance(0.3) };
    return {
      ContentType: pick(["text/plain", "text/html; charset=utf-8", "application/octet-stream"]),
      ...(chance() && { CacheControl: pick(["no-cache", "public, max-age=600"]) }),
      ...(chance() && { ContentEncoding: "gzip" }),
      ...(chance() && { ContentLanguage: pick(["de", "en, fr"]) }),
      ...(chance() && { ContentDisposition: `attachment; filename="a b; ${this.#count}.txt"` }),
      ...(chance() && { Expires: new Date(2_000_000_000_000) }),
      ...(chance() && { WebsiteRedirectLocation: "/elsewhere" }),
      Metadata: {
        step: String(this.#count),
        ...(chance() && { "with-hyphen": "a  b", with_underscore: "=?UTF-8?B?w7w=?=", "dr_of.users": "50%" }),
      },
    };
  }

  #tags(): Record<string, string> {
    return { step: String(this.#count), ...(this.#random.chance(0.5) && { "a b+c": "ü/= 1" }) };
  }

  #at(Key: string) {
    return { Bucket: this.#bucket, Key };
  }
}
