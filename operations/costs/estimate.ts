import type { Disaster } from "../../components/standby/disaster.ts";
import { STRATEGIES, type Strategy, standbyPlan } from "../../components/standby/standby-plan.ts";
import type { Settings } from "../../stacks/settings.ts";
import { type Bill, totalOf } from "./bill.ts";
import { replicationBill, vpnBill } from "./link-bill.ts";
import { primaryBill } from "./primary-bill.ts";
import { standbyBill } from "./standby-bill.ts";
import { USAGE } from "./usage.ts";

/** What a month of being ready costs, by what it is for. */
export interface Readiness {
  /** The standby site itself. */
  site: Bill;
  /** What is copied to it, and the checks that move the names. */
  replication: Bill;
  /** The private way between the sites. */
  vpn: Bill;
}

/** Dollars in a month, of each part and of all. */
export interface Totals {
  site: number;
  replication: number;
  vpn: number;
  all: number;
}

export interface StrategyEstimate {
  bills: Readiness;
  totals: Totals;
  /** What the same parts cost in a day while the whole site is declared lost, in dollars. */
  disasterDay: number;
}

export interface WorkloadEstimate {
  workload: string;
  /** The strategy that the stack file names. */
  chosen: Strategy;
  primary: Bill;
  strategies: Record<Strategy, StrategyEstimate>;
}

/** The most that a strategy should cost, as a share of the primary's bill; nothing is promised for active-active. */
export const TARGETS: Partial<Record<Strategy, number>> = {
  "backup-restore": 0.05,
  "pilot-light": 0.12,
  "warm-standby": 0.25,
};

/** What a workload costs, with each strategy. */
export function estimate(primary: Settings<"prod">, standby: Settings<"dr">): WorkloadEstimate {
  const withStrategy = (strategy: Strategy): StrategyEstimate => {
    const bills = readiness(primary, { ...standby, strategy }, "none");
    const lost = readiness(primary, { ...standby, strategy }, "site");
    return { bills, totals: totalsOf(bills), disasterDay: totalsOf(lost).all / USAGE.days };
  };
  return {
    workload: standby.workload,
    chosen: standby.strategy,
    primary: primaryBill(primary),
    strategies: byStrategy(withStrategy),
  };
}

/** Something of each strategy, in their order. */
export function byStrategy<T>(value: (strategy: Strategy) => T): Record<Strategy, T> {
  return Object.fromEntries(STRATEGIES.map((strategy) => [strategy, value(strategy)])) as Record<Strategy, T>;
}

/**
 * A month of the standby and of what feeds it. What falls away in a disaster, like the nightly dump, is left in: it is
 * paid in the month of the disaster all the same.
 */
export function readiness(
  primary: Settings<"prod">,
  standby: Settings<"dr">,
  disaster: Disaster,
  drill = false,
): Readiness {
  const { strategy, serversMin, serversMax, warmServers } = standby;
  const plan = standbyPlan(strategy, disaster, drill, { servers: { min: serversMin, max: serversMax }, warmServers });
  return {
    site: standbyBill(standby, plan),
    replication: replicationBill(standby, primary),
    vpn: vpnBill(standby, plan, primary.databaseHostName !== ""),
  };
}

export function totalsOf({ site, replication, vpn }: Readiness): Totals {
  const totals = { site: totalOf(site), replication: totalOf(replication), vpn: totalOf(vpn) };
  return { ...totals, all: totals.site + totals.replication + totals.vpn };
}
