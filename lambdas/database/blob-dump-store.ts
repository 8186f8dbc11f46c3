import { addAbortSignal, Readable } from "node:stream";
import type { BlobClient } from "../objects/blob-client.ts";
import { BlobStore } from "../objects/blob-store.ts";
import { type Opened, Overtaken } from "../objects/store.ts";
import { type DumpStore, MissingError, type Stored } from "./store.ts";

/** Bytes of a block of what is written; Azure takes 50,000 of them in a blob, which makes 390 GiB. */
const BLOCK_BYTES = 8 * 2 ** 20;

/** How often in a row the answer to a read may be cut without a byte of it, before that is a failure. */
const MOST_CUTS = 4;

/**
 * Dumps in a container of blobs. The object replicator writes them under their own names: a dump's have nothing in
 * them that Azure would change (see `blobNameOf`). What it has hidden, because its source is gone, is not there.
 */
export class BlobDumpStore implements DumpStore {
  readonly place: string;
  readonly #client: BlobClient;
  readonly #blobs: BlobStore;

  /** @param place URL of the container, for people */
  constructor(place: string, client: BlobClient) {
    this.place = place;
    this.#client = client;
    this.#blobs = new BlobStore(client);
  }

  async list(prefix: string, signal: AbortSignal): Promise<Stored[]> {
    const found: Stored[] = [];
    for await (const { key, bytes, modified, gone } of this.#blobs.list(prefix)) {
      signal.throwIfAborted();
      if (!gone) found.push({ name: key, size: bytes, writtenAt: modified });
    }
    return found;
  }

  async read(name: string, signal: AbortSignal): Promise<Readable> {
    signal.throwIfAborted();
    const opened = await this.#blobs.open(name);
    if (opened?.state.gone) opened.body.destroy();
    if (!opened || opened.state.gone) throw new MissingError(`${this.place} has no ${name}`);
    return addAbortSignal(signal, Readable.from(this.#bytes(name, opened), { objectMode: false }));
  }

  /** All of a blob, over as many connections as it takes: each goes on where the one before was cut. */
  async *#bytes(name: string, { state, body: first }: Opened): AsyncGenerator<Buffer> {
    let body = first;
    let offset = 0;
    for (let cuts = 0; ; cuts++) {
      const chunks = untilCut(body);
      let next = await chunks.next();
      for (; !next.done; next = await chunks.next()) {
        offset += next.value.length;
        cuts = 0;
        yield next.value;
      }
      if (offset >= state.bytes) return;
      if (cuts >= MOST_CUTS) throw this.#failure(name, offset, state.bytes, next.value);
      body = await this.#blobs.openAt(name, state, offset).catch((error: Error) => {
        throw this.#failure(name, offset, state.bytes, error);
      });
    }
  }

  #failure(name: string, offset: number, bytes: number, cause: Error): Error {
    const why = cause instanceof Overtaken ? "somebody has written it anew" : cause.message;
    return new Error(`${name} in ${this.place} can't be read on at ${offset} of ${bytes} bytes: ${why}`, { cause });
  }

  async write(name: string, body: AsyncIterable<Buffer>, signal: AbortSignal): Promise<number> {
    const upload = crypto.randomUUID();
    const ids: string[] = [];
    let bytes = 0;
    for await (const block of blocksOf(body)) {
      signal.throwIfAborted();
      const id = Buffer.from(`${upload}-${String(ids.length).padStart(5, "0")}`).toString("base64");
      await this.#client.send({ method: "PUT", blob: name, query: { comp: "block", blockid: id }, body: block });
      ids.push(id);
      bytes += block.length;
    }
    signal.throwIfAborted();
    const list = ids.map((id) => `<Uncommitted>${id}</Uncommitted>`).join("");
    const xml = Buffer.from(`<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`);
    await this.#client.send({ method: "PUT", blob: name, query: { comp: "blocklist" }, body: xml });
    return bytes;
  }
}

/** The same bytes in blocks, all but the last of the full length. */
async function* blocksOf(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    for (let from = 0; from < chunk.length; ) {
      const part = chunk.subarray(from, from + BLOCK_BYTES - length);
      held.push(part);
      length += part.length;
      from += part.length;
      if (length < BLOCK_BYTES) continue;
      yield Buffer.concat(held);
      held = [];
      length = 0;
    }
  }
  if (length > 0) yield Buffer.concat(held);
}

/** What can be read of a body; returns why it ended, when that was no good end. What its reader throws is not its own. */
async function* untilCut(body: Readable): AsyncGenerator<Buffer, Error, undefined> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await chunks.next().catch((error: Error) => error);
      if (next instanceof Error) return next;
      if (next.done) return new Error("it ended early");
      yield next.value;
    }
  } finally {
    body.destroy();
  }
}
