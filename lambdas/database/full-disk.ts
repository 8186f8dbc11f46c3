import { connect, type Login } from "./connection.ts";
import { forget, isOneWay, readUnderway } from "./ledger.ts";
import { LoadError } from "./load-error.ts";
import { dropBeside } from "./places.ts";

/** MySQL's codes where a disk is full; Azure makes a server read-only then ("Storage", Storage autogrow). */
const FULL = ["ER_DISK_FULL", "ER_DISK_FULL_NOWAIT", "ER_RECORD_FILE_FULL", "ER_OPTION_PREVENTS_STATEMENT"];

/** What a server without room needs, in the words of whoever can give it. */
export const MORE_STORAGE = "raise databaseStorageGib (Pulumi.dr.yaml): two copies must fit";

/** Whether something failed because a disk is full, however deep inside that is said. */
export function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return FULL.includes((error as { code?: string }).code ?? "") || isFull(error.cause);
}

/**
 * Drops what a load has left beside the former copy, which could not be promoted on a full disk. At once: once Azure has
 * made the server read-only, nothing can be dropped any more. A copy that is taking its place stays.
 *
 * @param error by which the load ended
 * @returns what is to be thrown instead
 */
export async function dropForRoom(login: Login, error: unknown): Promise<LoadError> {
  const dropped = await dropUnfinished(login).catch((refusal: Error) => `nothing could be dropped: ${refusal.message}`);
  const message = `${(error as Error).message}; the server's storage is full, and ${dropped}; ${MORE_STORAGE}`;
  return new LoadError(message, { permanent: false, cause: error });
}

async function dropUnfinished(login: Login): Promise<string> {
  const connection = await connect(login);
  try {
    const underway = await readUnderway(connection);
    if (underway && isOneWay(underway.phase)) return "the new copy is taking its place";
    // Whatever the load was in the midst of, the server is still taking back.
    await connection.query("SET SESSION lock_wait_timeout = 120");
    // First of all: the chunks that it notes are gone with what is dropped.
    await forget(connection);
    await dropBeside(connection);
    return "what was loaded beside the former copy is dropped";
  } finally {
    connection.destroy();
  }
}
