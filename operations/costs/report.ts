import { STRATEGIES, type Strategy } from "../../components/standby/standby-plan.ts";
import { type Bill, totalOf } from "./bill.ts";
import { type Readiness, type StrategyEstimate, TARGETS, type Totals, type WorkloadEstimate } from "./estimate.ts";
import { PRICED_REGIONS, priceDates } from "./prices.ts";

/** What a strategy costs with every workload of the stack files, beside the primaries. */
export interface StrategyReport {
  strategy: Strategy;
  /** Dollars in a month. */
  totals: Totals;
  /** Of the primaries' bill: of the standby site alone, without the VPN, and of all. */
  shares: { site: number; withoutVpn: number; all: number };
  /** The most that it should be, as a share; absent where nothing is promised. */
  target?: number;
  /** Whether all of it is within the target. */
  reached?: boolean;
  /** Dollars in a day, while the sites are declared lost. */
  disasterDay: number;
}

/** All that the command tells, as one object. */
export interface CostReport {
  currency: "USD";
  prices: { from: string; to: string; regions: typeof PRICED_REGIONS };
  /** Dollars in a month, of all primaries. */
  primary: number;
  strategies: StrategyReport[];
  workloads: {
    workload: string;
    chosen: Strategy;
    primary: { total: number; lines: Bill };
    strategies: { strategy: Strategy; totals: Totals; lines: Readiness; disasterDay: number }[];
  }[];
}

/** @param only leaves the other strategies out */
export function costReport(estimates: WorkloadEstimate[], only?: Strategy): CostReport {
  const wanted = STRATEGIES.filter((strategy) => only === undefined || strategy === only);
  return {
    currency: "USD",
    prices: { ...priceDates(), regions: PRICED_REGIONS },
    primary: primaryTotal(estimates),
    strategies: wanted.map((strategy) => strategyReport(estimates, strategy)),
    workloads: estimates.map(({ workload, chosen, primary, strategies }) => ({
      workload,
      chosen,
      primary: { total: totalOf(primary), lines: primary },
      strategies: wanted.map((strategy) => {
        const { totals, bills, disasterDay } = strategies[strategy];
        return { strategy, totals, lines: bills, disasterDay };
      }),
    })),
  };
}

export function strategyReport(estimates: WorkloadEstimate[], strategy: Strategy): StrategyReport {
  const sum = (value: (one: StrategyEstimate) => number) =>
    estimates.reduce((total, { strategies }) => total + value(strategies[strategy]), 0);
  const totals = {
    site: sum((one) => one.totals.site),
    replication: sum((one) => one.totals.replication),
    vpn: sum((one) => one.totals.vpn),
    all: sum((one) => one.totals.all),
  };
  const primary = primaryTotal(estimates);
  const shares = {
    site: totals.site / primary,
    withoutVpn: (totals.site + totals.replication) / primary,
    all: totals.all / primary,
  };
  const target = TARGETS[strategy];
  const verdict = target === undefined ? {} : { target, reached: shares.all <= target };
  return { strategy, totals, shares, ...verdict, disasterDay: sum(({ disasterDay }) => disasterDay) };
}

export function primaryTotal(estimates: WorkloadEstimate[]): number {
  return estimates.reduce((sum, { primary }) => sum + totalOf(primary), 0);
}
