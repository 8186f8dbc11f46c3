import type { Connection } from "mysql2/promise";
import { z } from "zod";
import { accountName, isWorkloadUser } from "./account-name.ts";
import { CONTROL_SCHEMA } from "./layout.ts";
import { isBeside } from "./places.ts";
import { qualified } from "./sql.ts";
import { columnTold, rowsTold } from "./told.ts";

/** A program of a schema as the server tells it: a view, routine, trigger or event, with the session it was made in. */
const program = z.strictObject({
  schema: z.string(),
  name: z.string(),
  /** Its `CREATE` statement, definer and all. */
  create: z.string(),
  /** Empty for views, of which the server keeps none. */
  sqlMode: z.string(),
  characterSet: z.string(),
  collation: z.string(),
});
export type Program = z.infer<typeof program>;

/** Everything of a server that is no row, as statements that make it again. */
export const definitions = z.strictObject({
  schemas: z.array(z.strictObject({ name: z.string(), characterSet: z.string(), collation: z.string() })),
  /** `create` as SHOW CREATE TABLE tells it, keys and foreign keys and all. */
  tables: z.array(z.strictObject({ schema: z.string(), name: z.string(), create: z.string() })),
  views: z.array(program),
  routines: z.array(program.extend({ kind: z.enum(["FUNCTION", "PROCEDURE"]) })),
  /** Those of a table that fire at the same moment, in the order in which they fire. */
  triggers: z.array(program.extend({ table: z.string() })),
  events: z.array(program.extend({ enabled: z.boolean(), timeZone: z.string() })),
  /** Users and roles that are the workload's, with what they may do. */
  accounts: z.array(z.strictObject({ account: z.string(), create: z.string(), grants: z.array(z.string()) })),
});
export type Definitions = z.infer<typeof definitions>;

/** Schemas of the server itself, and those that Amazon RDS has for itself. */
const SYSTEM_SCHEMAS = ["mysql", "sys", "information_schema", "performance_schema", "innodb", "tmp", CONTROL_SCHEMA];

/** What a session has to set to be told all of it, and in the same words on every server. */
const TELL_ALL = [
  "SET SESSION sql_mode = '', sql_quote_show_create = 1, print_identified_with_as_hex = ON",
  "SET SESSION show_gipk_in_create_table_and_information_schema = ON",
  // Of the schema that is in use views name tables without it.
  "USE information_schema",
];

/** Names of all schemas that are the workload's, in their order. */
export async function userSchemas(connection: Connection): Promise<string[]> {
  const names = await columnTold(connection, "SELECT schema_name FROM information_schema.schemata ORDER BY 1");
  return names.filter((name) => !isBeside(name) && !SYSTEM_SCHEMAS.includes(name.toLowerCase()));
}

/**
 * Reads what some schemas, and the server's accounts, are.
 *
 * @param connection to a server where nobody changes definitions meanwhile; its session's modes and schema are changed
 * @param administrator user who is no part of it, as the accounts of the server's keeper and our own are none
 */
export async function readDefinitions(
  connection: Connection,
  schemas: readonly string[],
  administrator: string,
): Promise<Definitions> {
  for (const statement of TELL_ALL) await connection.query(statement);
  return {
    schemas: await readSchemas(connection, schemas),
    tables: await readTables(connection, schemas),
    views: await readViews(connection, schemas),
    routines: await readRoutines(connection, schemas),
    triggers: await readTriggers(connection, schemas),
    events: await readEvents(connection, schemas),
    accounts: await readAccounts(connection, administrator),
  };
}

async function readSchemas(connection: Connection, schemas: readonly string[]): Promise<Definitions["schemas"]> {
  const columns = "schema_name, default_character_set_name, default_collation_name";
  const rows = await ofSchemas(connection, `${columns} FROM information_schema.schemata WHERE schema_name`, schemas);
  return rows.map(([name = "", characterSet = "", collation = ""]) => ({ name, characterSet, collation }));
}

async function readTables(connection: Connection, schemas: readonly string[]): Promise<Definitions["tables"]> {
  const base = "table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'";
  const rows = await ofSchemas(connection, `${base} AND table_schema`, schemas);
  return each(rows, async ([schema = "", name = ""]) => {
    const [, create] = await shown(connection, `TABLE ${qualified(schema, name)}`, 1);
    return { schema, name, create };
  });
}

