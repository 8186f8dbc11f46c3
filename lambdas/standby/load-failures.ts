import { z } from "zod";
import { PHASES } from "../database/ledger.ts";
import type { PlanDocument } from "./plan-document.ts";

/** How far a load came. */
const reached = z.strictObject({ phase: z.string(), done: z.number() });
export type Reached = z.infer<typeof reached>;

/** Loads of one dump that failed. */
export const loadFailures = z.strictObject({
  dump: z.string(),
  /** Those by its own fault. */
  count: z.number(),
  /** Others in a row, none of which came further than the one before. */
  idle: z.number().default(0),
  /** The furthest that these came. */
  reached: reached.optional(),
});
export type LoadFailures = z.infer<typeof loadFailures>;

/** Failures by its own fault after which a dump is not tried again. */
export const MOST_FAILURES = 3;

/**
 * Other ones after which it is not, where the server runs for that alone: an hour. What a store or a network does to a
 * load is over by then, or does not cost more than a night; what a server refuses for good would keep it running for ever.
 */
export const MOST_IDLE = 60;

/** A load that failed. */
export interface FailedLoad {
  dump: string;
  /** Whether by the dump's own fault. */
  faulty: boolean;
  reached: Reached;
}

/** Whether a load came further than another, or than none. */
export function isFurther(one: Reached, other: Reached | undefined): boolean {
  if (!other) return true;
  const at = ({ phase }: Reached) => (PHASES as readonly string[]).indexOf(phase);
  return at(one) === at(other) ? one.done > other.done : at(one) > at(other);
}

/** The failures after one more. */
export function failuresWith(former: LoadFailures | undefined, failed: FailedLoad): LoadFailures {
  const { dump, faulty } = failed;
  const known = former?.dump === dump ? former : { dump, count: 0, idle: 0 };
  if (faulty) return { ...known, count: known.count + 1 };
  if (!isFurther(failed.reached, known.reached)) return { ...known, idle: known.idle + 1 };
  const { phase, done } = failed.reached;
  return { ...known, idle: 1, reached: { phase, done } };
}

/** Whether a dump is not tried again after so many failures. */
export function isGivenUp({ count, idle }: LoadFailures, plan: PlanDocument | undefined): boolean {
  return count >= MOST_FAILURES || (idle >= MOST_IDLE && plan?.database?.target === "stopped");
}
