import { randomBytes } from "node:crypto";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { connect, type Login } from "./connection.ts";
import { wakeEvents } from "./events.ts";
import { countOf } from "./gtid.ts";
import { readHeartbeat, startHeartbeat } from "./heartbeat.ts";
import { errorOf } from "./lag.ts";
import { readStatus, subtract } from "./replica-status.ts";
import type { ReplicationProcedures } from "./replication-procedures.ts";

/** How often the receiver is cut off anew where its source lives and sends on; one or two are enough where it does not. */
const CUTS = 5;

export interface PromoteArgs {
  /** To the server that is to stand alone, as its administrator. */
  connection: Connection;
  procedures: ReplicationProcedures;
  /**
   * The server that is followed, as its replicator. Where it still lives, that user locks itself out of it, so that the
   * receiver gets no more while the rest is applied. Leave it out in a drill: the password would have to be set anew.
   */
  source?: Login;
  /** Longest time to apply what was received, in milliseconds; called again, it goes on. @example 60_000 */
  patience: number;
  signal: AbortSignal;
}

export interface Promoted {
  /** Set of all transactions that are in the data. */
  gtid: string;
  /** Moment of the source's last beat that is in the data, in ISO 8601; undefined where none came, or on a second call. */
  lastHeartbeat?: string;
  /** Set of transactions that were received and not applied; empty but where the source lived and sent on all the time. */
  unapplied: string;
  /** Events that run here from now on. */
  events: string[];
}

/** What was received is still being applied; to be asked for again. */
export class StillApplyingError extends Error {}

/**
 * Has a replica stand alone, with all that it received. Safe to do again, from wherever it came to.
 *
 * @throws StillApplyingError when that takes longer than there is patience
 * @throws Error when a transaction can't be applied: none is ever left out
 */
export async function promote(args: PromoteArgs): Promise<Promoted> {
  const { connection, procedures } = args;
  const follows = (await readStatus(connection)) !== undefined;
  const unapplied = follows ? await applyAll(args) : "";
  // After all is applied, and before this server beats itself.
  const heartbeat = await readHeartbeat(connection);
  if (follows) await procedures.forget(connection);
  const gtid = await requireWritable(connection);
  const events = await wakeEvents(connection, heartbeat?.asleep ?? []);
  await startHeartbeat(connection);
  return { gtid, ...(follows && heartbeat ? { lastHeartbeat: heartbeat.at.toISOString() } : {}), unapplied, events };
}

/**
 * Neither cloud stops the receiver alone, so both halves are stopped, and started again as long as something was received
 * and not applied. A source that is gone, or that no longer lets its replicator in, adds nothing to that. A stop waits for
 * the transactions that are being applied, however long, so that what is there is waited for first, with patience.
 *
 * @returns what stayed behind all the same
 */
async function applyAll(args: PromoteArgs): Promise<string> {
  const { connection, procedures, source, patience } = args;
  if (source) await lockOut(source);
  const deadline = performance.now() + patience;
  if (!(await readStatus(connection))?.applies) await procedures.start(connection);
  for (let cuts = 1; ; cuts += 1) {
    await applied((await readStatus(connection))?.received ?? "", deadline, args);
    await procedures.stop(connection);
    const { received = "", executed = "" } = (await readStatus(connection)) ?? {};
    const missing = await subtract(connection, received, executed);
    if (missing === "" || cuts > CUTS) return missing;
    await procedures.start(connection);
  }
}

/** The replicator sets a password on itself that nobody knows. A source that can't be asked is as good as locked. */
async function lockOut(source: Login): Promise<void> {
  const connection = await connect(source).catch(() => undefined);
  // One that every policy of passwords takes.
  await connection
    ?.query("ALTER USER USER() IDENTIFIED BY ?", [`aA1!${randomBytes(24).toString("hex")}`])
    .catch(() => {});
  connection?.destroy();
}

/** Waits until transactions are in the data. */
async function applied(received: string, deadline: number, { connection, signal }: PromoteArgs): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const [[row]] = await connection.query<RowDataPacket[]>("SELECT WAIT_FOR_EXECUTED_GTID_SET(?, 1) AS late", [
      received,
    ]);
    if (Number(row?.late) === 0) return;
    const status = await readStatus(connection);
    if (status && !status.applies) {
      throw new Error(
        `expected that all received transactions can be applied, found ${errorOf(status) ?? "a stopped applier: start it"}`,
      );
    }
    if (performance.now() < deadline) continue;
    const missing = await subtract(connection, received, status?.executed ?? "");
    throw new StillApplyingError(`${countOf(missing)} received transactions are still to be applied (${missing})`);
  }
}

/** @returns what is in the data @throws Error when nobody may write there */
async function requireWritable(connection: Connection): Promise<string> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    "SELECT @@GLOBAL.read_only AS readOnly, @@GLOBAL.gtid_executed AS gtid",
  );
  if (Number(row?.readOnly) === 0) return String(row?.gtid).replaceAll(/\s/g, "");
  throw new Error(
    "expected a server that takes writes, found read_only ON: set the server's parameter read_only to OFF",
  );
}
