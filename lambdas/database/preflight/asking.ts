import type { Connection, RowDataPacket } from "mysql2/promise";

/** Rows as texts and numbers. @param values for the statement's places; an empty list of schemas asks nothing */
export async function ask(connection: Connection, sql: string, values: unknown[] = []): Promise<RowDataPacket[]> {
  if (values.some((value) => Array.isArray(value) && value.length === 0)) return [];
  const [rows] = await connection.query<RowDataPacket[]>(sql, values);
  return rows;
}
