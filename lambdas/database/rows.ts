import { Readable } from "node:stream";
import type { Connection } from "mysql2/promise";
import { coreOf, cut } from "./connection.ts";
import { RowEncoder } from "./row-encoder.ts";

/** A packet as mysql2 hands it to a query: the bytes that it is in, and where its own begin and end. */
interface Packet {
  buffer: Buffer;
  offset: number;
  end: number;
  isEOF(): boolean;
}

/** What mysql2 calls with each packet of rows; returns what is called with the next one. */
type RowReader = (this: Query, packet: Packet, connection: unknown) => unknown;

/** A query of mysql2 that is under way, as far as it is used here. */
interface Query extends NodeJS.EventEmitter {
  row: RowReader;
}

/** Blocks that wait to be taken, in bytes; beyond it the server is asked to wait. */
const WAITING = 1024 * 1024;

/** Rows of a query as lines for LOAD DATA; number and checksum are whole when the lines have ended. */
export interface Rows {
  lines: Readable;
  encoder: RowEncoder;
}

/**
 * Runs a query and gives its rows as lines for LOAD DATA. Only as much is in memory as is being taken, and one row.
 *
 * @param columns how many the query has
 */
export function readRows(connection: Connection, sql: string, columns: number): Rows {
  const core = coreOf(connection);
  const lines = new Readable({
    highWaterMark: WAITING,
    read: () => core.resume(),
    destroy: (error, done) => {
      // Whatever the query still sends is not wanted; the connection is of no use then.
      if (error) cut(connection, error);
      done(error);
    },
  });
  const encoder = new RowEncoder(columns, (block) => {
    if (!lines.push(block)) core.pause();
  });
  const query = core.query(sql) as Query;
  const { row: ends } = query;
  const read: RowReader = function (packet, from) {
    if (packet.isEOF()) return ends.call(this, packet, from);
    encoder.add(packet.buffer, packet.offset, packet.end);
    return read;
  };
  query.row = read;
  const fail = (error: Error) => lines.destroy(error);
  query.on("error", fail);
  // A connection that is cut says so itself: a query without a callback is not told.
  core.once("error", fail);
  query.on("end", () => {
    core.off("error", fail);
    if (lines.destroyed) return;
    encoder.end();
    lines.push(null);
    // The last block may have made it wait, and nobody reads on.
    core.resume();
  });
  return { lines, encoder };
}
