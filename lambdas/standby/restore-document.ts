import { z } from "zod";
import { DUMP_KINDS } from "../database/layout.ts";
import { readDocument } from "../shared/document.ts";

/** Name of the request's blob in the control container. */
export const RESTORE_BLOB = "restore.json";

/** Id of a dump: the moment at which it was begun. @example "20261121T021500Z" */
const dump = z.string().regex(/^\d{8}T\d{6}Z$/);

/**
 * What an operator wants the standby's database to be made of. It holds until there is a complete dump that was begun,
 * and came here, after `requestedAt`: else the newest one would undo the restore of an older one at the next look.
 */
export const restoreDocument = z.strictObject({
  version: z.literal(1),
  dump,
  kind: z.enum(DUMP_KINDS),
  /** Whether what was written at the standby itself may be lost by it. */
  discard: z.boolean(),
  /** For people. */
  why: z.string().optional(),
  /** By the operator's clock, in ISO 8601; with the dump it says which request this is. */
  requestedAt: z.iso.datetime(),
  /** Who asks, for people. @example "operator@workstation" */
  by: z.string(),
});
export type RestoreDocument = z.infer<typeof restoreDocument>;

/**
 * What became of the request, as the state tells it in `restore`. `refused`: the request itself can't be carried out,
 * and is not tried again; `reason` says why. What fails on the way is the state's `lastError`, and is tried again.
 */
export const restoreAnswer = z.strictObject({
  dump,
  requestedAt: z.string(),
  status: z.enum(["waiting", "loading", "loaded", "refused"]),
  reason: z.string().optional(),
});
export type RestoreAnswer = z.infer<typeof restoreAnswer>;

/**
 * Reads a request.
 *
 * @throws Error that names everything that is wrong with it
 */
export function readRestore(text: string): RestoreDocument {
  const mend = "`npm run dr -- restore-database` writes it anew; without the blob there is no request";
  return readDocument(text, { schema: restoreDocument, name: RESTORE_BLOB, what: "a request of version 1", mend });
}

/**
 * Whether a request still decides what is loaded, beside the newest complete dump. By that one's date alone a misdated
 * dump, which was there already, would undo every request.
 */
export function holds(
  { requestedAt }: RestoreDocument,
  newest: { begunAt: Date; arrivedAt?: Date } | undefined,
): boolean {
  if (!newest) return true;
  const { begunAt, arrivedAt = begunAt } = newest;
  const asked = new Date(requestedAt);
  return begunAt <= asked || arrivedAt <= asked;
}
