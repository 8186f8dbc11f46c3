import type { Connection } from "mysql2/promise";
import { ensureDumpUser } from "./dump-user.ts";
import type { Obstacle } from "./manifest.ts";

/**
 * Has the primary keep binary logs for a week, the most that RDS allows, instead of dropping each as soon as it has
 * backed it up. RDS knows no parameter for it: the instance stores it when it is told by SQL, once
 * ("mysql.rds_set_configuration"). Saying it again changes nothing.
 */
export const KEEP_BINARY_LOGS_SQL = "CALL mysql.rds_set_configuration('binlog retention hours', 168)";

/** What the user who dumps has to call on a replica. Only the primary can allow it; replicas get that as any change. */
const PROCEDURES = ["rds_stop_replication"];

/** What a state of Step Functions may hold is 256 KiB; obstacles are not all that it holds. */
const MOST_BYTES = 100_000;

/**
 * Makes the primary one that can be dumped from a replica. Safe to do again, and sets the password anew.
 *
 * @param connection an administrator's
 * @param password of the user who dumps
 */
export async function prepare(connection: Connection, password: string): Promise<void> {
  await connection.query(KEEP_BINARY_LOGS_SQL);
  await ensureDumpUser(connection, password, PROCEDURES);
}

/** The obstacles that one state can hold, errors first, and how many more there are. */
export function shortened(obstacles: readonly Obstacle[], most = MOST_BYTES): Obstacle[] {
  const sorted = obstacles.toSorted((a, b) => Number(b.severity === "error") - Number(a.severity === "error"));
  let room = most;
  const kept = sorted.filter((each) => {
    room -= Buffer.byteLength(JSON.stringify(each)) + 1;
    return room >= 0;
  });
  const left = sorted.slice(kept.length);
  if (left.length === 0) return kept;
  const severity = left.some((each) => each.severity === "error") ? "error" : "warning";
  const problem = `there are ${left.length} more obstacles than can be listed here`;
  const mend = "mend those that are listed: the next run names the others";
  return [...kept, { severity, subject: "the list of obstacles", problem, mend }];
}
