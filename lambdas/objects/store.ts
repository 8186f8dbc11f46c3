import type { Readable } from "node:stream";

/** How content is served. What a side has no header for is kept in its metadata. */
export interface ContentHeaders {
  contentType?: string;
  contentEncoding?: string;
  contentLanguage?: string;
  contentDisposition?: string;
  cacheControl?: string;
  /** S3's `Expires`, as it stands there. */
  expires?: string;
  /** S3's redirect of a website. */
  redirect?: string;
}

/** The second of a moment: that is all which S3's headers tell, and so all that is compared. */
export function toSecond(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 1000) * 1000);
}

/** A checksum of all the bytes of an object. */
export interface Checksum {
  algorithm: "crc64nvme" | "crc32" | "md5";
  /** In lower-case hexadecimal. */
  value: string;
}

/** Which state of the other side a copy is of. */
export interface SourceRecord {
  /** Without its quotes. */
  etag: string;
  /** Empty where there are no versions. */
  version: string;
  bytes: number;
  /** When the source was written, to the second. */
  modified: Date;
  /** Of what was read when the copy was made. */
  checksum?: Checksum;
}

/** What stands under a key. */
export interface State {
  /** Without its quotes. */
  etag: string;
  /** Empty where there are no versions. */
  version: string;
  bytes: number;
  /** To the second, which is all that S3's headers tell. */
  modified: Date;
  headers: ContentHeaders;
  /** Metadata of the users, without what the replicator wrote itself. */
  metadata: Record<string, string>;
  tags: Record<string, string>;
  /** What the side itself says of all the bytes; undefined when it says nothing of the whole. */
  checksum?: Checksum;
  /** What it is a copy of; undefined when it is no copy: users of this side wrote it. */
  record?: SourceRecord;
  /** Whether it is a tombstone: empty, shown to nobody, and what it was is among its former versions. */
  gone: boolean;
}

/** What a write goes with: how the copy is served, and what it is of. */
export type Description = Pick<State, "headers" | "metadata" | "tags"> & { record: SourceRecord };

/** The state in which a key has to be still when something is written to it: nothing there, or this ETag. */
export type Expected = { etag: string } | "nothing";

/** An entry of a listing: less than a look, and the same on both sides. */
export interface Listed {
  key: string;
  etag: string;
  bytes: number;
  modified: Date;
  record?: SourceRecord;
  gone: boolean;
  /** MD5 of the bytes, in hexadecimal, where the side tells. */
  md5?: string;
}

/** An object that is open for reading. */
export interface Opened {
  state: State;
  body: Readable;
}

/** What is read from. */
export interface Source {
  /** What stands under a key; undefined when nothing does. */
  look(key: string): Promise<State | undefined>;
  /** The same, and the content from its first byte. Whoever does not read to the end destroys it. */
  open(key: string): Promise<Opened | undefined>;
  /** The content of exactly this state from an offset to its end. @throws Overtaken when it is no longer there */
  openAt(key: string, state: State, offset: number): Promise<Readable>;
  /** A URL by which anybody may read exactly this state for a quarter of an hour; a side that can't has none. */
  sign?(key: string, state: State): Promise<string>;
}

/** What is listed. */
export interface Listing {
  /** Everything whose key begins so, in the order of the side. */
  list(prefix: string): AsyncIterable<Listed>;
}

/** What is written to. Every write throws {@link Overtaken} when the key is no longer as expected. */
export interface Target {
  look(key: string): Promise<State | undefined>;
  put(key: string, content: Buffer, description: Description, expected: Expected): Promise<void>;
  /** Shows nothing under the key any more; what was there stays as a former version. */
  hide(key: string, record: SourceRecord | undefined, expected: Expected): Promise<void>;
  /** Bytes of each part of a large object, but the last. @throws Permanent when it is too large for this side */
  partBytes(bytes: number): number;
  /** Begins to write a large object in parts, or takes it up where it was left. */
  parts(key: string, state: State, description: Description): Promise<Parts>;
}

/** A large object that is being written; it shows only when it is committed. */
export interface Parts {
  /** What is there already: what each part was written with, by its number from 0. */
  readonly there: ReadonlyMap<number, string>;
  /** @param id what the part can be known by later: its checksum, 16 hexadecimal digits */
  write(number: number, content: Buffer, id: string): Promise<void>;
  /**
   * Has the side fetch a part from a URL itself; it is known by {@link PULLED} then.
   *
   * @returns its CRC-64/NVME; undefined when the side could not fetch it
   */
  pull?(number: number, url: string, offset: number, length: number): Promise<string | undefined>;
  /**
   * @param ids of all parts in order
   * @param checksum of all the bytes, for the record, where it is known
   */
  commit(ids: readonly string[], checksum: Checksum | undefined, expected: Expected): Promise<void>;
}

/** What a part is known by that the side fetched itself: nobody knew its checksum when that began. */
export const PULLED = "0".repeat(16);

/** A side is no longer as it was seen: look again. */
export class Overtaken extends Error {}
