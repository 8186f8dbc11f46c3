import { createHash } from "node:crypto";
import { PassThrough, type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress } from "node:zlib";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { findTables, type Table } from "./catalog.ts";
import { selected } from "./columns.ts";
import { type DumpUnderway, dumpNames } from "./layout.ts";
import type { ChunkItem, ChunkRecord, Portion, Range } from "./manifest.ts";
import { rowsOf } from "./ranges.ts";
import { type Rows, readRows } from "./rows.ts";
import { qualified, quoted } from "./sql.ts";
import type { DumpStore } from "./store.ts";

/** Of zstd's levels: 3, its own choice, takes up to three times as long for at best a tenth less. */
const LEVEL = 1;

/** A file as it was written. */
interface Written {
  /** Bytes before they were compressed. */
  bytes: number;
  size: number;
  sha256: string;
}

/**
 * Dumps a portion of a dump's chunks, each into its file, and writes down what came of them. Done again it gives the same
 * files.
 *
 * @param connection one to a server that stands still, prepared by `prepareToDump`
 */
export async function dumpPortion(
  connection: Connection,
  store: DumpStore,
  { dump, kind }: DumpUnderway,
  portion: Portion,
  signal: AbortSignal,
): Promise<ChunkRecord[]> {
  const names = dumpNames(kind, dump);
  const tableOf = await findTables(connection, portion);
  const records: ChunkRecord[] = [];
  for (const item of portion) {
    const rows = readChunk(connection, tableOf(item.schema, item.table), item.range);
    const written = await writeCompressed(store, names.chunk(item.chunk), rows.lines, signal);
    const { checksum, rows: number } = rows.encoder;
    const counted = item.counts ? { tableRows: await countRows(connection, item) } : {};
    records.push({ ...item, ...written, rows: number, checksum, ...counted });
  }
  await store.write(names.records(portion[0].chunk), once(JSON.stringify(records)), signal);
  return records;
}

async function countRows(connection: Connection, { schema, table }: ChunkItem): Promise<number> {
  const sql = `SELECT COUNT(*) AS counted FROM ${qualified(schema, table)}`;
  const [[row]] = await connection.query<RowDataPacket[]>(sql);
  return Number(row?.counted);
}

/** The rows of a chunk, in the order of the key by which they are stored: so they are loaded quickest. */
function readChunk(connection: Connection, table: Table, range: Range): Rows {
  const columns = table.columns.map(selected);
  const order = table.key ? ` ORDER BY ${table.key.columns.map(({ name }) => quoted(name)).join(", ")}` : "";
  return readRows(connection, `SELECT ${columns.join(", ")} ${rowsOf(table, range)}${order}`, columns.length);
}

/** Settings of a session that dumps: what is not allowed any more is read as it is, and rows may take their time. */
export async function prepareToDump(connection: Connection): Promise<void> {
  await connection.query(
    "SET SESSION sql_mode = 'ALLOW_INVALID_DATES', net_write_timeout = 600, max_execution_time = 0",
  );
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
