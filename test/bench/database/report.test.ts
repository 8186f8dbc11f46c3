import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import type { Results } from "../../../bench/database/bench.ts";
import type { Figures } from "../../../bench/database/figures.ts";
import { renderComparisons } from "../../../bench/database/report.ts";

const OURS: Figures = {
  version: "Node 24",
  note: "compressed",
  seconds: { best: 7.25, median: 8 },
  dumpSeconds: 2.004,
  loadSeconds: 6,
  dumpCpuSeconds: 2.5,
  rowsPerSecond: 125_000.4,
  megabytesPerSecond: 24.25,
  cpuSeconds: { own: 3.5, source: 1.1, target: 6.789 },
  othersBusy: 0.04,
  peakBytes: 120 * 1024 * 1024,
  dumpBytes: 61_200_000,
};

const PIPE: Figures = { ...OURS, note: "a pipe", dumpBytes: 0 };
delete PIPE.dumpSeconds;
delete PIPE.loadSeconds;

const RESULTS: Results = {
  conditions: "TLS for everybody",
  workloads: [
    {
      ...{ name: "1000000-rows", rows: 1_000_000, tables: 1, bytes: 194_000_000, runs: 3 },
      ours: OURS,
      peers: { "mysqldump | mysql": PIPE, other: { missing: "it cannot be fetched" } },
      ratio: { "mysqldump | mysql": { times: 1.75, goal: 1.6, met: true } },
    },
  ],
  missing: { mydumper: "there is no way out" },
};

describe("the report of the bench of databases", () => {
  const lines = stripVTControlCharacters(renderComparisons(RESULTS)).split("\n");
  const row = (who: string) =>
    lines
      .find((line) => line.startsWith(`  ${who}  `))
      ?.trimStart()
      .split(/\s{2,}/);

  it("has a table for each workload that says how much it was, and a row for each who ran", () => {
    expect(lines[0]).to.equal("1000000-rows: 1,000,000 rows in 1 table, 194 MB");
    const figures = ["7.25", "8", "2", "6", "125,000", "24.3", "3.5", "1.1", "6.79", "0.04", "120", "61.2"];
    expect(row("ours")).to.deep.equal(["ours", ...figures]);
  });

  it("says beside each peer how many times as fast ours is, and whether it was to be", () => {
    expect(row("mysqldump | mysql")?.slice(-2)).to.deep.equal(["1.75", "1.6, met"]);
  });

  it("has no number where nothing was measured", () => {
    expect(row("mysqldump | mysql")?.slice(3, 5)).to.deep.equal(["-", "-"]);
    expect(row("other")).to.deep.equal(["other", ...Array.from({ length: 12 }, () => "-")]);
  });

  it("says what has to be known to read it, and who could not be had", () => {
    expect(lines).to.include.members([
      "  mysqldump | mysql Node 24: a pipe",
      "  other: it cannot be fetched",
      "TLS for everybody",
      "Not measured: mydumper: there is no way out",
    ]);
  });

  it("reckons what a terabyte of such rows would be", () => {
    expect(row("dump, compressed")?.slice(1)).to.deep.equal(["315", "GB"]);
    expect(row("from AWS to Azure")?.slice(1)).to.deep.equal(["$28.39"]);
  });

  it("has nothing to say of what was not measured", () => {
    expect(renderComparisons({ conditions: "TLS for everybody", workloads: [], missing: {} })).to.equal("");
  });
});
