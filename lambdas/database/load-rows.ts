import type { Connection } from "mysql2/promise";
import { readTables, type Table } from "./catalog.ts";
import { dumpNames } from "./layout.ts";
import { readChunksLoaded } from "./ledger.ts";
import type { Load } from "./load.ts";
import { type ChunkToLoad, loadChunks } from "./load-chunk.ts";
import { LoadError } from "./load-error.ts";
import type { ChunkRecord, Manifest } from "./manifest.ts";
import type { Place } from "./places.ts";
import { createTables } from "./tables.ts";

/** Bytes of a transaction, before compression, as long as it is of several chunks. */
const TRANSACTION_BYTES = 4 * 1024 * 1024;

/** Makes the new tables and fills them, with what is not in them yet. */
export async function loadRows(load: Load): Promise<string[]> {
  const { connections, manifest, places, progress, signal, store } = load;
  const [first] = connections;
  await createTables(load);
  const fresh = places.map((place) => place.fresh);
  const tables = await readTables(first, fresh);
  const toLoad = chunkFinder(manifest, places, tables);

  const loaded = await readChunksLoaded(first, manifest.dump);
  const left = manifest.chunks.filter(({ chunk }) => !loaded.has(chunk));
  const of = manifest.chunks.length;
  let done = of - left.length;
  progress({ phase: "rows", done, of });
  await shareOut(connections, inTransactions(left), async (connection, records) => {
    await loadChunks(connection, store, records.map(toLoad), signal);
    done += records.length;
    progress({ phase: "rows", done, of });
  });
  return [];
}

/** Chunks that are small go together: a commit takes the time of a thousand rows. */
function inTransactions(records: readonly ChunkRecord[]): ChunkRecord[][] {
  const groups: ChunkRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const last = groups.at(-1);
    room -= record.bytes;
    if (last && room >= 0) last.push(record);
    else {
      groups.push([record]);
      room = TRANSACTION_BYTES - record.bytes;
    }
  }
  return groups;
}

function chunkFinder(manifest: Manifest, places: Place[], tables: Table[]): (record: ChunkRecord) => ChunkToLoad {
  const names = dumpNames(manifest.kind, manifest.dump);
  const freshOf = new Map(places.map(({ schema, fresh }) => [schema, fresh]));
  // A server that keeps names in lower case tells them so.
  const place = (schema: string, table: string) => `${schema}/${table}`.toLowerCase();
  const found = new Map(tables.map((table) => [place(table.schema, table.name), table]));
  return (record) => {
    const schema = freshOf.get(record.schema) ?? "";
    const table = found.get(place(schema, record.table));
    if (table) return { dump: manifest.dump, file: names.chunk(record.chunk), record, table, schema };
    const message = `dump ${manifest.dump} has rows of ${record.schema}.${record.table} and no definition of it`;
    throw new LoadError(message, { permanent: true });
  };
}

/** Works on all items, each connection on one at a time. */
export async function shareOut<T>(
  connections: readonly Connection[],
  items: readonly T[],
  work: (connection: Connection, item: T) => Promise<void>,
): Promise<void> {
  const left = items.values();
  await Promise.all(
    connections.map(async (connection) => {
      for (const item of left) await work(connection, item);
    }),
  );
}
