import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { BlobClient, BlobRequest } from "./blob-client.ts";
import { condition, describe, stateOf, TOMBSTONE_TAG } from "./blob-headers.ts";
import { readBlobPage, readBlockList } from "./blob-xml.ts";
import { blockId, partOf, uploadOf } from "./block-id.ts";
import { fromBlobMetadata } from "./metadata.ts";
import { blobNameOf, blobPrefixOf, keyOf } from "./names.ts";
import { RefusedError } from "./rest.ts";
import { BLOB_MOST_BYTES, partBytesOf } from "./sizes.ts";
import {
  type Description,
  type Expected,
  type Listed,
  type Listing,
  type Opened,
  Overtaken,
  type Parts,
  PULLED,
  type Source,
  type SourceRecord,
  type State,
  type Target,
} from "./store.ts";

/** Azure's limit of blocks in a blob ("Scalability and performance targets for Blob storage"). */
const MOST_BLOCKS = 50_000;

/**
 * Codes that say: the blob is no longer as it was. (Whoever commits a blob discards the blocks that others have laid
 * ready for it, hence InvalidBlockList.)
 */
const OVERTAKEN = ["BlobAlreadyExists", "ConditionNotMet", "InvalidBlockList", "TargetConditionNotMet"];

/** The longest URL that Azure fetches from ("Put Block From URL"). */
const MOST_URL_BYTES = 2048;

/** After Azure could not fetch, it is not asked again for so long, in milliseconds. */
const PULL_PAUSE = 10 * 60_000;

/**
 * Codes that say that Azure cannot fetch from there; it once could not from anywhere on S3, for weeks (May 2025). The
 * last ones are of servers that never can.
 */
const CANNOT_PULL = ["CannotVerifyCopySource", "InvalidHeaderValue", "NotImplemented", "APINotImplemented"];

/** A container of Blob Storage, by the keys of S3. */
export class BlobStore implements Source, Target, Listing {
  readonly #client: BlobClient;
  readonly #warn: (problem: string) => void;
  #pullAgainAt = 0;

  /** @param warn is told why Azure could not fetch something itself */
  constructor(client: BlobClient, warn: (problem: string) => void = () => {}) {
    this.#client = client;
    this.#warn = warn;
  }

  async look(key: string): Promise<State | undefined> {
    const headers = await unlessMissing(this.#client.send({ method: "HEAD", blob: blobNameOf(key) }));
    return headers && stateOf(headers);
  }

  async open(key: string): Promise<Opened | undefined> {
    const body = await unlessMissing(this.#client.open({ method: "GET", blob: blobNameOf(key) }));
    return body && { state: stateOf(body.headers), body };
  }

  async openAt(key: string, { etag, bytes }: State, offset: number): Promise<Readable> {
    // Azure answers a range that begins at the end with an error; a state without bytes has none to ask for.
    const range = bytes > 0 ? `bytes=${offset}-` : undefined;
    return this.#unlessOvertaken({
      method: "GET",
      blob: blobNameOf(key),
      headers: { ...condition({ etag }), "x-ms-range": range },
    });
  }

  async put(key: string, content: Buffer, description: Description, expected: Expected): Promise<void> {
    const headers = { "x-ms-blob-type": "BlockBlob", ...describe(description), ...condition(expected) };
    await this.#write({ method: "PUT", blob: blobNameOf(key), headers, body: content });
  }

  async hide(key: string, record: SourceRecord | undefined, expected: Expected): Promise<void> {
    const headers = {
      "x-ms-blob-type": "BlockBlob",
      "x-ms-tags": new URLSearchParams(TOMBSTONE_TAG).toString(),
      ...describe({ headers: {}, metadata: {}, tags: {}, record, gone: true }),
      ...condition(expected),
    };
    await this.#write({ method: "PUT", blob: blobNameOf(key), headers, body: Buffer.alloc(0) });
  }

  partBytes(bytes: number): number {
    return partBytesOf(bytes, MOST_BLOCKS, BLOB_MOST_BYTES);
  }

