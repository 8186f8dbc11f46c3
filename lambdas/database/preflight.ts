import type { Connection, RowDataPacket } from "mysql2/promise";
import { CONTROL_SCHEMA } from "./layout.ts";
import type { Obstacle } from "./manifest.ts";
import { accountObstacles } from "./preflight/accounts.ts";
import { nameObstacles } from "./preflight/names.ts";
import { programObstacles } from "./preflight/programs.ts";
import { settingObstacles } from "./preflight/settings.ts";
import { tableObstacles } from "./preflight/tables.ts";

/** Schemas that are MySQL's own, or ours. */
const NOT_THE_WORKLOADS = ["mysql", "sys", "information_schema", "performance_schema", CONTROL_SCHEMA];

/**
 * Everything on a primary that a standby on Azure Database for MySQL would lack, or have otherwise, with what to do. It
 * reads what the server knows of its schemas, never a row of them.
 *
 * @param connection to the primary, as its administrator
 * @param schemas those of the workload; all but MySQL's when left out
 * @param live whether the standby follows the primary, which wants more of it than a dump
 */
export async function findObstacles(
  connection: Connection,
  schemas?: readonly string[],
  live = false,
): Promise<Obstacle[]> {
  const looked = schemas ?? (await allSchemas(connection));
  return [
    ...(await settingObstacles(connection, live)),
    ...(await nameObstacles(connection, looked)),
    ...(await tableObstacles(connection, looked)),
    ...(await programObstacles(connection, looked)),
    ...(await accountObstacles(connection)),
  ];
}

async function allSchemas(connection: Connection): Promise<string[]> {
  const [rows] = await connection.query<RowDataPacket[]>("SELECT schema_name AS name FROM information_schema.schemata");
  return rows.map(({ name }) => String(name)).filter((name) => !NOT_THE_WORKLOADS.includes(name.toLowerCase()));
}
