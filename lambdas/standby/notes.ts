import type { Connection, RowDataPacket } from "mysql2/promise";
import { CONTROL_SCHEMA } from "../database/layout.ts";

/**
 * Whose the data are that a promoted server has taken since. `own`: nobody else has them, and nothing may be loaded
 * over them. `lent`: they are a drill's, and go with the next load.
 */
export type Tenure = "own" | "lent";

/** What the controller has noted on the server itself, where it is true of exactly the data that are there. */
export interface Notes {
  tenure?: Tenure;
  /** Set with a tenure that a load has noted, for its copy may be written to before the server is promoted. */
  unpromoted?: string;
  /** Set where a drill's writes are among the server's own: it was declared straight from there. */
  drilled?: string;
  /** Which request of an operator was the last to be carried out: its `requestedAt`. */
  restored?: string;
  /**
   * `loadedAt` of the load from which the server has followed: since then what it says it has is what it has, and no longer
   * what its dump had.
   */
  seeded?: string;
}

const TABLE = `${CONTROL_SCHEMA}.controller`;

/** Value of a note that says all by being there. */
const YES = "yes";

/** MySQL's codes for a schema and a table that are not there. */
const MISSING = ["ER_BAD_DB_ERROR", "ER_NO_SUCH_TABLE"];

/** Reads what is noted; nothing on a new server. */
export async function readNotes(connection: Connection): Promise<Notes> {
  try {
    const [rows] = await connection.query<RowDataPacket[]>(`SELECT name, value FROM ${TABLE}`);
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  } catch (error) {
    if (MISSING.includes((error as { code?: string }).code ?? "")) return {};
    throw error;
  }
}

/** Notes that a server was promoted, and whose the data are from now on. Its own they stay until it is released. */
export async function notePromoted(connection: Connection, tenure: Tenure): Promise<void> {
  const former = (await readNotes(connection)).tenure;
  if (former === "lent" && tenure === "own") await note(connection, "drilled", YES);
  await note(connection, "tenure", former === "own" ? former : tenure);
  await forgetNotes(connection, "unpromoted");
}

/**
 * Notes that a load's copy is about to take its place: what was there goes, whosever it was.
 *
 * @param tenure whose what is written to it is, where it is to be promoted: users may come before that is done
 * @param request that it was done for, if any
 */
export async function noteTakingPlace(
  connection: Connection,
  tenure: Tenure | undefined,
  request: string | undefined,
): Promise<void> {
  await release(connection);
  if (request !== undefined) await note(connection, "restored", request);
  if (tenure !== undefined) await noteServing(connection, tenure);
}

/** Notes whose what is written to a copy is that serves and is still to be promoted. Its own they stay. */
export async function noteServing(connection: Connection, tenure: Tenure): Promise<void> {
  if ((await readNotes(connection)).tenure === "own") return;
  await note(connection, "unpromoted", YES);
  await note(connection, "tenure", tenure);
}

/** Notes that the server follows from here on, its dump being where that begins. */
export async function noteSeeded(connection: Connection, loadedAt: string): Promise<void> {
  if ((await readNotes(connection)).seeded !== loadedAt) await note(connection, "seeded", loadedAt);
}

/**
 * Takes back that the data are the server's own: the primary has them now, so that dumps may be loaded over them again.
 * For failback, when it has brought all of them back and nothing writes here any more.
 */
export async function release(connection: Connection): Promise<void> {
  await makeTable(connection);
  await forgetNotes(connection, "tenure", "unpromoted", "drilled");
}

async function forgetNotes(connection: Connection, ...names: (keyof Notes)[]): Promise<void> {
  await connection.query(`DELETE FROM ${TABLE} WHERE name IN (?)`, [names]);
}

async function note(connection: Connection, name: keyof Notes, value: string): Promise<void> {
  await makeTable(connection);
  await connection.query(`REPLACE INTO ${TABLE} (name, value) VALUES (?, ?)`, [name, value]);
}

async function makeTable(connection: Connection): Promise<void> {
  await connection.query(`CREATE SCHEMA IF NOT EXISTS ${CONTROL_SCHEMA}`);
  await connection.query(
    `CREATE TABLE IF NOT EXISTS ${TABLE} (name VARCHAR(32) PRIMARY KEY, value VARCHAR(255) NOT NULL)`,
  );
}
