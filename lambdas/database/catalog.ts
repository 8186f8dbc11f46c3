import type { Connection, RowDataPacket } from "mysql2/promise";
import type { Column } from "./columns.ts";

/** A base table, as far as moving its rows wants to know it. */
export interface Table {
  schema: string;
  name: string;
  /** Columns that hold data, in their order: invisible ones too, generated ones not. */
  columns: Column[];
  /** The key by which the table is stored, all of it; undefined where it has no primary key and no unique one without NULLs. */
  key?: { name: string; columns: Column[] };
  /** Guesses of the server. */
  estimate: { rows: number; bytes: number };
}

const BASE_TABLES = `
  SELECT table_schema AS \`schema\`, table_name AS name, table_rows AS \`rows\`, data_length AS bytes
  FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema IN (?) AND (? OR table_name IN (?))
  ORDER BY 1, 2`;

const COLUMNS = `
  SELECT table_schema AS \`schema\`, table_name AS \`table\`, column_name AS name, data_type AS type,
    character_set_name AS characterSet, extra REGEXP '(VIRTUAL|STORED) GENERATED' AS isGenerated
  FROM information_schema.columns WHERE table_schema IN (?) AND (? OR table_name IN (?)) ORDER BY ordinal_position`;

/** Only keys of whole columns: a prefix of one tells rows apart, but orders them not as the column does. */
const KEYS = `
  SELECT table_schema AS \`schema\`, table_name AS \`table\`, index_name AS name,
    JSON_ARRAYAGG(JSON_OBJECT('at', seq_in_index, 'column', column_name)) AS columns
  FROM information_schema.statistics
  WHERE table_schema IN (?) AND (? OR table_name IN (?)) AND non_unique = 0
  GROUP BY table_schema, table_name, index_name
  HAVING MAX(nullable = 'YES') = 0 AND MAX(sub_part IS NOT NULL) = 0 AND MAX(column_name IS NULL) = 0
    AND MAX(is_visible = 'NO') = 0
  ORDER BY index_name = 'PRIMARY' DESC, index_name`;

/** All base tables of some schemas, in the order of their names. */
export async function readTables(connection: Connection, schemas: readonly string[]): Promise<Table[]> {
  return schemas.length > 0 ? read(connection, schemas) : [];
}

/** Finds a table by its schema and name. @throws Error when there is none */
export type TableFinder = (schema: string, name: string) => Table;

/** Some tables by their names. */
export async function findTables(
  connection: Connection,
  wanted: readonly { schema: string; table: string }[],
): Promise<TableFinder> {
  const schemas = [...new Set(wanted.map(({ schema }) => schema))];
  const tables = await read(connection, schemas, [...new Set(wanted.map(({ table }) => table))]);
  const found = new Map(tables.map((table) => [placeOf({ schema: table.schema, table: table.name }), table]));
  return (schema, name) => {
    const table = found.get(placeOf({ schema, table: name }));
    if (table) return table;
    throw new Error(`expected the table ${schema}.${name}, found none`);
  };
}

/** @param names of the tables; all of them without */
async function read(connection: Connection, schemas: readonly string[], names?: readonly string[]): Promise<Table[]> {
  // What it told last may be a day old.
  await connection.query("SET SESSION information_schema_stats_expiry = 0");
  const which = [schemas, names === undefined, names ?? [""]];
  const [tables] = await connection.query<RowDataPacket[]>(BASE_TABLES, which);
  const [columns] = await connection.query<RowDataPacket[]>(COLUMNS, which);
  const [keys] = await connection.query<RowDataPacket[]>(KEYS, which);
  const columnsOf = Map.groupBy(columns, (column) => placeOf(column as unknown as Place));
  const keysOf = Map.groupBy(keys, (key) => placeOf(key as Place));
  return tables.map((table) => {
    const place = placeOf({ schema: table.schema, table: table.name });
    const all = columnsOf.get(place) ?? [];
    return {
      schema: table.schema,
      name: table.name,
      columns: all.filter(({ isGenerated }) => !Number(isGenerated)).map(columnOf),
      ...keyOf(keysOf.get(place)?.[0], all),
      estimate: { rows: Number(table.rows ?? 0), bytes: Number(table.bytes ?? 0) },
    };
  });
}

function keyOf(found: RowDataPacket | undefined, all: RowDataPacket[]): Pick<Table, "key"> {
  if (!found) return {};
  const parts = (typeof found.columns === "string" ? JSON.parse(found.columns) : found.columns) as {
    at: number;
    column: string;
  }[];
  const columns = parts
    .toSorted((a, b) => a.at - b.at)
    .map(({ column }) => all.find(({ name }) => name === column) as RowDataPacket)
    .map(columnOf);
  return { key: { name: found.name, columns } };
}

function columnOf({ name, type, characterSet }: RowDataPacket): Column {
  return { name, type: String(type).toLowerCase(), ...(characterSet ? { characterSet } : {}) };
}

/** Whose something is. */
interface Place {
  schema: string;
  table: string;
}

function placeOf({ schema, table }: Place): string {
  return JSON.stringify([schema, table]);
}
