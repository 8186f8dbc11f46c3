import type { Strategy } from "../../components/standby/standby-plan.ts";

/** What a workload may lose, and how long it may be gone. */
export interface Tier {
  /** Hours of writes that may be lost (RPO). */
  lossHours: number;
  /** Hours until it serves again (RTO). */
  goneHours: number;
}

/** The usual three. */
export const TIERS: Readonly<Record<number, Tier>> = {
  1: { lossHours: 1, goneHours: 2 },
  2: { lossHours: 24, goneHours: 8 },
  3: { lossHours: 7 * 24, goneHours: 24 },
};

/**
 * What each strategy keeps to. Where the database follows by the night's dumps, a day may be lost whatever else stands.
 * Times are the upper end of what is usual for a strategy; a drill measures what they are here.
 */
const GONE_HOURS: Record<Strategy, number> = {
  "backup-restore": 8,
  "pilot-light": 4,
  "warm-standby": 1,
  "active-active": 0.1,
};
const NIGHTLY_LOSS_HOURS = 24;
const LIVE_LOSS_HOURS = 5 / 60;

/** What a strategy keeps to. @param live whether the database follows every change */
export function promise(strategy: Strategy, live: boolean): Tier {
  const lossHours = live ? LIVE_LOSS_HOURS : NIGHTLY_LOSS_HOURS;
  return { lossHours, goneHours: GONE_HOURS[strategy] };
}

/** Whether what is promised is within a tier. */
export function isWithinTier(promised: Tier, tier: Tier): boolean {
  return promised.lossHours <= tier.lossHours && promised.goneHours <= tier.goneHours;
}
