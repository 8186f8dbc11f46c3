import type { Connection, RowDataPacket } from "mysql2/promise";
import { CONTROL_SCHEMA } from "./layout.ts";
import { qualified, quoted } from "./sql.ts";

/** Between two beats, in seconds: short beside the first alarm's 60, and 17,000 small transactions a day. */
export const BEAT_SECONDS = 5;

const TABLE = qualified(CONTROL_SCHEMA, "heartbeat");
const EVENT = qualified(CONTROL_SCHEMA, "beat");

/**
 * UTC, whatever the zone of the server or of the event; by rows, so that the replica gets the source's moment. With it goes
 * which events sleep, for at a replica all of them do.
 */
const BEAT = `
  INSERT INTO ${TABLE} (at, server, asleep)
  SELECT UTC_TIMESTAMP(6), @@GLOBAL.server_uuid, JSON_ARRAYAGG(JSON_ARRAY(event_schema, event_name))
  FROM information_schema.events WHERE status <> 'ENABLED'`;

/**
 * Beats are added, and all thrown away at once when the oldest is a day old: a row that is changed or deleted would have to
 * be at the replica already, and no dump carries any. Whenever the table was made, nothing of it can stop replication.
 */
const BEAT_ON = `
  BEGIN
    IF EXISTS (SELECT * FROM ${TABLE} WHERE at < UTC_TIMESTAMP(6) - INTERVAL 1 DAY) THEN TRUNCATE TABLE ${TABLE}; END IF;
    ${BEAT};
  END`;

/** When a server last said that it lives. */
export interface Heartbeat {
  at: Date;
  /** UUID of the server that said it. */
  server: string;
  /** Schemas and names of the events that slept there then. */
  asleep: [string, string][];
}

/** Makes the table that beats go to; nothing where it is. A replica needs it before the first beat comes. */
export async function makeHeartbeatTable(connection: Connection): Promise<void> {
  if (await hasTable(connection)) return;
  await connection.query(`CREATE DATABASE IF NOT EXISTS ${quoted(CONTROL_SCHEMA)}`);
  await connection.query(`
    CREATE TABLE IF NOT EXISTS ${TABLE} (
      at DATETIME(6) NOT NULL, server CHAR(36) CHARACTER SET ascii NOT NULL, asleep JSON,
      PRIMARY KEY (at, server)
    ) ENGINE = InnoDB`);
}

/** Has a server beat from now on, by an event of its own; nothing where it does. @throws Error when its events don't run */
export async function startHeartbeat(connection: Connection): Promise<void> {
  const [[scheduler]] = await connection.query<RowDataPacket[]>("SELECT @@GLOBAL.event_scheduler AS state");
  if (scheduler?.state !== "ON") {
    throw new Error(
      `expected a server whose events run, found event_scheduler ${scheduler?.state}: set the parameter event_scheduler to ON`,
    );
  }
  await makeHeartbeatTable(connection);
  if (!(await beats(connection))) {
    // Made anew, also where it only sleeps: a replica may lack it, and could not change it then.
    await connection.query(`DROP EVENT IF EXISTS ${EVENT}`);
    await connection.query(`CREATE EVENT ${EVENT} ON SCHEDULE EVERY ${BEAT_SECONDS} SECOND DO ${BEAT_ON}`);
  }
  await connection.query(BEAT);
}

/** Whether a server beats by itself. */
export async function beats(connection: Connection): Promise<boolean> {
  const [[event]] = await connection.query<RowDataPacket[]>(
    "SELECT status AS status FROM information_schema.events WHERE event_schema = ? AND event_name = 'beat'",
    [CONTROL_SCHEMA],
  );
  return event?.status === "ENABLED";
}

/** Has a server beat no more: one that follows would tell its own life for its source's. The table must be there. */
export async function stopHeartbeat(connection: Connection): Promise<void> {
  await connection.query(`DROP EVENT IF EXISTS ${EVENT}`);
}

/** Has a server beat no more, and forget all beats: of a copy that was made anew, none is the source's. */
export async function forgetHeartbeat(connection: Connection): Promise<void> {
  await stopHeartbeat(connection);
  await connection.query(`DROP TABLE IF EXISTS ${TABLE}`);
}

/** The last beat of another server that reached this one; undefined before the first. Its own say nothing of a source. */
export async function readHeartbeat(connection: Connection): Promise<Heartbeat | undefined> {
  if (!(await hasTable(connection))) return undefined;
  const [[row]] = await connection.query<RowDataPacket[]>(
    `SELECT CAST(at AS CHAR) AS moment, server AS server, CAST(asleep AS CHAR) AS asleep
     FROM ${TABLE} WHERE server <> @@GLOBAL.server_uuid ORDER BY at DESC LIMIT 1`,
  );
  if (!row) return undefined;
  const at = new Date(`${row.moment.replace(" ", "T")}Z`);
  return { at, server: row.server, asleep: JSON.parse(row.asleep ?? "[]") };
}

/** Whether a server has beaten itself, since all beats were last thrown away. */
export async function hasBeaten(connection: Connection): Promise<boolean> {
  if (!(await hasTable(connection))) return false;
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT 1 FROM ${TABLE} WHERE server = @@GLOBAL.server_uuid LIMIT 1`,
  );
  return rows.length > 0;
}

async function hasTable(connection: Connection): Promise<boolean> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = 'heartbeat'",
    [CONTROL_SCHEMA],
  );
  return rows.length > 0;
}
