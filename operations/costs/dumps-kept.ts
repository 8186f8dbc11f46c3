import type { Settings } from "../../stacks/settings.ts";

/** Days for which a dump of each kind is kept. */
export type KeptDays = Pick<Settings<"dr">, "dailyDumps" | "weeklyDumps" | "monthlyDumps">;

const YEAR = 365;

/**
 * Dumps of each kind in a year of nights: the first of its month, else the first of its week, else one more. One in
 * seven months begins with a week.
 */
const IN_A_YEAR = {
  monthlyDumps: 12,
  weeklyDumps: YEAR / 7 - 12 / 7,
  dailyDumps: YEAR - 12 - (YEAR / 7 - 12 / 7),
};

/**
 * Dumps that stand at once when one is made each night.
 *
 * @param stand days for which one stands that is kept for so many
 */
export function dumpsKept(kept: KeptDays, stand: (days: number) => number = (days) => days): number {
  const kinds = Object.keys(IN_A_YEAR) as (keyof KeptDays)[];
  return kinds.reduce((sum, kind) => sum + (IN_A_YEAR[kind] / YEAR) * stand(kept[kind]), 0);
}
