import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { toObjectMetadata } from "./metadata.ts";
import { S3Reader } from "./s3-reader.ts";
import { OBJECT_MOST_BYTES, partBytesOf } from "./sizes.ts";
import {
  type Description,
  type Expected,
  Overtaken,
  type Parts,
  type SourceRecord,
  type State,
  type Target,
} from "./store.ts";

/** S3's limit of parts in an object ("Amazon S3 multipart upload limits"). */
const MOST_PARTS = 10_000;

/** Errors that say: the object is no longer as it was; the last one when it is gone ("Conditional requests"). */
const OVERTAKEN = ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"];

/** The objects of one bucket. What is read is read without the SDK, which the replicator does without. */
export class S3Store extends S3Reader implements Target {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    super(s3.config, bucket);
    this.#s3 = s3;
    this.#bucket = bucket;
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
    // The SDK sends the CRC-32 of each part unasked; S3 takes that only when it was told before, and is told again at
    // the end (aws-sdk-js-v3#6818).
    const upload = { ...at, ...described(description), ChecksumAlgorithm: "CRC32" } as const;
    const { UploadId } = await this.#s3.send(new CreateMultipartUploadCommand(upload));
    const Parts: CompletedPart[] = [];
    return {
      there: new Map(),
      write: async (number, Body) => {
        const PartNumber = number + 1;
        const sent = await this.#s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
        Parts[number] = { PartNumber, ETag: sent.ETag, ChecksumCRC32: sent.ChecksumCRC32 };
      },
      commit: async (_crcs, _checksum, expected) => {
        const whole = { ...at, ...condition(expected), UploadId, MultipartUpload: { Parts } };
        await this.#s3.send(new CompleteMultipartUploadCommand(whole)).catch(overtaken);
      },
    };
  }

  #at(Key: string) {
    return { Bucket: this.#bucket, Key };
  }
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
    // What is no date is none in S3 either.
    ...(Number.isFinite(Date.parse(headers.expires ?? "")) && { Expires: new Date(headers.expires ?? "") }),
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
