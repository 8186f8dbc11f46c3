import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { connect, type Login } from "./connection.ts";
import { wakeEvents } from "./events.ts";
import { countOf, intervalsOf, onOneLine } from "./gtid.ts";
import { beats, readHeartbeat, startHeartbeat } from "./heartbeat.ts";
import { errorOf } from "./lag.ts";
import { type ReplicaStatus, readStatus, subtract } from "./replica-status.ts";
import type { ReplicationProcedures } from "./replication-procedures.ts";

/** How often the receiver is cut off anew where its source lives and sends on; one or two are enough where it does not. */
const CUTS = 5;

/** How long a source may take to lock its replicator out, in milliseconds: one that is half dead lets in, and answers nothing. */
const LOCK_MILLISECONDS = 15_000;

export interface PromoteArgs {
  /** To the server that is to stand alone, as its administrator. */
  connection: Connection;
  procedures: ReplicationProcedures;
  /**
   * The server that is followed, as its replicator. Where it still lives, that user locks itself out of it, so that the
   * receiver gets no more while the rest is applied. Leave it out in a drill: the password would have to be set anew.
   */
  source?: Login;
  /**
   * A transaction that can't be applied, by whose name somebody gave up all that was received and is not applied. It holds
   * for that one breakdown: the next one is another transaction's.
   *
   * @default "" which gives up nothing
   */
  givenUp?: string;
  /** Longest time to apply what was received, in milliseconds; called again, it goes on. @example 60_000 */
  patience: number;
  signal: AbortSignal;
}

export interface Promoted {
  /** Set of all transactions that are in the data. */
  gtid: string;
  /** Moment of the source's last beat that is in the data, in ISO 8601; undefined where none came, or on a second call. */
  lastHeartbeat?: string;
  /** Set of transactions that were received and not applied: given up, or sent by a source that lived and was not locked. */
  unapplied: string;
  /** Events that run here from now on. */
  events: string[];
}

/** What was received is still being applied; to be asked for again. */
export class StillApplyingError extends Error {}

/** Of what was received something can't be applied, so that these are not in the data. */
class UnappliableError extends Error {
  readonly missing: string;

  constructor(message: string, missing: string) {
    super(message);
    this.missing = missing;
  }
}

/**
 * Has a replica stand alone, with all that it received. Safe to do again, from wherever it came to.
 *
 * @throws StillApplyingError when that takes longer than there is patience
 * @throws Error when a transaction can't be applied: none is ever left out that was not given up
 */
export async function promote(args: PromoteArgs): Promise<Promoted> {
  const { connection, procedures } = args;
  const follows = (await readStatus(connection)) !== undefined;
  const unapplied = follows ? await applyOrGiveUp(args) : "";
  // After all is applied, and before this server beats itself.
  const heartbeat = await readHeartbeat(connection);
  if (follows) await procedures.forget(connection);
  const gtid = await requireWritable(connection);
  // One that beats was promoted before: what sleeps there sleeps for a reason.
  const events = !follows && (await beats(connection)) ? [] : await wakeEvents(connection, heartbeat?.asleep ?? []);
  await startHeartbeat(connection);
  return { gtid, ...(follows && heartbeat ? { lastHeartbeat: heartbeat.at.toISOString() } : {}), unapplied, events };
}

async function applyOrGiveUp(args: PromoteArgs): Promise<string> {
  const { connection, procedures, source, givenUp = "" } = args;
  try {
    return await applyAll(args);
  } catch (error) {
    const isMeant = error instanceof UnappliableError && givenUp !== "";
    if (!isMeant || (await subtract(connection, givenUp, error.missing)) !== "") throw error;
    if (source) await lockOut(source);
    await procedures.stop(connection);
    return missingOf(connection, await readStatus(connection));
  }
}

/**
 * Neither cloud stops the receiver alone, so both halves are stopped, and started again as long as something was received
 * and not applied. A source that is gone, or that no longer lets its replicator in, adds nothing to that. A stop waits for
 * the transactions that are being applied, however long, so that what is there is waited for first, with patience.
 *
 * The replicator is locked out when the applier is seen to work: of a promotion that can't be, a living source must know
 * nothing.
 *
 * @returns what stayed behind all the same
 */
async function applyAll(args: PromoteArgs): Promise<string> {
  const { connection, procedures, source, patience } = args;
  const deadline = performance.now() + patience;
  if (!(await readStatus(connection))?.applies) await procedures.start(connection);
  await appliesAtAll(args);
  if (source) await lockOut(source);
  for (let cuts = 1; ; cuts += 1) {
    await applied((await readStatus(connection))?.received ?? "", deadline, args);
    await procedures.stop(connection);
    const missing = await missingOf(connection, await readStatus(connection));
    if (missing === "" || cuts > CUTS) return missing;
    await procedures.start(connection);
  }
}

/** Looks whether the applier gets on; one that can't stops within that second. */
async function appliesAtAll(args: PromoteArgs): Promise<void> {
  const { received = "" } = (await readStatus(args.connection)) ?? {};
  await applied(received, performance.now(), args).catch((error) => {
    if (!(error instanceof StillApplyingError)) throw error;
  });
}

/** The replicator sets a password on itself that nobody knows. A source that can't be asked is as good as locked. */
async function lockOut(source: Login): Promise<void> {
  let connection: Connection | undefined;
  const locking = async () => {
    connection = await connect(source);
    // One that every policy of passwords takes.
    const password = `aA1!${randomBytes(24).toString("hex")}`;
    await connection.query("ALTER USER USER() IDENTIFIED BY ?", [password]);
  };
  await Promise.race([locking().catch(() => {}), delay(LOCK_MILLISECONDS, undefined, { ref: false })]);
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
    const missing = await missingOf(connection, status);
    if (status && !status.applies) throw unappliable(status, missing);
    if (performance.now() < deadline) continue;
    throw new StillApplyingError(`${countOf(missing)} received transactions are still to be applied (${missing})`);
  }
}

function unappliable(status: ReplicaStatus, missing: string): UnappliableError {
  const found = errorOf(status) ?? "a stopped applier: start it";
  const [next] = intervalsOf(missing);
  const named = status.applierFailure?.transaction ?? `${next?.server}:${next?.first}`;
  return new UnappliableError(
    `expected that all received transactions can be applied, found ${found}. ${countOf(missing)} are received and not ` +
      `applied (${missing}); to stand alone without them, give up ${named} by name (setting databaseGivenUp of the stack dr)`,
    missing,
  );
}

/** What was received and is not in the data. */
function missingOf(connection: Connection, status: ReplicaStatus | undefined): Promise<string> {
  return subtract(connection, status?.received ?? "", status?.executed ?? "");
}

/** @returns what is in the data @throws Error when nobody may write there */
async function requireWritable(connection: Connection): Promise<string> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    "SELECT @@GLOBAL.read_only AS readOnly, @@GLOBAL.gtid_executed AS gtid",
  );
  if (Number(row?.readOnly) === 0) return onOneLine(String(row?.gtid));
  throw new Error(
    "expected a server that takes writes, found read_only ON: set the server's parameter read_only to OFF",
  );
}
