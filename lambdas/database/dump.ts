import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Connection } from "mysql2/promise";
import pLimit from "p-limit";
import { readTables } from "./catalog.ts";
import { readDefinitions, userSchemas } from "./definitions.ts";
import { once, writeCompressed } from "./dump-chunk.ts";
import { ADMINISTRATOR, type DumpKind, dumpNames, recordsOf } from "./layout.ts";
import {
  type ChunkItem,
  type ChunkRecord,
  chunkRecord,
  type Frozen,
  type Manifest,
  type Obstacle,
} from "./manifest.ts";
import { splitRows } from "./split.ts";
import type { DumpStore } from "./store.ts";

/**
 * Bytes of a chunk before compression, as MySQL guesses them: it is loaded in one transaction, of seconds, and a failed
 * one costs no more than that. A terabyte has 16,000 of them, which a manifest of 6 MB tells of.
 */
export const CHUNK_BYTES = 64 * 1024 * 1024;

/** Chunks' records that are read at once. */
const PARALLEL_READS = 32;

/** A dump that is being made. */
export interface DumpUnderway {
  dump: string;
  kind: DumpKind;
}

/**
 * Writes a dump's definitions, and the list of its chunks.
 *
 * @param connection one to a server that stands still
 * @param bytes see `CHUNK_BYTES`
 */
export async function planDump(
  connection: Connection,
  store: DumpStore,
  { dump, kind }: DumpUnderway,
  signal: AbortSignal,
  bytes = CHUNK_BYTES,
): Promise<{ schemas: string[]; chunks: ChunkItem[] }> {
  const names = dumpNames(kind, dump);
  const schemas = await userSchemas(connection);
  const chunks: ChunkItem[] = [];
  for (const table of await readTables(connection, schemas)) {
    for (const range of await splitRows(connection, table, bytes)) {
      chunks.push({ chunk: chunks.length + 1, schema: table.schema, table: table.name, range });
    }
  }
  const definitions = JSON.stringify(await readDefinitions(connection, schemas, ADMINISTRATOR));
  await writeCompressed(store, names.definitions, Readable.from([Buffer.from(definitions)]), signal);
  await store.write(names.plan, once(JSON.stringify(chunks)), signal);
  return { schemas, chunks };
}

/** What is known of a dump when its chunks are written. */
export interface SealArgs extends DumpUnderway {
  schemas: string[];
  frozen: Frozen;
  startedAt: string;
  obstacles: Obstacle[];
}

/**
 * Makes a dump one: looks whether everything stands that its plan names, and writes the manifest.
 *
 * @throws Error that names what is missing or cut short
 */
export async function sealDump(store: DumpStore, args: SealArgs, signal: AbortSignal): Promise<Manifest> {
  const { dump, kind, schemas, frozen, startedAt, obstacles } = args;
  const names = dumpNames(kind, dump);
  const chunks = await readRecords(store, dump, signal);
  const sizes = new Map(chunks.map(({ chunk, size }) => [chunk, size]));
  const files = new Map((await store.list(`${kind}/${dump}/`, signal)).map(({ name, size }) => [name, size]));
  const planned = JSON.parse(await text(await store.read(names.plan, signal))) as ChunkItem[];
  const wrong = planned.filter(({ chunk }) => {
    const size = files.get(names.chunk(chunk));
    return size === undefined || size !== sizes.get(chunk);
  });
  if (wrong.length > 0) {
    const [first] = wrong;
    throw new Error(
      `expected all ${planned.length} chunks of dump ${dump} in ${store.place}, found ${wrong.length} missing or cut ` +
        `short, the first one ${first?.chunk} of ${first?.schema}.${first?.table}; the dump has to be made again`,
    );
  }
  const sum = (of: (record: ChunkRecord) => number) => chunks.reduce((total, record) => total + of(record), 0);
  const sealed: Manifest = {
    version: 1,
    ...{ dump, kind, frozen, startedAt, sealedAt: new Date().toISOString(), schemas },
    definitions: await digestOf(store, names.definitions, signal),
    rows: sum(({ rows }) => rows),
    bytes: sum(({ bytes }) => bytes),
    size: sum(({ size }) => size),
    chunks,
    obstacles,
  };
  await store.write(names.manifest, once(JSON.stringify(sealed)), signal);
  return sealed;
}

/** The records of a dump's chunks, in their order. */
async function readRecords(store: DumpStore, dump: string, signal: AbortSignal): Promise<ChunkRecord[]> {
  const limit = pLimit(PARALLEL_READS);
  const files = await store.list(recordsOf(dump), signal);
  const read = async (name: string) => chunkRecord.parse(JSON.parse(await text(await store.read(name, signal))));
  return Promise.all(files.map(({ name }) => limit(() => read(name))));
}

async function digestOf(store: DumpStore, name: string, signal: AbortSignal) {
  const hash = createHash("sha256");
  let size = 0;
  for await (const block of await store.read(name, signal)) {
    hash.update(block);
    size += block.length;
  }
  return { size, sha256: hash.digest("hex") };
}
