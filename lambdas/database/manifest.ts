import { z } from "zod";
import { COPY_KINDS } from "./layout.ts";

/** What stands in the way of the standby being like the primary, and what to do. */
export const obstacle = z.strictObject({
  /** `error`: the standby would lack it. `warning`: it would differ or be slow. */
  severity: z.enum(["error", "warning"]),
  /** What it is about. @example "shop.Orders" */
  subject: z.string(),
  problem: z.string(),
  mend: z.string(),
});
export type Obstacle = z.infer<typeof obstacle>;

/** The state at which a replica was stopped. */
export const frozen = z.strictObject({
  /** Set of all transactions that are in it; empty where the server has no GTIDs. */
  gtid: z.string(),
  /**
   * How far it had carried out the binary log of its source: from there one follows that without GTIDs. Absent where
   * it follows nobody.
   */
  binlog: z.strictObject({ file: z.string(), position: z.number() }).optional(),
  /** UUID of the server that was dumped. */
  server: z.string(),
  /** @example "8.4.7" */
  version: z.string(),
});
export type Frozen = z.infer<typeof frozen>;

/** One end of a range of a key's column: an SQL literal, compared with that column. */
const bound = z.string();

/** The rows of a chunk: those with these values in the key's first columns, and a range of the next one. All rows without. */
export const range = z.strictObject({
  /** Columns whose value is one and the same, each with its SQL literal. */
  equal: z.array(z.tuple([z.string(), bound])),
  /** The column that is ranged over; absent for all rows. */
  column: z.string().optional(),
  /** First value of the range; absent where it begins with the table. */
  from: bound.optional(),
  /** First value beyond the range; absent where it ends with the table. */
  to: bound.optional(),
});
export type Range = z.infer<typeof range>;

/** A chunk that is to be dumped. */
export const chunkItem = z.strictObject({
  /** Number of the chunk in its dump, from 1. */
  chunk: z.number(),
  schema: z.string(),
  table: z.string(),
  range,
  /** Whether all rows of the table are counted along with it; so with the first of several chunks of a table. */
  counts: z.literal(true).optional(),
});
export type ChunkItem = z.infer<typeof chunkItem>;

/** Chunks that a function dumps one after the other: a large one, or many small ones. */
export const portion = z.tuple([chunkItem], chunkItem);
export type Portion = z.infer<typeof portion>;

/** A chunk as it was dumped. */
export const chunkRecord = z.strictObject({
  ...chunkItem.shape,
  rows: z.number(),
  /** Bytes before they were compressed. */
  bytes: z.number(),
  /** Bytes of the file. */
  size: z.number(),
  /** Of the file, in hex. */
  sha256: z.string(),
  /** Of the rows, whatever their order: see `checksumOf`. */
  checksum: z.string(),
  /** Rows of the whole table, where they were counted. */
  tableRows: z.number().optional(),
});
export type ChunkRecord = z.infer<typeof chunkRecord>;

/** A place in a server's own binary log. */
export const logMark = z.strictObject({ file: z.string(), position: z.number() });
export type LogMark = z.infer<typeof logMark>;

/** All that is known of a dump; written last, it makes the dump one. */
export const manifest = z.strictObject({
  version: z.literal(1),
  dump: z.string(),
  kind: z.enum(COPY_KINDS),
  frozen,
  startedAt: z.string(),
  sealedAt: z.string(),
  /** What was dumped: every schema, also one without tables. */
  schemas: z.array(z.string()),
  definitions: z.strictObject({ size: z.number(), sha256: z.string() }),
  rows: z.number(),
  bytes: z.number(),
  size: z.number(),
  chunks: z.array(chunkRecord),
  obstacles: z.array(obstacle),
  /** Of a copy of the standby's own data, which no replica was stopped for. */
  own: z
    .strictObject({
      /** Where its binary log ended: what stands there later the copy does not have. */
      log: logMark,
      /** Set of the primary's transactions that are in the data. */
      ofPrimary: z.string(),
    })
    .optional(),
});
export type Manifest = z.infer<typeof manifest>;

/** @param name of the manifest, for the message @throws Error that names everything that is wrong with it */
export function readManifest(text: string, name: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`expected a dump's manifest in ${name}, found no JSON: ${(error as Error).message}`);
  }
  const read = manifest.safeParse(json);
  if (read.success) return read.data;
  throw new Error(`expected a dump's manifest of version 1 in ${name}, found:\n${z.prettifyError(read.error)}`);
}
