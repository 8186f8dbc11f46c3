import { DUMP_KINDS, type DumpKind, MANIFESTS, STANDBY_COPIES } from "../../lambdas/database/layout.ts";

/** For how many days dumps are kept, by what they were at their time. */
export type DumpDays = Record<DumpKind, number>;

/** When everything with one of these prefixes is deleted. */
export interface DumpRule {
  name: string;
  /** Container and beginning of the name ("Lifecycle management policy structure", Prefix match). */
  prefixes: string[];
  /** Days since it was written. */
  days: number;
}

/**
 * Decides when dumps are deleted. Azure deletes no version while it is immutable, so none is told to go before that: of
 * what it tries and may not, it would say so every day.
 *
 * @param immutabilityDays for which nobody can delete a version
 */
export function dumpRules(container: string, days: DumpDays, immutabilityDays: number): DumpRule[] {
  const dumps = DUMP_KINDS.map((kind) => ({
    name: `${kind}-dumps`,
    prefixes: [`${container}/${kind}/`, `${container}/${MANIFESTS}${kind}/`],
    days: Math.max(days[kind], immutabilityDays),
  }));
  // What came home in a failback is in the primary's own dumps from then on.
  const copies = {
    name: "standby-copies",
    prefixes: [`${container}/${STANDBY_COPIES}`],
    days: Math.max(days.daily, immutabilityDays),
  };
  return [...dumps, copies];
}
