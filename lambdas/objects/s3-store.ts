import type { Readable } from "node:stream";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { fromObjectMetadata, toObjectMetadata } from "./metadata.ts";
import { OBJECT_MOST_BYTES, partBytesOf } from "./sizes.ts";
import {
  type Checksum,
  type Description,
  type Expected,
  type Listed,
  type Opened,
  Overtaken,
  type Parts,
  type Source,
  type SourceRecord,
  type State,
  type Target,
} from "./store.ts";

/** S3's limit of parts in an object ("Amazon S3 multipart upload limits"). */
const MOST_PARTS = 10_000;

/** Errors that say: the object is no longer as it was. */
const OVERTAKEN = ["PreconditionFailed", "ConditionalRequestConflict"];

/** How long a signed URL is good for, in seconds: longer than any invocation. */
const SIGNED_SECONDS = 900;

/** A client of S3 that leaves the checking of what is read to whoever reads it, so that it is done once. */
export function s3Reader(config: S3ClientConfig): S3Client {
  const s3 = new S3Client({ ...config, responseChecksumValidation: "WHEN_REQUIRED" });
  // The checksums are asked for all the same; by the command's own option the SDK would compute them too.
  s3.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers["x-amz-checksum-mode"] = "ENABLED";
      return next(args);
    },
    { step: "build", name: "askForChecksums" },
  );
  return s3;
}

/** A bucket of S3. */
export class S3Store implements Source, Target {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  async look(key: string): Promise<State | undefined> {
    const head = await this.#unlessGone(this.#s3.send(new HeadObjectCommand(this.#at(key))));
    if (head) return this.#stateOf(key, head);
    // HEAD cannot tell a key that is gone from a bucket that is gone: its answer has no body.
    const opened = await this.open(key);
    opened?.body.destroy();
    return opened?.state;
  }

  async open(key: string): Promise<Opened | undefined> {
    const object = await this.#unlessGone(this.#s3.send(new GetObjectCommand(this.#at(key))));
    if (!object) return undefined;
    const body = object.Body as Readable;
    try {
      return { state: await this.#stateOf(key, object), body };
    } catch (error) {
      body.destroy();
      throw error;
    }
  }

  async openAt(key: string, { etag, bytes }: State, offset: number): Promise<Readable> {
    const Range = bytes > 0 ? `bytes=${offset}-` : undefined;
    const object = await this.#unlessGone(
      this.#s3.send(new GetObjectCommand({ ...this.#at(key), IfMatch: quoted(etag), Range })).catch(overtaken),
    );
    if (!object) throw new Overtaken(`${key} is gone`);
    const body = object.Body as Readable;
    if (object.ContentLength === bytes - offset) return body;
    body.destroy();
    // Some servers answer with all of it: its beginning must not be taken for its end.
    throw new Error(`${key}: expected ${bytes - offset} bytes from ${offset} on, was offered ${object.ContentLength}`);
  }

