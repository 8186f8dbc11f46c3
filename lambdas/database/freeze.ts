import { setTimeout as delay } from "node:timers/promises";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { onOneLine } from "./gtid.ts";
import type { Frozen } from "./manifest.ts";

/** How far a replica may be behind its source when it is stopped, in seconds: a dump is as old as that. */
const TOLERATED_SECONDS = 60;

/** After what time a replica is asked for its lag a second time, in milliseconds. */
const SETTLING_MILLISECONDS = 2_000;

/** How long a transaction that is being applied may go on before that is a failure, in milliseconds. */
const STOPPING_MILLISECONDS = 10 * 60_000;

/** A replica that has not caught up with its source yet; it is asked again later. */
export class BehindError extends Error {
  override name = "BehindError";
}

/**
 * Stops a replica where it is, and tells where that is. Done again it tells the same.
 *
 * @throws BehindError while it is more than a minute behind its source
 * @throws Error with the replica's own words when it can't follow
 */
export async function freeze(connection: Connection): Promise<Frozen> {
  const before = await readStatus(connection);
  requireSound(before);
  if (runs(before)) {
    requireCaughtUp(before);
    // One that has only just connected says 0 until the first transactions come.
    await delay(SETTLING_MILLISECONDS);
    requireCaughtUp(await readStatus(connection));
  }
  await connection.query("CALL mysql.rds_stop_replication");
  const deadline = performance.now() + STOPPING_MILLISECONDS;
  let status = await readStatus(connection);
  while (runs(status)) {
    if (performance.now() > deadline) {
      throw new Error(
        "expected the replica to stop within ten minutes, found it still at a transaction: try again later",
      );
    }
    await delay(250);
    status = await readStatus(connection);
  }
  requireSound(status);
  const { gtid, server, version } = await placeOf(connection);
  const binlog = { file: String(status.Relay_Source_Log_File), position: Number(status.Exec_Source_Log_Pos) };
  return { gtid, binlog, server, version };
}

/**
 * Makes sure that a replica still stands where it was stopped: it could have been restarted, and gone on.
 *
 * @throws Error when it does not: what was read from it since is of no one moment
 */
export async function requireFrozen(connection: Connection, frozen: Frozen): Promise<void> {
  const { gtid, server } = await placeOf(connection);
  if (gtid === frozen.gtid && server === frozen.server) return;
  throw new Error(
    `expected the replica ${frozen.server} at ${frozen.gtid}, found ${server} at ${gtid}: it went on while it was ` +
      "dumped; the dump has to be made again",
  );
}

async function readStatus(connection: Connection): Promise<RowDataPacket> {
  const [[status]] = await connection.query<RowDataPacket[]>("SHOW REPLICA STATUS");
  if (status) return status;
  throw new Error("expected a replica, found a server that follows none: dumps are made from replicas only");
}

function runs({ Replica_IO_Running, Replica_SQL_Running }: RowDataPacket): boolean {
  return Replica_IO_Running !== "No" || Replica_SQL_Running !== "No";
}

function requireSound({ Last_SQL_Errno, Last_SQL_Error }: RowDataPacket): void {
  if (Number(Last_SQL_Errno) === 0) return;
  throw new Error(
    `expected a replica that applies what its source writes, found it stopped by error ${Last_SQL_Errno}: ` +
      `${Last_SQL_Error}; mend that on the source, the next run has a new replica`,
  );
}

/** Nothing is known of the lag of a replica that does not reach its source. */
function requireCaughtUp(status: RowDataPacket): void {
  const { Replica_IO_Running, Last_IO_Error, Seconds_Behind_Source: seconds } = status;
  if (Replica_IO_Running !== "Yes" || seconds === null) {
    throw new BehindError(
      `expected the replica to reach its source, found that it does not yet: ${Last_IO_Error || "it is connecting"}`,
    );
  }
  if (Number(seconds) > TOLERATED_SECONDS) {
    throw new BehindError(`expected the replica at most ${TOLERATED_SECONDS} s behind its source, found ${seconds} s`);
  }
}

async function placeOf(connection: Connection): Promise<{ gtid: string; server: string; version: string }> {
  const [[place]] = await connection.query<RowDataPacket[]>(
    "SELECT @@global.gtid_executed AS gtid, @@server_uuid AS server, @@version AS version",
  );
  return { gtid: onOneLine(place?.gtid), server: place?.server, version: place?.version };
}
