import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { applyAccounts, createAccounts } from "./accounts.ts";
import { connect, cut, type Login } from "./connection.ts";
import { type Definitions, definitions } from "./definitions.ts";
import { dropForRoom, isFull } from "./full-disk.ts";
import { dumpNames } from "./layout.ts";
import {
  begin,
  end,
  enter,
  forget,
  isOneWay,
  type LoadProof,
  openLedger,
  type Phase,
  readLoaded,
  readUnderway,
  type Underway,
} from "./ledger.ts";
import { prepareToLoad } from "./load-chunk.ts";
import { LoadError } from "./load-error.ts";
import { loadRows } from "./load-rows.ts";
import type { Manifest } from "./manifest.ts";
import { dropBeside, exchange, type Place, placesOf } from "./places.ts";
import { createPrograms, dropPrograms } from "./programs.ts";
import { quoted } from "./sql.ts";
import type { DumpStore } from "./store.ts";
import { addKeys } from "./tables.ts";

export { isOneWay };

/** How far a load is. */
export interface LoadProgress {
  phase: Phase;
  /** Chunks or tables. */
  done: number;
  of: number;
}

export interface LoadArgs {
  /** The server to load into, as its administrator. */
  login: Login;
  store: DumpStore;
  manifest: Manifest;
  /** Connections that load at once, 1 or more. */
  parallel: number;
  /** Ends the load where it is; the next one goes on from there. */
  signal: AbortSignal;
  /** Is done on the server just before the new copy takes the former one's place: from then on users may write to it. */
  takesPlace?(connection: Connection): Promise<void>;
  /** Told after each thing that is done. */
  progress(progress: LoadProgress): void;
}

/** What the phases of a load work with. */
export interface Load extends Omit<LoadArgs, "login"> {
  /** The first one is also for what is not done in parallel. */
  connections: [Connection, ...Connection[]];
  definitions: Definitions;
  places: Place[];
}

/** Does a phase, or the rest of it, and tells what in it is not as at the primary. */
type Work = (load: Load) => Promise<string[]>;

const WORK: Record<Phase, Work> = { rows: loadRows, keys: addKeys, swap: takePlace, programs: makePrograms };

/**
 * Loads a dump beside what a server holds, looks whether all of it is right, and has it take the former copy's place.
 *
 * Whenever it is killed, the next one goes on: what is done is noted in the server itself. Until the new copy takes its
 * place the former one is untouched; from then on the load can only go on.
 *
 * @returns the proof, which the server keeps too; the same one again when this very dump is loaded already
 * @throws LoadError when it is the dump's fault, or another load has to be finished first; else the server's own error
 */
export async function loadDump({ login, ...args }: LoadArgs): Promise<LoadProof> {
  const { manifest, signal, store } = args;
  const connections: Connection[] = [];
  // What a connection is in the midst of, the server takes back when it goes.
  const abandon = () => {
    for (const connection of connections) cut(connection, new Error("the load was ended"));
  };
  signal.addEventListener("abort", abandon);
  try {
    signal.throwIfAborted();
    for (let count = 0; count < args.parallel; count++) connections.push(await openSession(login));
    const [first] = connections as Load["connections"];
    await openLedger(first);
    const former = await readLoaded(first);
    const underway = await takeUp(first, manifest, former);
    if (!underway) return former as LoadProof;
    const places = placesOf(manifest.schemas);
    const found = await readDefinitionsOf(store, manifest, signal);
    await requireDistinct(first, found);
    const load = { ...args, connections: connections as Load["connections"], definitions: found, places };
    return await carryOn(load, underway, former);
  } catch (error) {
    // A connection that was destroyed fails with something that nobody needs to know.
    signal.throwIfAborted();
    if (!isFull(error)) throw error;
    abandon();
    throw await dropForRoom(login, error);
  } finally {
    signal.removeEventListener("abort", abandon);
    abandon();
  }
}

/** @throws LoadError when the server can't tell two names apart that the primary's can */
async function requireDistinct(connection: Connection, { schemas, tables }: Definitions): Promise<void> {
  const [[row]] = await connection.query<RowDataPacket[]>("SELECT @@lower_case_table_names AS lower");
  if (Number(row?.lower) === 0) return;
  const names = [...schemas.map(({ name }) => name), ...tables.map(({ schema, name }) => `${schema}.${name}`)];
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      const message = `${other} and ${name} differ in case only, which this server does not tell apart: rename one at the primary`;
      throw new LoadError(message, { permanent: true });
    }
    seen.set(name.toLowerCase(), name);
  }
}

