import { createHash } from "node:crypto";
import { GetObjectCommand, GetObjectTaggingCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ContainerClient } from "@azure/storage-blob";
import { fromBlobMetadata, fromObjectMetadata } from "../../lambdas/objects/metadata.ts";
import { blobNameOf } from "../../lambdas/objects/names.ts";

/** What users see under a key, on either side. */
export interface Seen {
  content: string;
  type?: string;
  encoding?: string;
  language?: string;
  disposition?: string;
  cache?: string;
  expires?: string;
  redirect?: string;
  metadata: Record<string, string>;
  tags: Record<string, string>;
}

/** Content in a form that is short in the report of a failure. */
export function digestOf(content: Buffer): string {
  return `${content.length} bytes, ${createHash("sha256").update(content).digest("hex")}`;
}

/** What users of the primary see under a key. */
export async function objectAt(s3: S3Client, Bucket: string, Key: string): Promise<Seen | undefined> {
  try {
    const found = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
    return {
      content: digestOf(Buffer.from((await found.Body?.transformToByteArray()) ?? [])),
      type: found.ContentType,
      encoding: found.ContentEncoding,
      language: found.ContentLanguage,
      disposition: found.ContentDisposition,
      cache: found.CacheControl,
      expires: found.ExpiresString,
      redirect: found.WebsiteRedirectLocation,
      metadata: fromObjectMetadata(found.Metadata ?? {}).metadata,
      tags: Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value])),
    };
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return undefined;
    throw error;
  }
}

/** What users of the standby see under a key: not what is hidden. */
export async function blobAt(container: ContainerClient, key: string): Promise<Seen | undefined> {
  const blob = container.getBlobClient(blobNameOf(key));
  if (!(await blob.exists())) return undefined;
  const found = await blob.getProperties();
  const { metadata, tags, headers, gone } = fromBlobMetadata(found.metadata ?? {});
  if (gone) return undefined;
  return {
    content: digestOf(found.contentLength === 0 ? Buffer.alloc(0) : await blob.downloadToBuffer()),
    type: found.contentType,
    encoding: found.contentEncoding,
    language: found.contentLanguage,
    disposition: found.contentDisposition,
    cache: found.cacheControl,
    expires: headers.expires,
    redirect: headers.redirect,
    metadata,
    tags,
  };
}
