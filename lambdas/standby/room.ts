import type { Connection, RowDataPacket } from "mysql2/promise";
import { MORE_STORAGE } from "../database/full-disk.ts";
import { readLoaded } from "../database/ledger.ts";
import { LoadError } from "../database/load-error.ts";
import type { Manifest } from "../database/manifest.ts";
import { isBeside } from "../database/places.ts";

const GIB = 2 ** 30;

/** What a new copy needs, and has. */
export interface Room {
  /** Bytes of the dump's rows, as text. */
  dump: number;
  /** The same of the dump that the server holds. */
  former: number;
  /** Bytes on the disk of the copy that the server holds. */
  standing: number;
  /** Storage of the server. */
  storageGib: number;
}

/** GiB that can be filled before Azure makes a server read-only: all but 5 %, or all but 5 GiB ("Reaching the storage limit"). */
export function usableGib(storageGib: number): number {
  return storageGib - Math.min(storageGib * 0.05, 5);
}

/**
 * Why a dump does not fit beside the copy that serves; undefined when it may. Rows as text take more than on the disk or,
 * with many keys, less; the former copy tells how much, unless it has grown since. Only what does not fit by either
 * guess is refused: it must not cost a dump that would.
 */
export function shortageOf({ dump, former, standing, storageGib }: Room): string | undefined {
  const fresh = Math.min(dump, standing + Math.max(0, dump - former));
  const needed = (standing + fresh) / GIB;
  if (needed <= usableGib(storageGib)) return undefined;
  const found = `found ${(standing / GIB).toFixed(1)} taken, and a dump of about ${(fresh / GIB).toFixed(1)}`;
  const expected = `expected room beside the former copy in ${usableGib(storageGib).toFixed(1)} GiB of storage`;
  return `${expected}, ${found}: at least ${Math.ceil(Math.min(needed / 0.95, needed + 5))} GiB are needed`;
}

/**
 * Refuses a dump that does not fit: a server whose disk it filled could not be promoted, and nothing could be dropped
 * from it. Where nothing was loaded yet there is nothing to lose, and it is tried.
 *
 * @throws LoadError when it does not fit
 */
export async function requireRoom(connection: Connection, manifest: Manifest, storageGib: number): Promise<void> {
  const former = await readLoaded(connection);
  if (!former) return;
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT SUBSTRING_INDEX(name, '/', 1) AS folder, SUM(file_size) AS bytes FROM information_schema.innodb_tablespaces
     WHERE name LIKE '%/%' GROUP BY 1`,
  );
  // What another load has left is dropped before this one begins.
  const serving = rows.filter(({ folder }) => !isBeside(String(folder)));
  const standing = serving.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  const shortage = shortageOf({ dump: manifest.bytes, former: former.bytes, standing, storageGib });
  if (shortage === undefined) return;
  throw new LoadError(`the dump ${manifest.dump} is not loaded: ${shortage}; ${MORE_STORAGE}`, { permanent: true });
}
