import { deflateRawSync, inflateRawSync } from "node:zlib";
import { Permanent } from "./failure.ts";
import { decodeName, decodeValue, encodeName, encodeValue } from "./metadata-text.ts";
import type { Checksum, ContentHeaders, SourceRecord, State } from "./store.ts";

/** What the metadata of a blob holds of a copy. */
export type BlobMetadata = Pick<State, "metadata" | "tags" | "record" | "gone"> & {
  headers: Pick<ContentHeaders, "expires" | "redirect">;
};

/** What the metadata of an object holds of a copy; the rest has a place of its own in S3. */
export type ObjectMetadata = Pick<State, "metadata" | "record" | "gone">;

/** Most bytes of metadata, names and values together ("Set Blob Metadata"; "Working with object metadata"). */
const MOST_BYTES = { Azure: 8 * 1024, S3: 2 * 1024 };

/** All names that begin so are the replicator's on a blob. */
const OWN = "dr_";

/** On an object only these are, because users of S3 may have others of that kind. */
const RECORD = ["dr_etag", "dr_version", "dr_bytes", "dr_modified", "dr_checksum"];

/** Begins the names on an object that S3 itself cannot hold; a name of the users' follows as a blob would have it. */
const FOREIGN = "dr_name_";

/** Begins tags that are compressed. */
const DEFLATED = "deflate:";

/**
 * All that a blob has no other place for, as its metadata.
 *
 * @throws Permanent when it is more than Azure holds
 */
export function toBlobMetadata(
  state: Pick<State, "metadata" | "tags" | "headers"> & Partial<Pick<State, "record" | "gone">>,
): Record<string, string> {
  const { metadata, tags, headers, record, gone } = state;
  const own = {
    ...(record && writeRecord(record)),
    ...(gone && { dr_gone: "yes" }),
    dr_tags: writeTags(tags),
    dr_expires: headers.expires,
    dr_redirect: headers.redirect,
  };
  return flat("Azure", own, metadata, encodeName);
}

/** Reads the metadata of any blob. What somebody made by hand and makes no sense is left out. */
export function fromBlobMetadata(all: Record<string, string>): BlobMetadata {
  const names = Object.entries(all).map(([name, value]): [string, string] => [name.toLowerCase(), decodeValue(value)]);
  const own = new Map(names.filter(([name]) => name.startsWith(OWN)));
  const expires = own.get("dr_expires");
  const redirect = own.get("dr_redirect");
  return {
    metadata: users(names, (name) => !name.startsWith(OWN), decodeName),
    headers: { ...(expires !== undefined && { expires }), ...(redirect !== undefined && { redirect }) },
    tags: readTags(own.get("dr_tags") ?? ""),
    record: readRecord(own),
    gone: own.get("dr_gone") === "yes",
  };
}

/**
 * Metadata for an object that is a copy. Names that S3 takes, tokens in lower case, stay as they are.
 *
 * @throws Permanent when it is more than S3 holds
 */
export function toObjectMetadata({ metadata, record }: Omit<ObjectMetadata, "gone">): Record<string, string> {
  return flat("S3", record ? writeRecord(record) : {}, metadata, encodeObjectName);
}

/** Reads the metadata of any object. Objects are deleted for real: none is a tombstone. */
export function fromObjectMetadata(all: Record<string, string>): ObjectMetadata {
  const names = Object.entries(all).map(([name, value]): [string, string] => [name.toLowerCase(), decodeValue(value)]);
  return {
    metadata: users(names, (name) => !RECORD.includes(name), decodeObjectName),
    record: readRecord(new Map(names)),
    gone: false,
  };
}

function encodeObjectName(name: string): string {
  const plain = /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) && !name.startsWith(FOREIGN) && !RECORD.includes(name);
  return plain ? name : FOREIGN + encodeName(name);
}

function decodeObjectName(written: string): string {
  if (!written.startsWith(FOREIGN)) return written;
  const name = decodeName(written.slice(FOREIGN.length));
  return encodeObjectName(name) === written ? name : written;
}

/** Everything in one table, every value as a header takes it. `Object.fromEntries` takes `__proto__` for a name. */
function flat(
  side: "Azure" | "S3",
  own: Record<string, string | undefined>,
  metadata: Record<string, string>,
  encode: (name: string) => string,
): Record<string, string> {
  const entries = Object.entries(metadata).map(([name, value]) => [encode(name), encodeValue(value)] as const);
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined) entries.push([name, encodeValue(value)]);
  }
  const bytes = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (bytes > MOST_BYTES[side]) {
    const tags = own.dr_tags ? `, ${own.dr_tags.length} of them tags` : "";
    throw new Permanent(
      `expected at most ${MOST_BYTES[side]} bytes of metadata, which is what ${side} holds, found ${bytes}${tags}; shorten the metadata or the tags of the object`,
    );
  }
  return Object.fromEntries(entries);
}

function users(
  all: readonly [name: string, value: string][],
  isUsers: (name: string) => boolean,
  decode: (name: string) => string,
): Record<string, string> {
  return Object.fromEntries(all.filter(([name]) => isUsers(name)).map(([name, value]) => [decode(name), value]));
}

function writeRecord({ etag, version, bytes, modified, checksum }: SourceRecord): Record<string, string> {
  return {
    dr_etag: etag,
    ...(version && { dr_version: version }),
    dr_bytes: String(bytes),
    dr_modified: toSeconds(modified),
    ...(checksum && { dr_checksum: `${checksum.algorithm}:${checksum.value}` }),
  };
}

/** The record, when it is whole and sound; else it is none. */
function readRecord(all: ReadonlyMap<string, string>): SourceRecord | undefined {
  const etag = all.get("dr_etag");
  const bytes = all.get("dr_bytes") ?? "";
  const modified = new Date(all.get("dr_modified") ?? "");
  const checksum = all.get("dr_checksum");
  if (!etag || !/^(0|[1-9]\d*)$/.test(bytes) || !Number.isSafeInteger(Number(bytes))) return undefined;
  if (Number.isNaN(modified.getTime()) || toSeconds(modified) !== all.get("dr_modified")) return undefined;
  if (checksum !== undefined && !/^(crc64nvme|crc32|md5):[0-9a-f]+$/.test(checksum)) return undefined;
  const version = all.get("dr_version") ?? "";
  return { etag, version, bytes: Number(bytes), modified, ...(checksum && { checksum: checksumOf(checksum) }) };
}

function checksumOf(text: string): Checksum {
  const [algorithm, value] = text.split(":") as [Checksum["algorithm"], string];
  return { algorithm, value };
}

function toSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}

/** Tags as they are in a form, or compressed when that is shorter: Azure holds less than S3 takes. */
function writeTags(tags: Record<string, string>): string | undefined {
  if (Object.keys(tags).length === 0) return undefined;
  const form = new URLSearchParams(Object.entries(tags)).toString();
  const deflated = DEFLATED + deflateRawSync(JSON.stringify(tags)).toString("base64");
  return form.length <= deflated.length ? form : deflated;
}

function readTags(written: string): Record<string, string> {
  if (!written.startsWith(DEFLATED)) return Object.fromEntries(new URLSearchParams(written));
  try {
    const tags = JSON.parse(inflateRawSync(Buffer.from(written.slice(DEFLATED.length), "base64")).toString());
    return Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, String(value)]));
  } catch {
    // Made by hand.
    return {};
  }
}
