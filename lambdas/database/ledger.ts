import type { Connection, RowDataPacket } from "mysql2/promise";
import { z } from "zod";
import { intervalsOf } from "./gtid.ts";
import { CONTROL_SCHEMA, COPY_KINDS } from "./layout.ts";
import { rowsOrNone } from "./told.ts";

/**
 * How far a load is. `rows`: the new copy is being filled, beside the one that serves. From `swap` on it takes its place,
 * and can only go on: `programs` are made when it has.
 */
export const PHASES = ["rows", "keys", "swap", "programs"] as const;
export type Phase = (typeof PHASES)[number];

/** Whether a load in this phase can only go on. */
export function isOneWay(phase: Phase): boolean {
  return phase === "swap" || phase === "programs";
}

/** What came of a load. */
export const loadProof = z.strictObject({
  dump: z.string(),
  kind: z.enum(COPY_KINDS),
  /** Set of the transactions that are in it. */
  gtid: z.string(),
  schemas: z.array(z.string()),
  accounts: z.array(z.string()),
  rows: z.number(),
  bytes: z.number(),
  /** Chunks whose rows and checksum were found to be those of the manifest. */
  chunks: z.number(),
  /** What is not as it is at the primary, for people. */
  differences: z.array(z.string()),
  beganAt: z.string(),
  loadedAt: z.string(),
  /**
   * GTID of the last transaction of the server's own before this; absent where it counted none. While the server knows
   * that one, what it says it has is not what the dump has: what it once got of its source, a drill's writes, and the load.
   */
  own: z.string().optional(),
  /** The newer dump whose accounts these are; absent where they are still the loaded one's. */
  accountsOf: z.string().optional(),
});
export type LoadProof = z.infer<typeof loadProof>;

/** A load that has begun and not ended. */
export interface Underway {
  dump: string;
  phase: Phase;
  beganAt: string;
}

const TABLES = [
  `CREATE SCHEMA IF NOT EXISTS ${CONTROL_SCHEMA} CHARACTER SET utf8mb4`,
  `CREATE TABLE IF NOT EXISTS ${CONTROL_SCHEMA}.load_underway (
     id TINYINT PRIMARY KEY, dump VARCHAR(32) NOT NULL, phase VARCHAR(16) NOT NULL, began_at VARCHAR(32) NOT NULL
   )`,
  `CREATE TABLE IF NOT EXISTS ${CONTROL_SCHEMA}.load_chunks (
     dump VARCHAR(32) NOT NULL, chunk INT NOT NULL, PRIMARY KEY (dump, chunk)
   )`,
  `CREATE TABLE IF NOT EXISTS ${CONTROL_SCHEMA}.loaded (id TINYINT PRIMARY KEY, proof JSON NOT NULL)`,
];

/** Makes the tables in which the target itself keeps how far a load is. */
export async function openLedger(connection: Connection): Promise<void> {
  for (const statement of TABLES) await connection.query(statement);
}

/** The load that is under way; undefined when there is none. */
export async function readUnderway(connection: Connection): Promise<Underway | undefined> {
  const sql = `SELECT dump, phase, began_at AS beganAt FROM ${CONTROL_SCHEMA}.load_underway`;
  const [row] = await rowsOrNone(connection, sql);
  return row && { dump: String(row.dump), phase: row.phase as Phase, beganAt: String(row.beganAt) };
}

/** What the server holds; undefined when no dump was ever loaded into it. */
export async function readLoaded(connection: Connection): Promise<LoadProof | undefined> {
  const [row] = await rowsOrNone(connection, `SELECT proof FROM ${CONTROL_SCHEMA}.loaded`);
  if (!row) return undefined;
  return loadProof.parse(typeof row.proof === "string" ? JSON.parse(row.proof) : row.proof);
}

export async function begin(connection: Connection, dump: string): Promise<Underway> {
  const beganAt = new Date().toISOString();
  await connection.query(`DELETE FROM ${CONTROL_SCHEMA}.load_chunks`);
  await connection.query(`REPLACE INTO ${CONTROL_SCHEMA}.load_underway VALUES (1, ?, 'rows', ?)`, [dump, beganAt]);
  return { dump, phase: "rows", beganAt };
}

export async function enter(connection: Connection, phase: Phase): Promise<void> {
  await connection.query(`UPDATE ${CONTROL_SCHEMA}.load_underway SET phase = ?`, [phase]);
}

/** Notes a chunk, in the transaction of its rows. */
export async function markLoaded(connection: Connection, dump: string, chunk: number): Promise<void> {
  await connection.query(`INSERT INTO ${CONTROL_SCHEMA}.load_chunks VALUES (?, ?)`, [dump, chunk]);
}

export async function readChunksLoaded(connection: Connection, dump: string): Promise<Set<number>> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT chunk FROM ${CONTROL_SCHEMA}.load_chunks WHERE dump = ?`,
    [dump],
  );
  return new Set(rows.map(({ chunk }) => Number(chunk)));
}

/** Ends a load: from here on it is what the server holds. @returns the proof, with what the server counted as its own */
export async function end(connection: Connection, found: Omit<LoadProof, "own">): Promise<LoadProof> {
  const own = await lastOwn(connection);
  const proof = { ...found, ...(own && { own }) };
  await connection.beginTransaction();
  await connection.query(`REPLACE INTO ${CONTROL_SCHEMA}.loaded VALUES (1, ?)`, [JSON.stringify(proof)]);
  await forget(connection);
  await connection.commit();
  return proof;
}

/** Notes that a server's accounts are a newer dump's. */
export async function noteAccounts(
  connection: Connection,
  proof: LoadProof,
  { dump, accounts, differences }: { dump: string; accounts: string[]; differences: string[] },
): Promise<void> {
  const others = proof.differences.filter((each) => !each.startsWith("account "));
  const noted: LoadProof = { ...proof, accounts, accountsOf: dump, differences: [...others, ...differences] };
  await connection.query(`REPLACE INTO ${CONTROL_SCHEMA}.loaded VALUES (1, ?)`, [JSON.stringify(noted)]);
}

/** The last transaction that a server counted as its own; undefined where it has counted none. */
async function lastOwn(connection: Connection): Promise<string | undefined> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    "SELECT @@GLOBAL.server_uuid AS server, @@GLOBAL.gtid_executed AS gtid",
  );
  const own = intervalsOf(String(row?.gtid)).filter(({ server }) => server === row?.server);
  return own.length > 0 ? `${row?.server}:${Math.max(...own.map(({ last }) => last))}` : undefined;
}

/** Forgets the load that is under way. */
export async function forget(connection: Connection): Promise<void> {
  await connection.query(`DELETE FROM ${CONTROL_SCHEMA}.load_underway`);
  await connection.query(`DELETE FROM ${CONTROL_SCHEMA}.load_chunks`);
}
