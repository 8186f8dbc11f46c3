import type { Switch } from "../standby/disaster.ts";

/** The two sites that can answer for a name. */
export type Site = "primary" | "standby";

/** Share of the answers that each site gets, Route 53's 0 to 255. */
export type Weights = Record<Site, number>;

/**
 * Weights that give the standby a share of the answers, and the primary the rest. Never both are 0: Route 53 then
 * answers with either, half and half.
 *
 * @param share of the answers that are the standby's, 0 to 100
 */
export function weightsFor(share: number): Weights {
  return { primary: 100 - share, standby: share };
}

/**
 * The standby's share of a name's answers.
 *
 * @param moves with which declaration the name moves
 * @param declared what the standby says is declared
 * @param asked the share that somebody asked for, to move users gradually; without one, the declaration decides
 */
export function standbyShareOf(moves: Switch, declared: readonly Switch[], asked?: number): number {
  // Never a part of the writers: half of the orders in either database is what nobody can put together again.
  if (asked !== undefined && moves !== "database") return asked;
  return declared.includes(moves) ? 100 : 0;
}