async function openSession(login: Login): Promise<Connection> {
  const connection = await connect(login);
  await prepareToLoad(connection);
  return connection;
}

/** The load to go on with, begun where need be; undefined when all of it is loaded already. */
async function takeUp(
  connection: Connection,
  { dump }: Manifest,
  former: LoadProof | undefined,
): Promise<Underway | undefined> {
  const underway = await readUnderway(connection);
  if (underway?.dump === dump) return underway;
  if (underway && isOneWay(underway.phase)) {
    const message = `dump ${underway.dump} is taking its place: finish that one before ${dump}`;
    throw new LoadError(message, { permanent: false });
  }
  if (!underway && former?.dump === dump) return undefined;
  // First of all: the chunks that it notes are gone with what is dropped.
  await forget(connection);
  await dropBeside(connection);
  return begin(connection, dump);
}

async function carryOn(load: Load, underway: Underway, former: LoadProof | undefined): Promise<LoadProof> {
  const { manifest, connections, definitions } = load;
  const [connection] = connections;
  const differences: string[] = [];
  const phases = Object.keys(WORK) as Phase[];
  for (const phase of phases.slice(phases.indexOf(underway.phase))) {
    await enter(connection, phase);
    if (isOneWay(phase)) load.progress({ phase, done: 0, of: 1 });
    differences.push(...(await WORK[phase](load)));
  }
  const applied = await applyAccounts(connection, definitions, former?.accounts ?? []);
  differences.push(...applied.differences);
  await dropBeside(connection);
  // In lower case: a server that tells no cases apart would drop the schema that was just loaded.
  const present = new Set(manifest.schemas.map((name) => name.toLowerCase()));
  for (const schema of (former?.schemas ?? []).filter((name) => !present.has(name.toLowerCase()))) {
    await connection.query(`DROP SCHEMA IF EXISTS ${quoted(schema)}`);
  }
  const { dump, kind, schemas, rows, bytes } = manifest;
  const held = { dump, kind, gtid: manifest.frozen.gtid, schemas, rows, bytes, chunks: manifest.chunks.length };
  const moments = { beganAt: underway.beganAt, loadedAt: new Date().toISOString() };
  return end(connection, { ...held, accounts: applied.accounts, differences, ...moments });
}

/** Has the new tables take the old ones' place. The old ones' programs go first: a table with triggers does not move. */
async function takePlace({ connections: [connection], definitions, places, takesPlace }: Load): Promise<string[]> {
  const schemas = new Map(definitions.schemas.map((schema) => [schema.name, schema]));
  for (const { schema, former } of places) {
    const { characterSet = "utf8mb4", collation = "utf8mb4_0900_ai_ci" } = schemas.get(schema) ?? {};
    await connection.query(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`);
    await connection.query(`ALTER SCHEMA ${quoted(schema)} CHARACTER SET ${characterSet} COLLATE ${collation}`);
    await connection.query(`CREATE SCHEMA IF NOT EXISTS ${quoted(former)}`);
    await dropPrograms(connection, schema);
  }
  await exchange(connection, places, definitions.tables.length, async () => takesPlace?.(connection));
  return [];
}

async function makePrograms({ connections: [connection], definitions }: Load): Promise<string[]> {
  // Who is named as a program's definer has to be there; what is left to say of accounts comes last.
  await createAccounts(connection, definitions);
  return createPrograms(connection, definitions);
}

/** @throws LoadError when they are not what was dumped */
export async function readDefinitionsOf(
  store: DumpStore,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<Definitions> {
  const name = dumpNames(manifest.kind, manifest.dump).definitions;
  const file = await buffer(await store.read(name, signal));
  const found = createHash("sha256").update(file).digest("hex");
  if (found !== manifest.definitions.sha256) {
    const message = `${name} in ${store.place} is damaged: expected SHA-256 ${manifest.definitions.sha256}, found ${found}`;
    throw new LoadError(`${message}; the former copy stays, load another dump`, { permanent: true });
  }
  return definitions.parse(JSON.parse((await promisify(zstdDecompress)(file)).toString()));
}
