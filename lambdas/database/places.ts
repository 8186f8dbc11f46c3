import type { Connection, RowDataPacket } from "mysql2/promise";
import { CONTROL_SCHEMA } from "./layout.ts";
import { qualified, quoted } from "./sql.ts";

/** Where a schema's tables are while a new copy is made. */
export interface Place {
  /** Where they serve. */
  schema: string;
  /** Where the new ones are filled; a name of our own, for a schema's may be as long as names can be. */
  fresh: string;
  /** Where the old ones wait until the new ones serve. */
  former: string;
}

const FRESH = `${CONTROL_SCHEMA}_fresh_`;
const FORMER = `${CONTROL_SCHEMA}_former_`;

/** @param schemas of a dump, in the order of its manifest */
export function placesOf(schemas: readonly string[]): Place[] {
  return schemas.map((schema, at) => ({ schema, fresh: `${FRESH}${at + 1}`, former: `${FORMER}${at + 1}` }));
}

/** Whether a schema is one that a load leaves beside what serves, until it has ended. */
export function isBeside(schema: string): boolean {
  return schema.startsWith(FRESH) || schema.startsWith(FORMER);
}

/** Drops everything that a load leaves beside what serves. */
export async function dropBeside(connection: Connection): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE ? OR schema_name LIKE ?",
    [FRESH, FORMER].map((begin) => `${begin.replaceAll("_", "\\_")}%`),
  );
  for (const { name } of rows) await connection.query(`DROP SCHEMA ${quoted(name)}`);
}

/**
 * Puts the new tables where the old ones are, and the old ones aside, all in one step that is done or not: no table is
 * ever missing. Nothing when it was done before.
 *
 * @param tables how many new ones there are, in the one place or the other
 * @param before what is done just before that, where it is still to be done
 */
export async function exchange(
  connection: Connection,
  places: readonly Place[],
  tables: number,
  before: () => Promise<void> = async () => {},
): Promise<void> {
  const fresh = await Promise.all(places.map((place) => tablesOf(connection, place.fresh)));
  const serving = await Promise.all(places.map((place) => tablesOf(connection, place.schema)));
  if (tables > 0 && fresh.flat().length === 0) return;
  await before();
  const moves = places.flatMap(({ schema, fresh: from, former }, at) => [
    ...(serving[at] ?? []).map((table) => `${qualified(schema, table)} TO ${qualified(former, table)}`),
    ...(fresh[at] ?? []).map((table) => `${qualified(from, table)} TO ${qualified(schema, table)}`),
  ]);
  if (moves.length > 0) await connection.query(`RENAME TABLE ${moves.join(", ")}`);
}

async function tablesOf(connection: Connection, schema: string): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'",
    [schema],
  );
  return rows.map(({ name }) => String(name));
}
