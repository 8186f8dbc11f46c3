import type { Reality, SeenData } from "./next-step.ts";
import type { PlannedDatabase } from "./plan-document.ts";

/** What an operator wants to be loaded. */
export interface Request {
  dump: string;
  /** Which request it is. */
  requestedAt: string;
  /** Whether what was written at the standby itself may be lost by it. */
  discard: boolean;
  /** Whether all of the dump is there. */
  complete: boolean;
}

/**
 * Decides which dump comes into the server now; undefined for none.
 *
 * A copy that is just taking its place goes first: it can only go on. Then what an operator wants. Then the newest one,
 * never over writes that nobody else has.
 */
export function dumpToLoad(database: PlannedDatabase, reality: Reality): string | undefined {
  const { data = {}, request } = reality;
  if (data.begun?.swapping) return data.begun.dump;
  if (request && data.restored === request.requestedAt) return undefined;
  if (servesUnnoted(database, data)) return undefined;
  if (request && refusalOf(database, reality) === undefined) return request.dump;
  if (data.tenure === "own") return undefined;
  return database.target === "promoted" ? forPromoted(database, reality) : forStanding(database, reality);
}

/** Whether users may write here at any moment, and nobody has noted yet that this counts: a load may take hours to come. */
function servesUnnoted({ target, own }: PlannedDatabase, { loaded, tenure }: SeenData): boolean {
  return target === "promoted" && own && tenure !== "own" && (loaded !== undefined || tenure !== undefined);
}

/** Why an operator's request is not carried out; undefined when it is. */
export function refusalOf(
  { target, follows }: PlannedDatabase,
  { data = {}, request }: Pick<Reality, "data" | "request">,
): string | undefined {
  if (!request || data.restored === request.requestedAt) return undefined;
  if (!request.complete) return `the dump ${request.dump} is not complete here`;
  // What was begun may not be left any more where something could be written, or is.
  const promoted = target === "promoted" && data.tenure !== undefined;
  if (!request.discard && (data.tenure === "own" || promoted)) {
    return "the server holds writes that nobody else has, and the request does not allow to lose them";
  }
  const { state } = data.replication ?? {};
  if (target === "running" && follows === "primary" && (state === "following" || state === "connecting")) {
    return "the server follows the primary, which would bring it back to where the primary is";
  }
  return undefined;
}

/**
 * Only into what holds nothing: whatever was loaded may be written to, however new a dump there is. One that has begun is
 * brought to its end: the next one would throw its hours away.
 */
function forPromoted({ restore }: PlannedDatabase, { data = {}, newest }: Reality): string | undefined {
  if (data.tenure !== undefined || data.loaded !== undefined) return undefined;
  return restore || !data.replication ? (data.begun?.dump ?? newest) : undefined;
}

function forStanding({ follows }: PlannedDatabase, { data = {}, newest }: Reality): string | undefined {
  const { begun, loaded, released, replication, tenure } = data;
  // Of what follows the primary a dump is only where that begins; then the primary brings all that is newer.
  if (follows === "nobody" || (follows === "primary" && replication && tenure !== "lent")) return undefined;
  // What was released is as the primary was then; what a drill wrote makes way for any dump since.
  const held = released ?? (tenure === "lent" ? undefined : loaded);
  // One that has begun is brought to its end: if each night's took longer than a day, none would ever be.
  return newerThan(held, begun?.dump) ?? newerThan(held, newest);
}

function newerThan(loaded: string | undefined, dump: string | undefined): string | undefined {
  return dump !== undefined && (loaded === undefined || dump > loaded) ? dump : undefined;
}
