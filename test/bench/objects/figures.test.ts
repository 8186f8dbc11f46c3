import { expect } from "chai";
import { compare, type Figures, figuresOf } from "../../../bench/objects/figures.ts";
import type { Ran } from "../../../bench/objects/race.ts";
import type { Workload } from "../../../bench/objects/workloads.ts";

const MIB = 1024 * 1024;
const WORKLOAD: Workload = { name: "100x1MiB", source: "versitygw", objects: 100, bytes: MIB };

/** Somebody who took so many seconds each time, half of them of a processor. */
function ran(seconds: number[], peaks: number[] = [64, 32]): Ran {
  return {
    contestant: { version: "1.0" },
    runs: seconds.map((each, index) => ({
      seconds: each,
      cpuSeconds: each / 2,
      sourceCpuSeconds: each / 4,
      targetCpuSeconds: each * 0.9,
      peakBytes: (peaks[index % peaks.length] ?? 0) * MIB,
    })),
    requests: { source: { GET: 100, HEAD: 99, list: 1 }, target: { PUT: 100 } },
  };
}

describe("the figures of a contestant", () => {
  const figures = figuresOf(WORKLOAD, ran([4, 2, 5]));

  it("are the best and the median of its runs", () => {
    expect(figures.seconds).to.deep.equal({ best: 2, median: 4 });
    expect(figures.objectsPerSecond).to.deep.equal({ best: 50, median: 25 });
    expect(figures.megabytesPerSecond).to.deep.equal({ best: 52.4288, median: 26.2144 });
  });

  it("are the processor's time of a thousand objects, in the median run", () => {
    expect(figures.cpuSecondsPer1000Objects).to.equal(20);
  });

  it("are the most memory of all runs, not of most", () => {
    expect(figures.peakBytes).to.equal(64 * MIB);
  });

  it("are the processors that both services kept busy", () => {
    expect(figures.busy).to.deep.equal({ source: 0.25, target: 0.9 });
  });

  it("are all requests to both sides, over the objects", () => {
    expect(figures.requestsPerObject).to.equal(3);
  });

  it("tell what has to be known to read them", () => {
    const noted = { ...ran([1]), contestant: { version: "1.0", note: "does half of the work" } };
    expect(figuresOf(WORKLOAD, noted)).to.include({ version: "1.0", note: "does half of the work" });
  });
});

describe("a comparison", () => {
  it("puts ours beside each peer's: more objects, less of the processor and of memory are better", () => {
    const { ratio } = compare(WORKLOAD, 2, { ours: ran([2, 2]), fast: ran([1, 1], [16]), slow: ran([8, 8]) });
    expect(ratio).to.deep.equal({
      fast: { objectsPerSecond: 0.5, cpuSecondsPer1000Objects: 2, peakBytes: 4 },
      slow: { objectsPerSecond: 4, cpuSecondsPer1000Objects: 0.25, peakBytes: 1 },
    });
  });

  it("names a peer that is missing, and compares with the others", () => {
    const missing = { missing: "it cannot be built" };
    const { ours, peers, ratio } = compare(WORKLOAD, 2, { ours: ran([2, 2]), absent: missing, fast: ran([1, 1]) });
    expect(peers.absent).to.deep.equal(missing);
    expect(Object.keys(ratio)).to.deep.equal(["fast"]);
    expect((ours as Figures).objectsPerSecond.median).to.equal(50);
  });
});
