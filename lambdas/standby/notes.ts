import type { Connection } from "mysql2/promise";
import { CONTROL_SCHEMA } from "../database/layout.ts";
import { rowsOrNone } from "../database/told.ts";

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
  /** Id of the copy that is made of the server's own writes since it takes no more of them. */
  paused?: string;
  /** Id of a dump of the moment at which it was released: the primary has what is here, and only newer dumps are newer. */
  released?: string;
}

const TABLE = `${CONTROL_SCHEMA}.controller`;

/** Value of a note that says all by being there. */
const YES = "yes";

/** Reads what is noted; nothing on a new server. */
export async function readNotes(connection: Connection): Promise<Notes> {
  const rows = await rowsOrNone(connection, `SELECT name, value FROM ${TABLE}`);
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
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

/** Notes that a server takes no more writes, and by what name it is copied. */
export async function notePaused(connection: Connection, dump: string): Promise<void> {
  if ((await readNotes(connection)).paused !== dump) await note(connection, "paused", dump);
}

/** Forgets that a server takes no writes: whatever copy was made of it is of the past. */
export async function noteResumed(connection: Connection): Promise<void> {
  await makeTable(connection);
  await forgetNotes(connection, "paused");
}

/** Notes that the primary has all that is here. @param released see `Notes` */
export async function noteReleased(connection: Connection, released: string): Promise<void> {
  // First: without it an older dump than what is here would count for newer.
  await note(connection, "released", released);
  await forgetNotes(connection, "tenure", "unpromoted", "drilled", "paused");
}

/** Takes back whose the data are, for a copy that takes their place. */
export async function release(connection: Connection): Promise<void> {
  await makeTable(connection);
  await forgetNotes(connection, "tenure", "unpromoted", "drilled", "paused", "released");
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
