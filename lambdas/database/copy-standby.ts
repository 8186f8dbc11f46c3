import { text } from "node:stream/consumers";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { z } from "zod";
import { connect, cut, type Login } from "./connection.ts";
import { planDump, sealDump } from "./dump.ts";
import { dumpPortion, once, prepareToDump } from "./dump-portion.ts";
import { dumpNames, momentOf, recordsOf, STANDBY_COPY, workOf } from "./layout.ts";
import { readLoaded } from "./ledger.ts";
import { markOf, writtenSince } from "./logged-writes.ts";
import { frozen, logMark, type Manifest, type Portion, portion } from "./manifest.ts";
import { writableSchemas } from "./read-only.ts";
import { type DumpStore, MissingError } from "./store.ts";

export interface CopyArgs {
  /** The server that takes no more writes, as its administrator. */
  login: Login;
  store: DumpStore;
  /** Id of the copy. */
  dump: string;
  /** Whether the server has followed the primary since its dump was loaded, so that its own GTIDs tell what it has. */
  followed: boolean;
  /** Connections that read at once, 1 or more. */
  parallel: number;
  /** Bytes of a chunk. @default see `planDump` */
  bytes?: number;
  /** Ends the copy where it is; the next one goes on from there. */
  signal: AbortSignal;
  /** Told after each portion. */
  progress(done: number, of: number): void;
}

/** Something was written while a copy was made, so that it is of no one moment. */
export class WrittenError extends Error {}

/** Where the server stood when a copy was begun, and what is copied. */
const begun = z.strictObject({
  frozen,
  own: z.strictObject({ log: logMark, ofPrimary: z.string() }),
  schemas: z.array(z.string()),
});
type Begun = z.infer<typeof begun>;

/**
 * Dumps a server that takes no more writes, as the primary's replica is dumped. Killed wherever it is, the next one goes
 * on with the portions that are left.
 *
 * @returns its manifest, without which there is no copy
 * @throws WrittenError when the server took writes after all: begin another one
 */
export async function copyStandby(args: CopyArgs): Promise<Manifest> {
  const { dump, login, store, signal } = args;
  const connections: Connection[] = [];
  const abandon = () => {
    for (const connection of connections) cut(connection, new Error("the copy was ended"));
  };
  signal.addEventListener("abort", abandon);
  try {
    for (let count = 0; count < args.parallel; count++) {
      signal.throwIfAborted();
      connections.push(await connect(login));
    }
    const [first] = connections as [Connection];
    const { began, portions } = await takeUp(first, args);
    await dumpAll(connections, portions, args);
    await requireUnwritten(first, began);
    const startedAt = momentOf(dump).toISOString();
    return await sealDump(store, { dump, kind: STANDBY_COPY, startedAt, obstacles: [], ...began }, signal);
  } catch (error) {
    // A connection that was destroyed fails with something that nobody needs to know.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", abandon);
    abandon();
  }
}

/** Goes on with a copy, or begins it: until it is written down where the server stood, nothing is copied. */
async function takeUp(connection: Connection, args: CopyArgs): Promise<{ began: Begun; portions: Portion[] }> {
  const { dump, store, signal, bytes } = args;
  const name = `${workOf(STANDBY_COPY, dump)}begun.json`;
  const former = await readJson(store, name, begun, signal);
  if (former) {
    const plan = await readJson(store, dumpNames(STANDBY_COPY, dump).plan, portion.array(), signal);
    return { began: former, portions: plan ?? [] };
  }
  await prepareToDump(connection);
  const stands = await standing(connection, args);
  const { portions, schemas } = await planDump(connection, store, { dump, kind: STANDBY_COPY }, signal, bytes);
  const began = { ...stands, schemas };
  await store.write(name, once(JSON.stringify(began)), signal);
  return { began, portions };
}

async function standing(connection: Connection, { followed }: CopyArgs): Promise<Omit<Begun, "schemas">> {
  const { log, gtid } = await markOf(connection);
  const [[row]] = await connection.query<RowDataPacket[]>("SELECT @@server_uuid AS server, @@version AS version");
  const loaded = await readLoaded(connection);
  const frozenAt = { gtid, server: String(row?.server), version: String(row?.version) };
  const ofPrimary = followed ? gtid : (loaded?.gtid ?? "");
  // Before the mark a schema may have been opened; after it, whatever comes of that is in the log.
  const open = await writableSchemas(connection);
  if (open.length === 0) return { frozen: frozenAt, own: { log, ofPrimary } };
  throw new WrittenError(`expected that all schemas take no writes, found that these do: ${open.join(", ")}`);
}

async function dumpAll(connections: Connection[], portions: Portion[], args: CopyArgs): Promise<void> {
  const { dump, store, signal, progress } = args;
  const underway = { dump, kind: STANDBY_COPY } as const;
  const there = new Set((await store.list(recordsOf(STANDBY_COPY, dump), signal)).map(({ name }) => name));
  const { records } = dumpNames(STANDBY_COPY, dump);
  const left = portions.filter(([first]) => !there.has(records(first.chunk)));
  progress(portions.length - left.length, portions.length);
  const queue = left.values();
  let done = portions.length - left.length;
  await Promise.all(
    connections.map(async (connection) => {
      await prepareToDump(connection);
      for (const each of queue) {
        signal.throwIfAborted();
        await dumpPortion(connection, store, underway, each, signal);
        done += 1;
        progress(done, portions.length);
      }
    }),
  );
}

async function requireUnwritten(connection: Connection, { frozen: { gtid }, own: { log } }: Begun): Promise<void> {
  const written = await writtenSince(connection, { log, gtid });
  if (written.length > 0) {
    throw new WrittenError(`expected that nothing is written while it is copied, found writes: ${written.join(", ")}`);
  }
}

async function readJson<T>(
  store: DumpStore,
  name: string,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await text(await store.read(name, signal))));
  } catch (error) {
    if (error instanceof MissingError) return undefined;
    throw error;
  }
}
