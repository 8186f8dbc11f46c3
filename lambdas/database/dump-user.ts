import type { Connection } from "mysql2/promise";
import { accountName, DUMP_USER } from "./account-name.ts";
import { runQuietly } from "./run-quietly.ts";

/**
 * All that is needed to read a server whole, on all schemas ("Privileges Provided by MySQL").
 *
 * SELECT: rows, tables, routines (SHOW_ROUTINE, which an administrator may be unable to give, is not needed then), and
 * accounts, which are rows of `mysql`. REPLICATION CLIENT: the state at which the server stands.
 */
export const DUMP_GRANTS = ["SELECT", "SHOW VIEW", "TRIGGER", "EVENT", "REPLICATION CLIENT"] as const;

/**
 * Makes the user who dumps, or gives it this password, and what it may do. Safe to run again.
 *
 * @param connection an administrator's
 * @param procedures of schema `mysql` that it may run, where the server has them @example ["rds_stop_replication"]
 * @throws Error without the password, which the driver's own would tell
 */
export async function ensureDumpUser(
  connection: Connection,
  password: string,
  procedures: readonly string[],
): Promise<void> {
  const user = accountName(DUMP_USER, "%");
  const run = (statement: string, values: string[] = []) =>
    runQuietly(connection, `the server refuses ${statement}`, statement, values);
  await run(`CREATE USER IF NOT EXISTS ${user} IDENTIFIED BY ? REQUIRE SSL`, [password]);
  await run(`ALTER USER ${user} IDENTIFIED BY ? REQUIRE SSL ACCOUNT UNLOCK`, [password]);
  await run(`GRANT ${DUMP_GRANTS.join(", ")} ON *.* TO ${user}`);
  for (const procedure of procedures) await run(`GRANT EXECUTE ON PROCEDURE mysql.${procedure} TO ${user}`);
}
