import { STRATEGIES, type Strategy } from "../../components/standby/standby-plan.ts";
import { table } from "../table.ts";
import { type Bill, type Line, totalOf } from "./bill.ts";
import type { WorkloadEstimate } from "./estimate.ts";
import { PRICED_REGIONS, priceDates } from "./prices.ts";
import { primaryTotal, type StrategyReport, strategyReport } from "./report.ts";

/** How many of the dearest lines are named. */
const LARGEST = 6;

/** The estimate for people: what each strategy costs, whether it is within its target, and what makes it dear. */
export function renderCosts(estimates: WorkloadEstimate[]): string {
  const reports = STRATEGIES.map((strategy) => strategyReport(estimates, strategy));
  return [
    strategyTable(estimates, reports),
    `Targets\n${reports.flatMap((report) => verdict(estimates, report)).join("\n")}`,
    ...(estimates.length > 1 ? [workloadTable(estimates)] : []),
    lineTable(`Largest lines of ${sites("primary", estimates)}`, largest(estimates.map(({ primary }) => primary))),
    ...STRATEGIES.map((strategy) => lineTable(`Largest lines with ${strategy}`, largest(billsOf(estimates, strategy)))),
    notes(),
  ].join("\n\n");
}

/** Every line of one strategy, and of the primary, for each workload. */
export function renderLines(estimates: WorkloadEstimate[], strategy: Strategy): string {
  const sections = estimates.flatMap(({ workload, primary, strategies }) => {
    const { site, replication, vpn } = strategies[strategy].bills;
    return [
      lineTable(`${workload}: primary`, sorted(primary)),
      lineTable(`${workload}: standby site, ${strategy}`, sorted(site)),
      lineTable(`${workload}: copies and checks`, sorted(replication)),
      ...(vpn.length > 0 ? [lineTable(`${workload}: VPN`, sorted(vpn))] : []),
    ];
  });
  const report = strategyReport(estimates, strategy);
  return [strategyTable(estimates, [report]), ...sections, notes()].join("\n\n");
}

function strategyTable(estimates: WorkloadEstimate[], reports: StrategyReport[]): string {
  const primary = primaryTotal(estimates);
  return table(
    "Dollars in a month",
    [
      "",
      "site",
      "copies, checks",
      "VPN",
      "in all",
      "site's share",
      "without VPN",
      "all's share",
      "target",
      "a day of disaster",
    ],
    [
      [sites("primary", estimates), dollars(primary), "", "", dollars(primary), "", "", percent(1), "", ""],
      ...reports.map(({ strategy, totals, shares, target, disasterDay }) => [
        strategy,
        dollars(totals.site),
        dollars(totals.replication),
        dollars(totals.vpn),
        dollars(totals.all),
        percent(shares.site),
        percent(shares.withoutVpn),
        percent(shares.all),
        target === undefined ? "" : percent(target),
        dollars(disasterDay),
      ]),
    ],
  );
}

/** One plain sentence on each target, and on what stands in its way. */
function verdict(estimates: WorkloadEstimate[], { strategy, shares, target, reached }: StrategyReport): string[] {
  if (target === undefined) return [];
  if (reached) return [`  ${strategy}: within ${percent(target)}, with ${percent(shares.all)} in all.`];
  const [first, second] = largest(billsOf(estimates, strategy));
  const site = `the standby site alone is ${shares.site <= target ? "within it" : "above it too"}, with ${percent(shares.site)}`;
  const dear = [first, second].flatMap((one) => (one ? [`${one.what} (${dollars(one.monthly)})`] : [])).join(" and ");
  return [`  ${strategy}: not within ${percent(target)}, with ${percent(shares.all)} in all; ${site}. Most: ${dear}.`];
}

/** What each workload costs as its stack files have it, and all of them. */
function workloadTable(estimates: WorkloadEstimate[]): string {
  const rows = estimates.map(({ workload, chosen, primary, strategies }) => ({
    name: workload,
    chosen,
    primary: totalOf(primary),
    standby: strategies[chosen].totals.all,
  }));
  const sum = (key: "primary" | "standby") => rows.reduce((total, row) => total + row[key], 0);
  const all = [...rows, { name: "all", chosen: "", primary: sum("primary"), standby: sum("standby") }];
  return table(
    "Workloads as configured",
    ["workload", "strategy", "primary", "standby", "share"],
    all.map(({ name, chosen, primary, standby }) => [
      name,
      chosen,
      dollars(primary),
      dollars(standby),
      percent(standby / primary),
    ]),
  );
}

function billsOf(estimates: WorkloadEstimate[], strategy: Strategy): Bill[] {
  return estimates.flatMap(({ strategies }) => Object.values(strategies[strategy].bills) as Bill[]);
}

function largest(bills: Bill[]): Line[] {
  return sorted(bills.flat()).slice(0, LARGEST);
}

function sorted(bill: Bill): Line[] {
  return bill.toSorted((one, other) => other.monthly - one.monthly);
}

function lineTable(title: string, lines: Line[]): string {
  return table(
    title,
    ["", "quantity", "unit", "price", "in a month"],
    lines.map(({ what, quantity, unit, price, grade, monthly }) => [
      grade === "recalled" ? `${what} *` : what,
      quantity.toLocaleString("en", { maximumFractionDigits: 2 }),
      unit,
      price.toLocaleString("en", { maximumFractionDigits: 6 }),
      dollars(monthly),
    ]),
  );
}

function notes(): string {
  const { from, to } = priceDates();
  return [
    `On-demand list prices of ${PRICED_REGIONS.aws} and ${PRICED_REGIONS.azure}, found from ${from} to ${to}, without taxes,`,
    "free allowances and commitments; the usage is assumed. * a price from memory. What is counted, and why: docs/costs.md",
  ].join("\n");
}

function sites(word: string, { length }: WorkloadEstimate[]): string {
  return length > 1 ? `${length} primaries` : word;
}

function dollars(amount: number): string {
  return amount.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
