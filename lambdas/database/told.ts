import type { Connection, RowDataPacket } from "mysql2/promise";

/** MySQL's codes for a table, and for a schema, that is not there. */
const NOT_THERE = ["ER_NO_SUCH_TABLE", "ER_BAD_DB_ERROR"];

/** What a server tells in columns without names, as SHOW does: rows of texts. */
export async function rowsTold(connection: Connection, sql: string, values: unknown[] = []): Promise<string[][]> {
  const [rows] = await connection.query({ sql, rowsAsArray: true }, values);
  return rows as unknown as string[][];
}

/** The first column of what a server tells. */
export async function columnTold(connection: Connection, sql: string): Promise<string[]> {
  return (await rowsTold(connection, sql)).map(([value = ""]) => value);
}

/** Rows of a table; none where there is no such table yet. */
export async function rowsOrNone(connection: Connection, sql: string): Promise<RowDataPacket[]> {
  try {
    return (await connection.query<RowDataPacket[]>(sql))[0];
  } catch (error) {
    if (NOT_THERE.includes((error as { code?: string }).code ?? "")) return [];
    throw error;
  }
}
