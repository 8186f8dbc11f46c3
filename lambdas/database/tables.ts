import type { Connection } from "mysql2/promise";
import type { Load } from "./load.ts";
import { LoadError } from "./load-error.ts";
import { shareOut } from "./load-rows.ts";
import { refusalOf } from "./refusal.ts";
import { quoted } from "./sql.ts";
import { type TableStatements, tableStatements } from "./table-definition.ts";

/** MySQL's codes for what was made before: a table, a key, a foreign key. */
const IS_THERE = new Set(["ER_TABLE_EXISTS_ERROR", "ER_DUP_KEYNAME", "ER_FK_DUP_NAME"]);

/** Letters of a statement that a message shows: its table is named there. */
const SHOWN = 120;

/** Bytes of rows, before compression, up to which a table's keys cost less with each row than in a step of their own. */
const SMALL_BYTES = 4 * 1024 * 1024;

/** Makes the new tables, without what is quicker to add when their rows are there; those that are there stay. */
export async function createTables(load: Load): Promise<void> {
  const { connections, definitions, places } = load;
  for (const { schema, fresh } of places) {
    const { characterSet = "utf8mb4", collation } = definitions.schemas.find(({ name }) => name === schema) ?? {};
    const collate = collation === undefined ? "" : ` COLLATE ${collation}`;
    await connections[0].query(`CREATE SCHEMA IF NOT EXISTS ${quoted(fresh)} CHARACTER SET ${characterSet}${collate}`);
  }
  const tables = statementsOf(load);
  const [alone, referring] = [tables.filter(({ refers }) => !refers), tables.filter(({ refers }) => refers)];
  await shareOut(connections, alone, (connection, { create }) => make(connection, create));
  // One after the other: what refers to each other locks each other.
  for (const { create } of referring) await make(connections[0], create);
}

/** Adds the keys to the new tables, and when all have theirs, what refers from one to another. */
export async function addKeys(load: Load): Promise<string[]> {
  const { connections, progress } = load;
  const tables = statementsOf(load);
  let done = 0;
  await shareOut(connections, tables, async (connection, { keys }) => {
    // MySQL does all of an ALTER TABLE or nothing.
    for (const statement of keys) await make(connection, statement);
    progress({ phase: "keys", done: ++done, of: tables.length });
  });
  for (const { foreignKeys } of tables) for (const statement of foreignKeys) await make(connections[0], statement);
  return [];
}

function statementsOf({ definitions: { tables }, manifest, places }: Load): TableStatements[] {
  const freshOf = new Map(places.map(({ schema, fresh }) => [schema, fresh]));
  const made = new Set(tables.map(({ schema, name }) => placeKey(schema, name)));
  // A foreign key may refer to a table that is not there: one day it may come to where it serves, and never to here.
  const placeOf = (schema: string, name: string) => (made.has(placeKey(schema, name)) && freshOf.get(schema)) || schema;
  const bytes = new Map<string, number>();
  for (const chunk of manifest.chunks) {
    const key = placeKey(chunk.schema, chunk.table);
    bytes.set(key, (bytes.get(key) ?? 0) + chunk.bytes);
  }
  // One that is not made counts as large: nothing refers to it before all is there.
  const isLarge = (schema: string, name: string) => (bytes.get(placeKey(schema, name)) ?? Infinity) > SMALL_BYTES;
  return tables.map((table) => tableStatements(table, placeOf, isLarge));
}

function placeKey(schema: string, name: string): string {
  return JSON.stringify([schema, name]);
}

/**
 * Makes what the statement makes, unless it was made before.
 *
 * @throws LoadError when the server will never make it: it is not one for such a table
 */
async function make(connection: Connection, statement: string): Promise<void> {
  const refusal = await refusalOf(connection.query(statement));
  if (!refusal || IS_THERE.has(refusal.code ?? "")) return;
  throw new LoadError(
    `the server refuses ${statement.slice(0, SHOWN)}…: ${refusal.message}; the former copy stays. The dump's obstacles ` +
      "(`restore-database --list`) say what to change at the primary",
    { permanent: true, cause: refusal },
  );
}
