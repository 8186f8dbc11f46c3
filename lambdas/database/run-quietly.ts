import type { Connection } from "mysql2/promise";
import type { ServerError } from "./refusal.ts";

/**
 * Runs a statement that holds a secret, itself or among its values. Nothing of either comes to light when it fails: the
 * driver's error holds the statement with the values filled in, and its message may quote it; whatever logs an error logs
 * that too.
 *
 * @param says what failed, for the message, which ends in the server's code @example "the server refuses ALTER USER ?"
 * @throws ServerError without the driver's own as its cause
 */
export async function runQuietly(
  connection: Connection,
  says: string,
  statement: string,
  values: readonly unknown[] = [],
): Promise<void> {
  try {
    await connection.query(statement, [...values]);
  } catch (error) {
    const { code, errno, fatal } = error as ServerError;
    const quiet: ServerError = new Error(`${says}: ${code ?? "no code"}`);
    throw Object.assign(quiet, { code, errno, fatal });
  }
}
