import type { Connection } from "mysql2/promise";
import type { Definitions } from "./definitions.ts";
import type { Load } from "./load.ts";
import { shareOut } from "./load-rows.ts";
import type { Place } from "./places.ts";
import { quoted } from "./sql.ts";
import { type TableStatements, tableStatements } from "./table-definition.ts";

/** MySQL's codes for what was made before: a table, a key, a foreign key. */
const IS_THERE = new Set(["ER_TABLE_EXISTS_ERROR", "ER_DUP_KEYNAME", "ER_FK_DUP_NAME"]);

/** Makes the new tables, without what is quicker to add when their rows are there; those that are there stay. */
export async function createTables(connection: Connection, definitions: Definitions, places: Place[]): Promise<void> {
  for (const { schema, fresh } of places) {
    const { characterSet = "utf8mb4", collation } = definitions.schemas.find(({ name }) => name === schema) ?? {};
    const collate = collation === undefined ? "" : ` COLLATE ${collation}`;
    await connection.query(`CREATE SCHEMA IF NOT EXISTS ${quoted(fresh)} CHARACTER SET ${characterSet}${collate}`);
  }
  for (const { create } of statementsOf(definitions, places)) await make(connection, create);
}

/** Adds the keys to the new tables, and when all have theirs, what refers from one to another. */
export async function addKeys({ connections, definitions, places, progress }: Load): Promise<string[]> {
  const tables = statementsOf(definitions, places);
  let done = 0;
  await shareOut(connections, tables, async (connection, { keys }) => {
    // MySQL does all of an ALTER TABLE or nothing.
    for (const statement of keys) await make(connection, statement);
    progress({ phase: "keys", done: ++done, of: tables.length });
  });
  for (const { foreignKeys } of tables) for (const statement of foreignKeys) await make(connections[0], statement);
  return [];
}

function statementsOf({ tables }: Definitions, places: Place[]): TableStatements[] {
  const freshOf = new Map(places.map(({ schema, fresh }) => [schema, fresh]));
  const made = new Set(tables.map(({ schema, name }) => placeKey(schema, name)));
  // A foreign key may refer to a table that is not there: one day it may come to where it serves, and never to here.
  const placeOf = (schema: string, name: string) => (made.has(placeKey(schema, name)) && freshOf.get(schema)) || schema;
  return tables.map((table) => tableStatements(table, placeOf));
}

function placeKey(schema: string, name: string): string {
  return JSON.stringify([schema, name]);
}

/** Makes what the statement makes, unless it was made before. */
async function make(connection: Connection, statement: string): Promise<void> {
  await connection.query(statement).catch((error: { code?: string }) => {
    if (!IS_THERE.has(error.code ?? "")) throw error;
  });
}
