import { createHash } from "node:crypto";
import { PassThrough, type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress } from "node:zlib";
import type { Connection } from "mysql2/promise";
import { readTable } from "./catalog.ts";
import { selected } from "./columns.ts";
import { type DumpKind, dumpNames } from "./layout.ts";
import type { ChunkItem, ChunkRecord } from "./manifest.ts";
import { rowsOf } from "./ranges.ts";
import { readRows } from "./rows.ts";
import { quoted } from "./sql.ts";
import type { DumpStore } from "./store.ts";

/** Of zstd's levels the one that it takes itself; the next ones take twice the time for a twentieth less. */
const LEVEL = 3;

/** A file as it was written. */
interface Written {
  /** Bytes before they were compressed. */
  bytes: number;
  size: number;
  sha256: string;
}

/**
 * Dumps a chunk's rows into its file, in the key's order, and writes down what came of it. Done again it gives the same
 * file.
 *
 * @param connection one to a server that stands still, prepared by `prepareToDump`
 */
export async function dumpChunk(
  connection: Connection,
  store: DumpStore,
  { dump, kind }: { dump: string; kind: DumpKind },
  item: ChunkItem,
  signal: AbortSignal,
): Promise<ChunkRecord> {
  const names = dumpNames(kind, dump);
  const table = await readTable(connection, item.schema, item.table);
  const columns = table.columns.map(selected);
  const order = table.key ? ` ORDER BY ${table.key.columns.map(({ name }) => quoted(name)).join(", ")}` : "";
  const sql = `SELECT ${columns.join(", ")} ${rowsOf(table, item.range)}${order}`;
  const { encoder, lines } = readRows(connection, sql, columns.length);
  const written = await writeCompressed(store, names.chunk(item.chunk), lines, signal);
  const record: ChunkRecord = { ...item, ...written, rows: encoder.rows, checksum: encoder.checksum };
  await store.write(names.record(item.chunk), once(JSON.stringify(record)), signal);
  return record;
}

/** Settings of a session that dumps: what is not allowed any more is read as it is, and rows may take their time. */
export async function prepareToDump(connection: Connection): Promise<void> {
  await connection.query("SET SESSION sql_mode = '', net_write_timeout = 600, max_execution_time = 0");
}

/** Writes something into the store, compressed on the way. */
export async function writeCompressed(
  store: DumpStore,
  name: string,
  content: Readable,
  signal: AbortSignal,
): Promise<Written> {
  let bytes = 0;
  const counter = new Transform({
    transform(block: Buffer, _encoding, done) {
      bytes += block.length;
      done(null, block);
    },
  });
  const hash = createHash("sha256");
  const hasher = new Transform({
    transform(block: Buffer, _encoding, done) {
      hash.update(block);
      done(null, block);
    },
  });
  const compressor = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 },
  });
  const file = new PassThrough();
  // Together: what stops the one must stop the other.
  const piped = pipeline(content, counter, compressor, hasher, file, { signal });
  const [size] = await Promise.all([
    store.write(name, file, signal).catch((error) => {
      file.destroy(error);
      throw error;
    }),
    piped,
  ]);
  return { bytes, size, sha256: hash.digest("hex") };
}

/** A small text as something to write. */
export async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
