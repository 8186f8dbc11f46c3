import type { Connection, RowDataPacket } from "mysql2/promise";
import { userSchemas } from "./definitions.ts";
import { quoted } from "./sql.ts";

/**
 * How long a schema's transactions may go on until it takes no more writes, in seconds. Whatever writes there anew waits
 * so long behind that, and goes on where it was in vain.
 */
const PATIENCE_SECONDS = 20;

/** Schemas may be made meanwhile; one who makes them faster than this is told. */
const MOST_ROUNDS = 10;

const READ_ONLY =
  "SELECT schema_name AS name FROM information_schema.schemata_extensions WHERE options LIKE '%READ ONLY=1%'";

/** A transaction that has used a schema and goes on keeps it from being altered. */
const USERS = `
  SELECT t.processlist_id AS id, t.processlist_user AS user
  FROM performance_schema.metadata_locks l JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
  WHERE l.object_type = 'SCHEMA' AND l.object_schema = ? AND l.lock_status = 'GRANTED' AND t.processlist_id IS NOT NULL
    AND t.processlist_id <> CONNECTION_ID()`;

/** Schemas of the workload that take writes. */
export async function writableSchemas(connection: Connection): Promise<string[]> {
  const closed = await readOnlySchemas(connection);
  return (await userSchemas(connection)).filter((name) => !closed.includes(name));
}

/**
 * Has every schema of the workload take no more writes, of anybody. It is durable, and waits for the transactions that
 * write there: what is confirmed later is in none ("ALTER DATABASE Statement", Read-Only Option).
 *
 * Not kept from it are accounts, new schemas, and whoever may alter a schema and says so; temporary tables too.
 *
 * @throws Error that names who holds a schema, where its transactions take too long; what was done stays
 */
export async function closeSchemas(connection: Connection): Promise<void> {
  await connection.query("SET SESSION lock_wait_timeout = ?", [PATIENCE_SECONDS]);
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const open = await writableSchemas(connection);
    if (open.length === 0) return;
    for (const schema of open) await alter(connection, schema, 1);
  }
  throw new Error(
    "expected that all schemas take no more writes, found new ones again and again: stop what makes them",
  );
}

/** Has every schema take writes again. */
export async function openSchemas(connection: Connection): Promise<void> {
  await connection.query("SET SESSION lock_wait_timeout = ?", [PATIENCE_SECONDS]);
  for (const schema of await readOnlySchemas(connection)) await alter(connection, schema, 0);
}

async function readOnlySchemas(connection: Connection): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(READ_ONLY);
  return rows.map(({ name }) => String(name));
}

async function alter(connection: Connection, schema: string, value: 0 | 1): Promise<void> {
  try {
    await connection.query(`ALTER SCHEMA ${quoted(schema)} READ ONLY = ${value}`);
  } catch (error) {
    const { code } = error as { code?: string };
    // Dropped meanwhile.
    if (code === "ER_BAD_DB_ERROR") return;
    if (code !== "ER_LOCK_WAIT_TIMEOUT") throw error;
    const [rows] = await connection.query<RowDataPacket[]>(USERS, [schema]);
    const users = [...new Set(rows.map(({ id, user }) => `${id} of ${user}`))].slice(0, 5);
    throw new Error(
      `expected the transactions in ${schema} to end within ${PATIENCE_SECONDS} s, found that these connections still are at ` +
        `one: ${users.join(", ") || "none that can be named"}; end them (KILL), or wait: it is tried again`,
      { cause: error },
    );
  }
}
