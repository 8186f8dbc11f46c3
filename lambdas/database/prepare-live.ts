import type { Connection, RowDataPacket } from "mysql2/promise";
import { startHeartbeat } from "./heartbeat.ts";

/** As whom the other site fetches transactions; nothing but that is allowed to it. */
export const REPLICATOR = "dr_replicator";

/** RDS keeps binary logs for a week at most, and no longer than it needs them itself unless told (mysql.rds_set_configuration). */
export const KEEP_BINARY_LOGS = "CALL mysql.rds_set_configuration('binlog retention hours', 168)";

/**
 * Makes a server one that can be followed: a user for that, and a heart that beats. Safe to do again, and sets the
 * password anew.
 *
 * @param password of the replicator
 */
export async function prepareLive(connection: Connection, password: string): Promise<void> {
  if (await isOnRds(connection)) await connection.query(KEEP_BINARY_LOGS);
  await connection.query("CREATE USER IF NOT EXISTS ?@'%' IDENTIFIED BY ? REQUIRE SSL", [REPLICATOR, password]);
  await connection.query("ALTER USER ?@'%' IDENTIFIED BY ? REQUIRE SSL ACCOUNT UNLOCK", [REPLICATOR, password]);
  await connection.query("GRANT REPLICATION SLAVE ON *.* TO ?@'%'", [REPLICATOR]);
  await startHeartbeat(connection);
}

async function isOnRds(connection: Connection): Promise<boolean> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT 1 FROM information_schema.routines WHERE routine_schema = 'mysql' AND routine_name = 'rds_set_configuration'",
  );
  return rows.length > 0;
}
