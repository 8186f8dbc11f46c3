import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { Connection } from "mysql2/promise";
import pLimit from "p-limit";
import { readTables } from "./catalog.ts";
import { readDefinitions, userSchemas } from "./definitions.ts";
import { once, writeCompressed } from "./dump-portion.ts";
import { ADMINISTRATOR, type DumpUnderway, dumpNames, recordsOf } from "./layout.ts";
import {
  type ChunkItem,
  type ChunkRecord,
  chunkRecord,
  type Frozen,
  type Manifest,
  type Obstacle,
  type Portion,
} from "./manifest.ts";
import { splitRows } from "./split.ts";
import type { DumpStore } from "./store.ts";

/**
 * Bytes of a chunk before compression, as MySQL guesses them: it is loaded in one transaction, of seconds, and a failed
 * one costs no more than that. A terabyte has 30,000 of them, which a manifest of 10 MB tells of.
 */
export const CHUNK_BYTES = 32 * 1024 * 1024;

/** Chunks' records that are read at once. */
const PARALLEL_READS = 32;

/**
 * Bytes of a table, as guessed, up to which its rows are counted too: should a key's order and its comparison ever differ,
 * rows could be in no range, and nobody would know. Beyond, counting would take longer than a function may.
 */
const COUNTED_BYTES = 100 * 2 ** 30;

/** Bytes of a portion, as guessed: each costs two steps of the state machine. */
export const PORTION_BYTES = 2 * CHUNK_BYTES;

/** Most chunks of a portion: the time of a small one is that of its file. */
const PORTION_CHUNKS = 100;

/** What is to be dumped. */
export interface DumpPlan {
  schemas: string[];
  portions: Portion[];
}

/**
 * Writes a dump's definitions, and the list of its portions.
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
): Promise<DumpPlan> {
  const names = dumpNames(kind, dump);
  const schemas = await userSchemas(connection);
  const chunks: Guess[] = [];
  for (const table of await readTables(connection, schemas)) {
    const ranges = await splitRows(connection, table, bytes);
    const isCounted = ranges.length > 1 && table.estimate.bytes <= COUNTED_BYTES;
    for (const [at, range] of ranges.entries()) {
      const item = { chunk: chunks.length + 1, schema: table.schema, table: table.name, range };
      const counts = isCounted && at === 0 ? { counts: true as const } : {};
      chunks.push({ item: { ...item, ...counts }, bytes: table.estimate.bytes / ranges.length });
    }
  }
  const portions = portionsOf(chunks, (bytes * PORTION_BYTES) / CHUNK_BYTES);
  const definitions = JSON.stringify(await readDefinitions(connection, schemas, ADMINISTRATOR));
  await writeCompressed(store, names.definitions, Readable.from([Buffer.from(definitions)]), signal);
  await store.write(names.plan, once(JSON.stringify(portions)), signal);
  return { schemas, portions };
}

/** A chunk with the bytes that it may have. */
interface Guess {
  item: ChunkItem;
  bytes: number;
}

/** Puts chunks together that are small. */
function portionsOf(chunks: readonly Guess[], most: number): Portion[] {
  const portions: Portion[] = [];
  let room = 0;
  for (const { item, bytes } of chunks) {
    const last = portions.at(-1);
    room -= bytes;
    if (last && room >= 0 && last.length < PORTION_CHUNKS) last.push(item);
    else {
      portions.push([item]);
      room = most - bytes;
    }
  }
  return portions;
}

/** What is known of a dump when its chunks are written. */
export interface SealArgs extends DumpUnderway {
  schemas: string[];
  frozen: Frozen;
  startedAt: string;
  obstacles: Obstacle[];
  /** Of a copy of the standby's own data. */
  own?: Manifest["own"];
}

/**
 * Makes a dump one: looks whether everything stands that its plan names, and writes the manifest.
 *
 * @throws Error that names what is missing or cut short
 */
export async function sealDump(store: DumpStore, args: SealArgs, signal: AbortSignal): Promise<Manifest> {
  const { dump, kind, schemas, frozen, startedAt, obstacles, own } = args;
  const names = dumpNames(kind, dump);
  const chunks = await readRecords(store, args, signal);
  const sizes = new Map(chunks.map(({ chunk, size }) => [chunk, size]));
  const files = new Map((await store.list(`${kind}/${dump}/`, signal)).map(({ name, size }) => [name, size]));
  const planned = (JSON.parse(await text(await store.read(names.plan, signal))) as Portion[]).flat();
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
  requireAllRows(chunks);
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
    ...(own && { own }),
  };
  await store.write(names.manifest, once(JSON.stringify(sealed)), signal);
  return sealed;
}

/** @throws Error when a table has more or fewer rows than its chunks together */
function requireAllRows(chunks: readonly ChunkRecord[]): void {
  const tables = Map.groupBy(chunks, ({ schema, table }) => JSON.stringify([schema, table]));
  for (const records of tables.values()) {
    const expected = records.find(({ tableRows }) => tableRows !== undefined)?.tableRows;
    const found = records.reduce((sum, { rows }) => sum + rows, 0);
    if (expected === undefined || expected === found) continue;
    const [{ schema = "", table = "" } = {}] = records;
    throw new Error(
      `expected the ${expected} rows of ${schema}.${table} in its chunks, found ${found}: its key can't be split by ` +
        "comparing values; give the table a key of numbers, or of letters in a collation of utf8mb4",
    );
  }
}

/** The records of a dump's chunks, in their order. */
async function readRecords(
  store: DumpStore,
  { dump, kind }: DumpUnderway,
  signal: AbortSignal,
): Promise<ChunkRecord[]> {
  const limit = pLimit(PARALLEL_READS);
  const files = await store.list(recordsOf(kind, dump), signal);
  const read = async (name: string) =>
    chunkRecord.array().parse(JSON.parse(await text(await store.read(name, signal))));
  return (await Promise.all(files.map(({ name }) => limit(() => read(name))))).flat();
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