async function readViews(connection: Connection, schemas: readonly string[]): Promise<Definitions["views"]> {
  const columns = "table_schema, table_name FROM information_schema.tables WHERE table_type = 'VIEW'";
  const rows = await ofSchemas(connection, `${columns} AND table_schema`, schemas);
  return each(rows, async ([schema = "", name = ""]) => {
    const [, create, characterSet, collation] = await shown(connection, `VIEW ${qualified(schema, name)}`, 1);
    return { schema, name, create, sqlMode: "", characterSet, collation };
  });
}

async function readRoutines(connection: Connection, schemas: readonly string[]): Promise<Definitions["routines"]> {
  const columns = "routine_schema, routine_name, routine_type FROM information_schema.routines";
  const rows = await ofSchemas(
    connection,
    `${columns} WHERE routine_type IN ('FUNCTION', 'PROCEDURE') AND routine_schema`,
    schemas,
  );
  return each(rows, async ([schema = "", name = "", type]) => {
    const kind = type === "FUNCTION" ? "FUNCTION" : "PROCEDURE";
    const told = await shown(connection, `${kind} ${qualified(schema, name)}`, 2);
    const [, sqlMode, create, characterSet, collation] = told;
    return { schema, name, create, sqlMode, characterSet, collation, kind };
  });
}

async function readTriggers(connection: Connection, schemas: readonly string[]): Promise<Definitions["triggers"]> {
  const columns = "trigger_schema, event_object_table, action_order, trigger_name FROM information_schema.triggers";
  const rows = await ofSchemas(connection, `${columns} WHERE trigger_schema`, schemas);
  return each(rows, async ([schema = "", table = "", , name = ""]) => {
    const told = await shown(connection, `TRIGGER ${qualified(schema, name)}`, 2);
    const [, sqlMode, create, characterSet, collation] = told;
    return { schema, name, create, sqlMode, characterSet, collation, table };
  });
}

/** A replica disables the events that it gets, so that one which is disabled as a replica's may be on at the primary. */
async function readEvents(connection: Connection, schemas: readonly string[]): Promise<Definitions["events"]> {
  const columns = "event_schema, event_name, status <> 'DISABLED' FROM information_schema.events";
  const rows = await ofSchemas(connection, `${columns} WHERE event_schema`, schemas);
  return each(rows, async ([schema = "", name = "", enabled]) => {
    const told = await shown(connection, `EVENT ${qualified(schema, name)}`, 3);
    const [, sqlMode, timeZone, create, characterSet, collation] = told;
    return { schema, name, create, sqlMode, characterSet, collation, enabled: Number(enabled) === 1, timeZone };
  });
}

async function readAccounts(connection: Connection, administrator: string): Promise<Definitions["accounts"]> {
  const rows = await rowsTold(connection, "SELECT user, host FROM mysql.user ORDER BY 1, 2");
  const ours = rows.filter(([user = ""]) => isWorkloadUser(user, administrator));
  return each(ours, async ([user = "", host = ""]) => {
    const account = accountName(user, host);
    const [create] = await shown(connection, `USER ${account}`, 0);
    return { account, create, grants: await columnTold(connection, `SHOW GRANTS FOR ${account}`) };
  });
}

/** @param from what is read, up to the column of the schema's name */
async function ofSchemas(connection: Connection, from: string, schemas: readonly string[]): Promise<string[][]> {
  if (schemas.length === 0) return [];
  const order = from
    .split(" FROM ")[0]
    ?.split(",")
    .map((_, at) => at + 1);
  return rowsTold(connection, `SELECT ${from} IN (?) ORDER BY ${order}`, [schemas]);
}

type Told = [string, string, string, string, string, string];

/** @param at the column of the statement, which is empty for whoever may not see it */
async function shown(connection: Connection, what: string, at: number): Promise<Told> {
  const [row = []] = await rowsTold(connection, `SHOW CREATE ${what}`);
  if (row[at]) return row as Told;
  throw new Error(`expected to be told the definition of ${what}, found none: the user lacks the right to see it`);
}

/** One after the other, as a connection works. */
async function each<T>(rows: string[][], one: (row: string[]) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (const row of rows) made.push(await one(row));
  return made;
}
