import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import type { Results } from "../../bench/objects/bench.ts";
import type { Figures } from "../../bench/objects/figures.ts";
import { renderResults } from "../../bench/report.ts";

const OURS: Figures = {
  version: "Node 24",
  seconds: { best: 2, median: 2.5 },
  objectsPerSecond: { best: 1000, median: 800.4 },
  megabytesPerSecond: { best: 16.384, median: 13.107 },
  cpuSecondsPer1000Objects: 0.6213,
  peakBytes: 120 * 1024 * 1024,
  busy: { source: 0.512, target: 0.987 },
  requestsPerObject: 3.001,
  requests: { source: {}, target: {} },
};

const RESULTS: Results = {
  workloads: [
    {
      name: "2000x16KiB-versitygw",
      objects: 2000,
      bytes: 16_384,
      runs: 3,
      ours: OURS,
      peers: {
        rclone: { ...OURS, objectsPerSecond: { best: 700, median: 640 } },
        azcopy: { ...OURS, note: "uploads files" },
        other: { missing: "it cannot be built" },
      },
      ratio: {
        rclone: { objectsPerSecond: 1.25, cpuSecondsPer1000Objects: 1, peakBytes: 1 },
        azcopy: { objectsPerSecond: 1.02, cpuSecondsPer1000Objects: 1, peakBytes: 1 },
      },
    },
  ],
  missing: { versitygw: "it cannot be built either" },
  coldStart: { bundleBytes: 987_654, emptyMilliseconds: 24.6, answeredMilliseconds: 131.4 },
  latency: {
    objects: 1000,
    objectsPerSecond: 50,
    p50Milliseconds: 310.2,
    p99Milliseconds: 1250,
    worstMilliseconds: 1900,
  },
};

describe("the bench's report", () => {
  const lines = stripVTControlCharacters(renderResults(RESULTS)).split("\n");
  const row = (who: string) =>
    lines
      .find((line) => line.startsWith(`  ${who} `))
      ?.split(/\s{2,}/)
      .slice(1);

  it("has a table for each workload, and a row for each who ran", () => {
    expect(lines[0]).to.equal("2000x16KiB-versitygw");
    expect(row("ours")).to.deep.equal([
      "ours",
      "1,000",
      "800",
      "16.4",
      "13.1",
      "0.621",
      "120",
      "3.00",
      "0.51",
      "0.99",
      "1.02",
    ]);
    expect(row("rclone")).to.deep.equal([
      "rclone",
      "700",
      "640",
      "16.4",
      "13.1",
      "0.621",
      "120",
      "3.00",
      "0.51",
      "0.99",
    ]);
  });

  it("tells of a peer that is missing why, and of the others what has to be known", () => {
    expect(row("other")).to.deep.equal(["other", "-", "-", "-", "-", "-", "-", "-", "-", "-"]);
    expect(lines).to.include("  other: it cannot be built").and.to.include("  azcopy: uploads files");
    expect(lines).to.include("Not measured: versitygw: it cannot be built either");
  });

  it("tells how the function starts, and how long copies take", () => {
    const text = lines.join("\n");
    expect(text).to.match(/bundle, bytes +987,654$/m);
    expect(text).to.match(/one event answered, ms +131$/m);
    expect(text).to.include("From put to visible copy at 50 objects/s, 1000 objects");
    expect(text).to.match(/p99 +1,250$/m);
  });

  it("has nothing to say of what was not measured", () => {
    expect(renderResults({ workloads: [], missing: {} })).to.equal("");
  });
});
