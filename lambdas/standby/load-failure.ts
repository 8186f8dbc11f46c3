import { isFull } from "../database/full-disk.ts";
import { LoadError } from "../database/load-error.ts";

/**
 * Whether a load failed because of its dump: what is in it, or how large it is. Anything else, a connection that was
 * cut or a store that did not answer, goes by, and must not cost the newest dump.
 */
export function isDumpsFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error instanceof LoadError && error.permanent) || isFull(error) || isDumpsFault(error.cause);
}
