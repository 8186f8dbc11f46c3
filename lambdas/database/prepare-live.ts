import type { Connection, RowDataPacket } from "mysql2/promise";
import { REPLICATOR_USER } from "./account-name.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { KEEP_BINARY_LOGS_SQL } from "./prepare.ts";
import { runQuietly } from "./run-quietly.ts";

/**
 * Makes a server one that can be followed: a user for that, and a heart that beats. Safe to do again, and sets the
 * password anew.
 *
 * @param password of the replicator
 * @throws Error without the password, which the driver's own would tell
 */
export async function prepareLive(connection: Connection, password: string): Promise<void> {
  if (await isOnRds(connection)) await connection.query(KEEP_BINARY_LOGS_SQL);
  const run = (statement: string) =>
    runQuietly(connection, `the server refuses ${statement}`, statement, [REPLICATOR_USER, password]);
  await run("CREATE USER IF NOT EXISTS ?@'%' IDENTIFIED BY ? REQUIRE SSL");
  await run("ALTER USER ?@'%' IDENTIFIED BY ? REQUIRE SSL ACCOUNT UNLOCK");
  await run("GRANT REPLICATION SLAVE ON *.* TO ?@'%'");
  await startHeartbeat(connection);
}

async function isOnRds(connection: Connection): Promise<boolean> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT 1 FROM information_schema.routines WHERE routine_schema = 'mysql' AND routine_name = 'rds_set_configuration'",
  );
  return rows.length > 0;
}
