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
  /** Which request of an operator was the last to be carried out: its `requestedAt`. */
  restored?: string;
}

const TABLE = `${CONTROL_SCHEMA}.controller`;

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

/** Notes whose the data are from now on. What is the server's own stays so until it is released. */
export async function noteTenure(connection: Connection, tenure: Tenure): Promise<void> {
  if (tenure === "lent" && (await readNotes(connection)).tenure === "own") return;
  await note(connection, "tenure", tenure);
}

/** Notes that a load is done: what was there is gone, whosever it was. @param request that it was done for, if any */
export async function noteLoaded(connection: Connection, request: string | undefined): Promise<void> {
  if (request !== undefined) await note(connection, "restored", request);
  await release(connection);
}

/**
 * Takes back that the data are the server's own: the primary has them now, so that dumps may be loaded over them again.
 * For failback, when it has brought all of them back and nothing writes here any more.
 */
export async function release(connection: Connection): Promise<void> {
  await makeTable(connection);
  await connection.query(`DELETE FROM ${TABLE} WHERE name = 'tenure'`);
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
