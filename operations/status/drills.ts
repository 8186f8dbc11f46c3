import type { Journal } from "../runbook/journal.ts";

/** How the drills stand. */
export interface Drills {
  /** The last one, however it ended. */
  last?: Pick<Journal, "startedAt" | "status" | "by">;
  /** When the last one began that ended well. */
  passedAt?: string;
  /** Whole quarters of years without one that ended well, since the last that did. */
  skipped?: number;
  /** Two quarters skipped: whether a failover would still work is not known any more. */
  stale: boolean;
}

/** So many quarters without a drill are too many. */
export const STALE = 2;

/** @param journals of any operation, the newest first */
export function drillsIn(journals: readonly Journal[], now: Date): Drills {
  const drills = journals.filter(({ name }) => name === "drill");
  const [last] = drills;
  const passed = drills.find(({ status }) => status === "done");
  const skipped = passed && skippedSince(new Date(passed.startedAt), now);
  return {
    ...(last && { last: { startedAt: last.startedAt, status: last.status, by: last.by } }),
    ...(passed && { passedAt: passed.startedAt }),
    ...(skipped !== undefined && { skipped }),
    stale: skipped !== undefined && skipped >= STALE,
  };
}

/** Whole quarters of years that lie between a drill and now. */
export function skippedSince(drill: Date, now: Date): number {
  return Math.max(0, quarterOf(now) - quarterOf(drill) - 1);
}

/** Quarters are counted through, in UTC. */
function quarterOf(moment: Date): number {
  return moment.getUTCFullYear() * 4 + Math.floor(moment.getUTCMonth() / 3);
}
