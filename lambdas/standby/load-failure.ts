import { LoadError } from "../database/load-error.ts";

/** MySQL's codes where a disk is full; Azure makes a server read-only then ("Storage", Storage autogrow). */
const FULL = ["ER_DISK_FULL", "ER_DISK_FULL_NOWAIT", "ER_RECORD_FILE_FULL", "ER_OPTION_PREVENTS_STATEMENT"];

/**
 * Whether a load failed because of its dump: what is in it, or how large it is. Anything else, a connection that was
 * cut or a store that did not answer, goes by, and must not cost the newest dump.
 */
export function isDumpsFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof LoadError && error.permanent) return true;
  return FULL.includes((error as { code?: string }).code ?? "") || isDumpsFault(error.cause);
}
