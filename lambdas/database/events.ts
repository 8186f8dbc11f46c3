import type { Connection, RowDataPacket } from "mysql2/promise";
import { CONTROL_SCHEMA } from "./layout.ts";
import { qualified } from "./sql.ts";

/**
 * Wakes the events that ran at the source only: a replica keeps all of them asleep (REPLICA_SIDE_DISABLED), so that nothing
 * is done twice. An event woken so becomes its waker's, for no administrator of a managed server may name another definer
 * (Limitations in Azure Database for MySQL).
 *
 * @param asleep schemas and names of those that slept at the source too, and stay asleep
 * @returns full names of those that run from now on
 */
export async function wakeEvents(connection: Connection, asleep: readonly [string, string][]): Promise<string[]> {
  const [events] = await connection.query<RowDataPacket[]>(
    `SELECT event_schema AS \`schema\`, event_name AS name, sql_mode AS sqlMode, time_zone AS timeZone
     FROM information_schema.events
     WHERE status = 'REPLICA_SIDE_DISABLED' AND event_schema <> ?`,
    [CONTROL_SCHEMA],
  );
  const stay = new Set(asleep.map(placeOf));
  const woken = events.filter(({ schema, name }) => !stay.has(placeOf([schema, name])));
  for (const { schema, name, sqlMode, timeZone } of woken) {
    // An event takes on the modes of the session that alters it.
    await connection.query("SET SESSION sql_mode = ?, time_zone = ?", [sqlMode, timeZone]);
    await connection.query(`ALTER EVENT ${qualified(schema, name)} ENABLE`);
  }
  await connection.query("SET SESSION sql_mode = DEFAULT, time_zone = '+00:00'");
  return woken.map(({ schema, name }) => `${schema}.${name}`);
}

/** MySQL tells no events apart by case. */
function placeOf(names: readonly [string, string]): string {
  return JSON.stringify(names).toLowerCase();
}
