import type { Connection, RowDataPacket } from "mysql2/promise";
import { intervalsOf } from "./gtid.ts";
import { CONTROL_SCHEMA } from "./layout.ts";
import type { Frozen, LogMark } from "./manifest.ts";
import { isBeside } from "./places.ts";

/** How many events of a binary log are looked at in one go. */
const PAGE = 5000;

/** What stands for transactions of which no binary log tells. */
const FORGOTTEN = "what no binary log tells of any more";

/** Schemas of ours and of the cloud's, of which nothing is a user's. */
const NOT_THE_WORKLOADS = [CONTROL_SCHEMA, "mysql"];

/**
 * Statements on accounts, which are each site's own, on the heartbeat, on what a load makes beside what serves, and such as
 * say only whether a schema takes writes.
 */
const HARMLESS = [
  /^(use `[^`]*`; )?ALTER (SCHEMA|DATABASE) (`(?:[^`]|``)*`|\S+) READ ONLY *=? *(0|1|DEFAULT)( \/\* xid=\d+ \*\/)?$/i,
  /^(use `[^`]*`; )?(CREATE|ALTER|DROP|RENAME) (USER|ROLE)\b/i,
  /^(use `[^`]*`; )?(GRANT|REVOKE|SET PASSWORD|SET DEFAULT ROLE|FLUSH)\b/i,
  new RegExp(
    `^(use \`[^\`]*\`; )?(CREATE|DROP|ALTER|TRUNCATE|RENAME)\\b[^;]*\\b\`?${CONTROL_SCHEMA}(_(fresh|former)_\\d+)?\\b`,
    "i",
  ),
];

/** A transaction of the workload's, as a binary log has it. */
export interface LoggedWrite {
  gtid: string;
  /** Tables whose rows it changes, and statements that are not on rows. */
  subjects: string[];
}

/**
 * Which transactions of a set are the workload's, and what they change: of a primary that was given up, the writes that
 * nobody else has. Those of which the binary logs tell nothing any more count as the workload's.
 *
 * @param set of a server's own transactions, the newest that it has
 */
export async function workloadsWrites(connection: Connection, set: string): Promise<LoggedWrite[]> {
  const wanted = new Set(intervalsOf(set).flatMap(({ server, first, last }) => gtidsOf(server, first, last)));
  const found: LoggedWrite[] = [];
  const [logs] = await connection.query<RowDataPacket[]>("SHOW BINARY LOGS");
  for (const { Log_name } of logs.toReversed()) {
    if (wanted.size === 0) break;
    for await (const { gtid, subjects } of transactionsIn(connection, Log_name)) {
      if (wanted.delete(gtid) && subjects.length > 0) found.push({ gtid, subjects });
    }
  }
  return [...found, ...[...wanted].map((gtid) => ({ gtid, subjects: [FORGOTTEN] }))];
}

/** Where a server stands, as its binary log tells it, and its GTIDs where it has some. */
export interface Mark {
  log: LogMark;
  gtid: Frozen["gtid"];
}

/** @throws Error where there is no binary log: nothing would tell what is written from here on */
export async function markOf(connection: Connection): Promise<Mark> {
  const [logs] = await connection.query<RowDataPacket[]>("SHOW BINARY LOGS");
  const last = logs.at(-1);
  if (!last) throw new Error("expected a server that keeps a binary log, found none: turn log_bin on");
  return { log: { file: last.Log_name, position: Number(last.File_size) }, gtid: await executedBy(connection) };
}

/**
 * What of the workload's was written since a server stood somewhere: tables, and statements that are not on rows. What
 * the clouds and we write ourselves is none of it, nor is what is done to accounts.
 */
export async function writtenSince(connection: Connection, { log, gtid }: Mark): Promise<string[]> {
  if (gtid !== "" && (await executedBy(connection)) === gtid) return [];
  const [logs] = await connection.query<RowDataPacket[]>("SHOW BINARY LOGS");
  const at = logs.findIndex(({ Log_name }) => Log_name === log.file);
  // One that is shorter is another one of that name.
  if (at < 0 || Number(logs[at]?.File_size) < log.position) return [FORGOTTEN];
  const found = new Set<string>();
  for (const [index, { Log_name }] of logs.slice(at).entries()) {
    for await (const { type, info } of eventsIn(connection, Log_name, index === 0 ? log.position : undefined)) {
      for (const subject of subjectsOf(type, info)) found.add(subject);
    }
  }
  return [...found];
}

async function executedBy(connection: Connection): Promise<string> {
  const [[row]] = await connection.query<RowDataPacket[]>("SELECT @@GLOBAL.gtid_executed AS gtid");
  // MySQL breaks long sets into lines.
  return String(row?.gtid).replaceAll(/\s/g, "");
}

async function* transactionsIn(connection: Connection, log: string): AsyncGenerator<LoggedWrite> {
  let now: LoggedWrite | undefined;
  for await (const { type, info } of eventsIn(connection, log)) {
    const gtid = /GTID_NEXT= '([^']+)'/.exec(info)?.[1];
    if (/^gtid/i.test(type) && gtid) {
      if (now) yield now;
      now = { gtid: gtid.toLowerCase(), subjects: [] };
    }
    for (const subject of subjectsOf(type, info)) if (!now?.subjects.includes(subject)) now?.subjects.push(subject);
  }
  if (now) yield now;
}

/** An event of a binary log. */
interface Logged {
  type: string;
  info: string;
}

/** @param from where an event begins @default the first one */
async function* eventsIn(connection: Connection, log: string, from = 4): AsyncGenerator<Logged> {
  for (let position: unknown = from, rows: RowDataPacket[] = []; ; position = rows.at(-1)?.End_log_pos) {
    [rows] = await connection.query<RowDataPacket[]>("SHOW BINLOG EVENTS IN ? FROM ? LIMIT ?", [
      ...[log, Number(position), PAGE],
    ]);
    for (const { Event_type: type, Info: info } of rows) yield { type, info };
    if (rows.length < PAGE) return;
  }
}

/** @returns what an event changes of the workload's */
function subjectsOf(type: string, info: string): string[] {
  if (type === "Table_map") {
    const [, schema = "", table = ""] = /\(([^.]*)\.(.*)\)$/.exec(info) ?? [];
    const isOurs = NOT_THE_WORKLOADS.includes(schema.toLowerCase()) || isBeside(schema.toLowerCase());
    return isOurs ? [] : [`${schema}.${table}`];
  }
  if (type === "Transaction_payload") return ["something compressed"];
  if (type !== "Query" || /^(BEGIN|COMMIT|SAVEPOINT\b.*)$/i.test(info)) return [];
  // Whoever reads of it reads one line, however many the statement has.
  return HARMLESS.some((each) => each.test(info)) ? [] : [info.replaceAll(/\s+/g, " ").slice(0, 100)];
}

function gtidsOf(server: string, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_each, index) => `${server}:${first + index}`);
}
