import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { STRATEGIES } from "../../../components/standby/standby-plan.ts";
import { totalOf } from "../../../operations/costs/bill.ts";
import { estimate } from "../../../operations/costs/estimate.ts";
import { pairWorkloads } from "../../../operations/costs/pairs.ts";
import { renderCosts, renderLines } from "../../../operations/costs/render.ts";
import { costReport } from "../../../operations/costs/report.ts";
import { primaryWith, standbyWith } from "./sites.ts";

const shop = estimate(primaryWith(), standbyWith());
const billing = estimate(
  primaryWith({ workload: "billing", serversMin: 1, serversMax: 1 }),
  standbyWith({ workload: "billing", serversMin: 1, serversMax: 1, strategy: "backup-restore" }),
);

/** What somebody reads, without colours. */
function read(text: string): string[] {
  return stripVTControlCharacters(text).split("\n");
}

describe("the estimate for people", () => {
  it("has a row for the primary and each strategy, with its shares and its target", () => {
    const lines = read(renderCosts([shop]));
    for (const name of ["primary", ...STRATEGIES]) {
      expect(lines.filter((line) => line.trimStart().startsWith(`${name} `)).length, name).to.equal(1);
    }
    expect(lines.find((line) => line.includes("warm-standby  "))).to.match(/27\.0 % +36\.7 % +68\.6 % +25\.0 %/);
  });

  it("says of each target in one sentence whether it is reached, and what stands in its way", () => {
    const lines = read(renderCosts([shop]));
    expect(lines.find((line) => line.includes("backup-restore: "))).to.match(
      /not within 5\.0 %, with 14\.3 % in all; the standby site alone is above it too, with 5\.0 %\. Most: dumps/,
    );
    expect(lines.join("\n")).not.to.include("active-active: ");
    const large = estimate(
      primaryWith({ databaseClass: "db.m7g.16xlarge", serversMin: 100, serversMax: 300 }),
      standbyWith(),
    );
    expect(read(renderCosts([large])).find((line) => line.includes("warm-standby: "))).to.match(
      /: within 25\.0 %, with /,
    );
  });

  it("names the largest lines of each, the dearest first, and marks what is from memory", () => {
    const lines = read(renderCosts([shop]));
    const start = lines.findIndex((line) => line.startsWith("Largest lines with warm-standby"));
    const shown = lines.slice(start + 2, start + 8);
    const amounts = shown.map((line) => Number(line.split(" ").at(-1)?.replaceAll(",", "")));
    expect(amounts).to.deep.equal(amounts.toSorted((one, other) => other - one));
    expect(shown[0]).to.include("VPN, Azure's gateway ");
    expect(shown.find((line) => line.includes("AWS's connections"))).to.include("connections *");
  });

  it("says of which days and regions the prices are", () => {
    expect(read(renderCosts([shop])).at(-2)).to.match(/eu-west-1 and germanywestcentral, found from 20\S+ to 20\S+,/);
  });

  it("sums several workloads, and has a row for each as it is configured", () => {
    const lines = read(renderCosts([shop, billing]));
    expect(lines.some((line) => line.trimStart().startsWith("2 primaries "))).to.equal(true);
    const start = lines.indexOf("Workloads as configured");
    expect(lines.slice(start + 2, start + 5).map((line) => line.trim().split(/ {2,}/).slice(0, 2))).to.deep.equal([
      ["shop", "pilot-light"],
      ["billing", "backup-restore"],
      ["all", lines[start + 4]?.trim().split(/ +/)[1]],
    ]);
    expect(read(renderCosts([shop]))).not.to.include("Workloads as configured");
  });

  it("has every line of one strategy when asked for it", () => {
    const text = read(renderLines([shop], "warm-standby")).join("\n");
    const { site, replication, vpn } = shop.strategies["warm-standby"].bills;
    for (const { what } of [...shop.primary, ...site, ...replication, ...vpn]) expect(text).to.include(what);
    expect(read(renderLines([shop], "pilot-light")).join("\n")).not.to.include("shop: VPN");
  });
});

describe("the estimate for machines", () => {
  it("has every line, and sums that are the lines'", () => {
    const report = costReport([shop, billing]);
    expect(report.workloads.map(({ workload }) => workload)).to.deep.equal(["shop", "billing"]);
    for (const { strategy, totals, shares, target, reached } of report.strategies) {
      const lines = report.workloads.flatMap(({ strategies }) =>
        strategies.filter((one) => one.strategy === strategy).flatMap((one) => Object.values(one.lines).flat()),
      );
      expect(totals.all).to.be.closeTo(totalOf(lines), 1e-6);
      expect(shares.all).to.be.closeTo(totals.all / report.primary, 1e-9);
      expect(shares.withoutVpn).to.be.closeTo((totals.all - totals.vpn) / report.primary, 1e-9);
      expect(reached).to.equal(target === undefined ? undefined : shares.all <= target);
    }
  });

  it("has one strategy only when asked for it", () => {
    const report = costReport([shop], "warm-standby");
    expect(report.strategies.map(({ strategy }) => strategy)).to.deep.equal(["warm-standby"]);
    expect(report.workloads[0]?.strategies.length).to.equal(1);
  });
});

describe("the sites of a workload", () => {
  it("belong together by name; a primary without a standby is left out", () => {
    const primaries = [primaryWith({ workload: "billing" }), primaryWith()];
    expect(pairWorkloads(primaries, [standbyWith()])).to.deep.equal([
      { primary: primaries[1], standby: standbyWith() },
    ]);
  });

  it("must both be there for a standby", () => {
    expect(() => pairWorkloads([primaryWith()], [standbyWith({ workload: "blog" })])).to.throw(
      "the workload blog of Pulumi.dr.yaml: expected one of that name in Pulumi.prod.yaml, found shop",
    );
  });
});