  async parts(key: string, state: State, description: Description): Promise<Parts> {
    const blob = blobNameOf(key);
    const upload = uploadOf(state);
    const partBytes = this.partBytes(state.bytes);
    return {
      there: await this.#partsThere(blob, upload, (number) => Math.min(partBytes, state.bytes - number * partBytes)),
      write: async (number, body, id) => {
        const query = { comp: "block", blockid: blockId(upload, number, id) };
        await this.#write({ method: "PUT", blob, query, body });
      },
      pull: (number, url, offset, length) =>
        this.#pull({
          blob,
          blockid: blockId(upload, number, PULLED),
          url,
          range: `bytes=${offset}-${offset + length - 1}`,
        }),
      commit: async (ids, checksum, expected) => {
        const blocks = ids.map((id, number) => `<Uncommitted>${blockId(upload, number, id)}</Uncommitted>`);
        const body = Buffer.from(`<?xml version="1.0" encoding="utf-8"?><BlockList>${blocks.join("")}</BlockList>`);
        const record = { ...description.record, checksum };
        const headers = { ...describe({ ...description, record }), ...condition(expected) };
        await this.#write({ method: "PUT", blob, query: { comp: "blocklist" }, headers, body });
      },
    };
  }

  async #pull({ blob, blockid, url, range }: { blob: string; blockid: string; url: string; range: string }) {
    if (url.length > MOST_URL_BYTES || performance.now() < this.#pullAgainAt) return undefined;
    const headers = { "x-ms-copy-source": url, "x-ms-source-range": range };
    try {
      const answer = await this.#client.send({ method: "PUT", blob, query: { comp: "block", blockid }, headers });
      const crc64 = answer["x-ms-content-crc64"];
      // Azure's CRC-64 is that of NVMe, written with its last byte first.
      return typeof crc64 === "string" ? Buffer.from(crc64, "base64").reverse().toString("hex") : undefined;
    } catch (error) {
      if (!(error instanceof RefusedError) || !CANNOT_PULL.includes(error.code)) throw error;
      this.#pullAgainAt = performance.now() + PULL_PAUSE;
      this.#warn(error.message);
      return undefined;
    }
  }

  /** The blocks that an earlier invocation laid ready for the same upload. */
  async #partsThere(blob: string, upload: Buffer, bytesOf: (number: number) => number): Promise<Map<number, string>> {
    const query = { comp: "blocklist", blocklisttype: "uncommitted" };
    const list = await unlessMissing(this.#client.text({ method: "GET", blob, query }));
    const there = new Map<number, string>();
    for (const { id, bytes } of list === undefined ? [] : readBlockList(list)) {
      const part = partOf(id, upload);
      if (part && bytes === bytesOf(part.number)) there.set(part.number, part.id);
    }
    return there;
  }

  async *list(prefix: string, after?: string): AsyncGenerator<Listed> {
    let marker = after ?? "";
    do {
      const page = await this.page(prefix, marker);
      yield* page.blobs;
      marker = page.next;
    } while (marker !== "");
  }

  /**
   * Up to 5,000 blobs, and where to go on.
   *
   * @param marker `next` of the page before; empty for the first one
   */
  async page(prefix: string, marker: string): Promise<{ blobs: Listed[]; next: string }> {
    const query = { restype: "container", comp: "list", include: "metadata", maxresults: "5000" };
    const names = blobPrefixOf(prefix);
    const more = { ...(names && { prefix: names }), ...(marker && { marker }) };
    const { blobs, next } = readBlobPage(await this.#client.text({ method: "GET", query: { ...query, ...more } }));
    const listed = blobs.map(({ name, metadata, ...blob }) => {
      const { record, gone } = fromBlobMetadata(metadata);
      return { key: keyOf(name), ...blob, record, gone };
    });
    return { next, blobs: listed.filter(({ key }) => key.startsWith(prefix)) };
  }

  async #write(request: BlobRequest): Promise<void> {
    const response = await this.#unlessOvertaken(request);
    response.resume();
  }

  async #unlessOvertaken(request: BlobRequest): Promise<IncomingMessage> {
    try {
      return await this.#client.open(request);
    } catch (error) {
      if (
        error instanceof RefusedError &&
        (OVERTAKEN.includes(error.code) || (error.status === 412 && error.code !== "LeaseIdMissing"))
      ) {
        throw new Overtaken(error.message);
      }
      throw error;
    }
  }
}

/** What is not there, as undefined. That the container itself is not there is an error. */
async function unlessMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    // HEAD's answer has no body, and Azurite's not always a header.
    if (error instanceof RefusedError && error.status === 404 && error.code !== "ContainerNotFound") return undefined;
    throw error;
  }
}