  async sign(key: string, { version }: State): Promise<string> {
    const command = new GetObjectCommand({ ...this.#at(key), ...(version && { VersionId: version }) });
    return getSignedUrl(this.#s3, command, { expiresIn: SIGNED_SECONDS });
  }

  async put(key: string, content: Buffer, description: Description, expected: Expected): Promise<void> {
    await this.#s3
      .send(
        new PutObjectCommand({ ...this.#at(key), ...described(description), ...condition(expected), Body: content }),
      )
      .catch(overtaken);
  }

  async hide(key: string, _record: SourceRecord | undefined, expected: Expected): Promise<void> {
    if (expected === "nothing") return;
    await this.#s3.send(new DeleteObjectCommand({ ...this.#at(key), IfMatch: quoted(expected.etag) })).catch(overtaken);
  }

  partBytes(bytes: number): number {
    return partBytesOf(bytes, MOST_PARTS, OBJECT_MOST_BYTES);
  }

  /** A new upload each time: S3 tells of the parts of an earlier one only who began it. */
  async parts(key: string, _state: State, description: Description): Promise<Parts> {
    const at = this.#at(key);
    const { UploadId } = await this.#s3.send(new CreateMultipartUploadCommand({ ...at, ...described(description) }));
    const etags: (string | undefined)[] = [];
    return {
      there: new Map(),
      write: async (number, Body) => {
        const PartNumber = number + 1;
        const { ETag } = await this.#s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
        etags[number] = ETag;
      },
      commit: async (_crcs, _checksum, expected) => {
        const Parts = etags.map((ETag, number) => ({ ETag, PartNumber: number + 1 }));
        const whole = { ...at, ...condition(expected), UploadId, MultipartUpload: { Parts } };
        await this.#s3.send(new CompleteMultipartUploadCommand(whole)).catch(overtaken);
      },
    };
  }

  async *list(prefix: string): AsyncGenerator<Listed> {
    let token: string | undefined;
    do {
      const { Contents = [], NextContinuationToken } = await this.#s3.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: prefix || undefined,
          ContinuationToken: token,
          // A key may hold what XML cannot.
          EncodingType: "url",
        }),
      );
      for (const { Key = "", ETag, Size = 0, LastModified = new Date(0) } of Contents) {
        const key = decodeURIComponent(Key.replaceAll("+", " "));
        yield { key, etag: unquoted(ETag), bytes: Size, modified: toSecond(LastModified), gone: false };
      }
      token = NextContinuationToken;
    } while (token !== undefined);
  }

  #at(Key: string) {
    return { Bucket: this.#bucket, Key };
  }

  async #unlessGone<T>(request: Promise<T>): Promise<T | undefined> {
    try {
      return await request;
    } catch (error) {
      if (!(error instanceof S3ServiceException)) throw error;
      if (["NoSuchKey", "NotFound", "NoSuchVersion"].includes(error.name)) return undefined;
      // A delete marker that is asked for by its version.
      if (error.name === "MethodNotAllowed") return undefined;
      throw error;
    }
  }

  async #stateOf(key: string, found: HeadObjectCommandOutput | GetObjectCommandOutput): Promise<State> {
    const { VersionId, ETag, ContentLength = 0, LastModified = new Date(0), TagCount } = found;
    const version = VersionId === undefined || VersionId === "null" ? "" : VersionId;
    const { metadata, record, gone } = fromObjectMetadata(found.Metadata ?? {});
    return {
      etag: unquoted(ETag),
      version,
      bytes: ContentLength,
      modified: toSecond(LastModified),
      headers: {
        contentType: found.ContentType,
        contentEncoding: found.ContentEncoding,
        contentLanguage: found.ContentLanguage,
        contentDisposition: found.ContentDisposition,
        cacheControl: found.CacheControl,
        expires: found.ExpiresString,
        redirect: found.WebsiteRedirectLocation,
      },
      metadata,
      tags: TagCount ? await this.#tags(key, version) : {},
      checksum: checksumOf(found),
      record,
      gone,
    };
  }

  async #tags(key: string, version: string): Promise<Record<string, string>> {
    const { TagSet = [] } = await this.#s3.send(
      new GetObjectTaggingCommand({ ...this.#at(key), ...(version && { VersionId: version }) }),
    );
    return Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value]));
  }
}

/** What S3 knows of all the bytes; nothing when it knows only of parts, or has encrypted with a key of the user's. */
function checksumOf(found: HeadObjectCommandOutput | GetObjectCommandOutput): Checksum | undefined {
  const { ChecksumCRC64NVME, ChecksumCRC32, ETag, ServerSideEncryption = "AES256", SSECustomerAlgorithm } = found;
  const whole = (value: string | undefined) => value !== undefined && !value.includes("-");
  if (whole(ChecksumCRC64NVME)) return { algorithm: "crc64nvme", value: inHex(ChecksumCRC64NVME) };
  if (whole(ChecksumCRC32)) return { algorithm: "crc32", value: inHex(ChecksumCRC32) };
  const md5 = /^[0-9a-f]{32}$/.exec(unquoted(ETag))?.[0];
  const isMd5 = ServerSideEncryption === "AES256" && SSECustomerAlgorithm === undefined;
  return md5 && isMd5 ? { algorithm: "md5", value: md5 } : undefined;
}

function inHex(base64 = ""): string {
  return Buffer.from(base64, "base64").toString("hex");
}

/** How an object is to be served, and of what it is. */
function described({ headers, metadata, tags, record }: Description) {
  return {
    ContentType: headers.contentType,
    ContentEncoding: headers.contentEncoding,
    ContentLanguage: headers.contentLanguage,
    ContentDisposition: headers.contentDisposition,
    CacheControl: headers.cacheControl,
    WebsiteRedirectLocation: headers.redirect,
    ...(headers.expires && { Expires: new Date(headers.expires) }),
    Metadata: toObjectMetadata({ metadata, record }),
    ...(Object.keys(tags).length > 0 && { Tagging: new URLSearchParams(tags).toString() }),
  };
}

function condition(expected: Expected) {
  return expected === "nothing" ? { IfNoneMatch: "*" } : { IfMatch: quoted(expected.etag) };
}

function overtaken(error: unknown): never {
  if (error instanceof S3ServiceException && OVERTAKEN.includes(error.name)) throw new Overtaken(error.message);
  throw error;
}

function quoted(etag: string): string {
  return `"${etag}"`;
}

function unquoted(etag = ""): string {
  return etag.replaceAll('"', "");
}

/** S3's headers tell seconds, its lists more on some servers: all are compared. */
function toSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}
