import { type DumpKind, momentOf } from "./layout.ts";

const DAY = 24 * 60 * 60 * 1000;

/**
 * How long a new dump is kept: as the first of its month, the first of its week, or one more.
 *
 * What did not succeed leaves no manifest and so makes way: when the night of the first fails, the next one is the
 * month's. Months and weeks (from Monday, ISO 8601) are those of UTC.
 *
 * @param existing what there is a manifest of
 */
export function kindFor(startedAt: Date, existing: readonly { kind: DumpKind; dump: string }[]): DumpKind {
  const has = (kinds: readonly DumpKind[], periodOf: (moment: Date) => number | string) =>
    existing.some(({ kind, dump }) => kinds.includes(kind) && periodOf(momentOf(dump)) === periodOf(startedAt));
  if (!has(["monthly"], monthOf)) return "monthly";
  return has(["weekly", "monthly"], weekOf) ? "daily" : "weekly";
}

function monthOf(moment: Date): string {
  return moment.toISOString().slice(0, "2026-11".length);
}

/** Weeks since the one of 1970-01-01, a Thursday. */
function weekOf(moment: Date): number {
  return Math.floor((moment.getTime() / DAY + 3) / 7);
}
