import { createHash } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { createZstdDecompress } from "node:zlib";
import type { Connection, RowDataPacket } from "mysql2/promise";
import type { Table } from "./catalog.ts";
import { checksumOf, loaded } from "./columns.ts";
import { coreOf } from "./connection.ts";
import { markLoaded } from "./ledger.ts";
import { LoadError } from "./load-error.ts";
import type { ChunkRecord } from "./manifest.ts";
import { rowsOf } from "./ranges.ts";
import { refusalOf } from "./refusal.ts";
import { qualified } from "./sql.ts";
import type { DumpStore } from "./store.ts";
import { TABLE_SESSION } from "./table-definition.ts";

/** A chunk with what is needed to load it. */
export interface ChunkToLoad {
  dump: string;
  /** Name of the chunk's file. */
  file: string;
  record: ChunkRecord;
  /** The table as it is being filled, and the schema that it is in until then. */
  table: Table;
  schema: string;
}

/** Settings of a session that loads: what was valid at the source is valid here, and keys to others come when all is there. */
export async function prepareToLoad(connection: Connection): Promise<void> {
  for (const statement of TABLE_SESSION) await connection.query(statement);
  // The standby's parameters say so too, and let no administrator say it; another server's may be otherwise.
  await refusalOf(
    connection.query("SET SESSION sql_generate_invisible_primary_key = OFF, sql_require_primary_key = OFF"),
  );
  await connection.query(
    "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', foreign_key_checks = 0, unique_checks = 0, " +
      "net_read_timeout = 600, transaction_isolation = 'READ-COMMITTED'",
  );
}

/**
 * Loads chunks and looks whether they are what was dumped, all in one transaction with the note that they are loaded:
 * there is all of it, right and noted, or nothing.
 *
 * @throws LoadError when a file or what became of it is not what the manifest says
 */
export async function loadChunks(
  connection: Connection,
  store: DumpStore,
  chunks: readonly ChunkToLoad[],
  signal: AbortSignal,
): Promise<void> {
  await connection.beginTransaction();
  try {
    for (const chunk of chunks) await loadChunk(connection, store, chunk, signal);
    await connection.commit();
  } catch (error) {
    await connection.rollback().catch(() => {});
    throw error;
  }
}

async function loadChunk(
  connection: Connection,
  store: DumpStore,
  chunk: ChunkToLoad,
  signal: AbortSignal,
): Promise<void> {
  const { record, schema } = chunk;
  try {
    // First of all: a session that was cut may be about to commit the very same chunk.
    await markLoaded(connection, chunk.dump, record.chunk);
    await fill(connection, store, chunk, signal);
    await verify(connection, chunk);
  } catch (error) {
    if (error instanceof LoadError) throw error;
    throw new LoadError(
      `chunk ${record.chunk} of ${record.schema}.${record.table} could not be loaded into ${schema}: ${(error as Error).message}`,
      { permanent: false, cause: error },
    );
  }
}

async function fill(connection: Connection, store: DumpStore, chunk: ChunkToLoad, signal: AbortSignal): Promise<void> {
  const { file, record, table } = chunk;
  const source = await store.read(file, signal);
  const hash = createHash("sha256");
  const damaged = (why: string, cause?: unknown) =>
    new LoadError(`${file} in ${store.place} is damaged: ${why}; the former copy stays, load another dump`, {
      permanent: true,
      cause,
    });
  source.on("data", (block: Buffer) => hash.update(block));
  const decompressor = createZstdDecompress();
  decompressor.on("error", () => {});
  const lines = source.pipe(decompressor);
  source.on("error", (error) => decompressor.destroy(new Cut(error.message)));
  const sql =
    `LOAD DATA LOCAL INFILE 'chunk' INTO TABLE ${qualified(chunk.schema, table.name)} CHARACTER SET binary ` +
    `FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' ${loaded(table.columns)}`;
  try {
    await connection.query({ sql, infileStreamFactory: () => paced(connection, lines) } as { sql: string });
  } catch (error) {
    if (lines.errored && !(lines.errored instanceof Cut)) throw damaged(lines.errored.message, error);
    throw lines.errored ?? error;
  } finally {
    source.destroy();
    lines.destroy();
  }
  const found = hash.digest("hex");
  if (found !== record.sha256) throw damaged(`expected SHA-256 ${record.sha256}, found ${found}`);
}

/** The file could not be read to its end; it may be the next time. */
class Cut extends Error {}

/** A stream that waits while the connection has not sent what it was given: mysql2 takes all that comes, into memory. */
function paced(connection: Connection, lines: AsyncIterable<Buffer>): Readable {
  const { stream } = coreOf(connection);
  async function* waiting() {
    for await (const block of lines) {
      yield block;
      if (stream.writableNeedDrain) await once(stream, "drain");
    }
  }
  return Readable.from(waiting(), { highWaterMark: 1 });
}

async function verify(connection: Connection, { record, schema, table }: ChunkToLoad): Promise<void> {
  const [[found]] = await connection.query<RowDataPacket[]>(
    `SELECT COUNT(*) AS \`rows\`, ${checksumOf(table.columns)} AS checksum ${rowsOf(table, record.range, schema)}`,
  );
  if (Number(found?.rows) === record.rows && found?.checksum === record.checksum) return;
  throw new LoadError(
    `chunk ${record.chunk} of ${record.schema}.${record.table} is not what was dumped: expected ${record.rows} rows with ` +
      `checksum ${record.checksum}, found ${found?.rows} with ${found?.checksum}; the former copy stays`,
    { permanent: true },
  );
}
