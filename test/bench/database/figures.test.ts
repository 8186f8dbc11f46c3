import { expect } from "chai";
import { compare, type Figures, figuresOf, ratesOf } from "../../../bench/database/figures.ts";
import type { Ran, Run } from "../../../bench/database/race.ts";

const MIB = 1024 * 1024;
const SIZE = { name: "1000-rows", rows: 1000, tables: 2, bytes: 8_000_000 };
const WHO = { version: "1.0", note: "as it comes" };

/** A run of so many seconds in each stage, half of them of a processor. */
function run(stages: Partial<Record<"dump" | "load" | "all", number>>, peak = 10): Run {
  return {
    stages: Object.entries(stages).map(([what, seconds], stage) => ({
      what: what as "dump",
      seconds,
      cpuSeconds: seconds / 2,
      peakBytes: (peak - stage) * MIB,
    })),
    sourceCpuSeconds: 1,
    targetCpuSeconds: 3,
    othersCpuSeconds: 2,
    dumpBytes: 5_000_000,
  };
}

function ran(...runs: Run[]): Ran {
  return { contestant: WHO, runs };
}

describe("the figures of who copied a database", () => {
  const figures = figuresOf(
    SIZE,
    ran(run({ dump: 1, load: 3 }), run({ dump: 2, load: 8 }, 20), run({ dump: 1, load: 4 })),
  );

  it("are the best and the median of all that a run took, from one server to the other", () => {
    expect(figures.seconds).to.deep.equal({ best: 4, median: 5 });
    expect(figures).to.include({ rowsPerSecond: 200, megabytesPerSecond: 1.6 });
  });

  it("are those of the dump and of the load apart", () => {
    expect(figures).to.include({ dumpSeconds: 1, loadSeconds: 4, dumpCpuSeconds: 0.5 });
  });

  it("have none apart where nothing lies between", () => {
    const { dumpSeconds, loadSeconds, seconds } = figuresOf(SIZE, ran(run({ all: 7 })));
    expect([seconds.median, dumpSeconds, loadSeconds]).to.deep.equal([7, undefined, undefined]);
  });

  it("are the processor's time of the contestant and of both servers", () => {
    expect(figures.cpuSeconds).to.deep.equal({ own: 2.5, source: 1, target: 3 });
  });

  it("are the processors that others kept busy meanwhile", () => {
    expect(figures.othersBusy).to.equal(0.4);
  });

  it("are the most memory of all runs and stages, not of most", () => {
    expect(figures.peakBytes).to.equal(20 * MIB);
  });

  it("are the size of the dump, and what has to be known to read them", () => {
    expect(figures).to.include({ dumpBytes: 5_000_000, ...WHO });
  });
});

describe("a comparison of who copied a database", () => {
  it("says how many times as fast as each peer ours is, and whether that was the goal", () => {
    const { ratio } = compare(SIZE, 1, {
      ours: ran(run({ dump: 2, load: 3 })),
      "mysqldump | mysql": ran(run({ all: 7.5 })),
      "mydumper, myloader": ran(run({ dump: 1, load: 4 })),
    });
    expect(ratio).to.deep.equal({
      "mysqldump | mysql": { times: 1.5, goal: 1.6, met: false },
      "mydumper, myloader": { times: 1, goal: 1, met: true },
    });
  });

  it("names a peer that is missing, and compares with the others", () => {
    const missing = { missing: "it cannot be fetched" };
    const { ours, peers, ratio } = compare(SIZE, 1, {
      ours: ran(run({ all: 5 })),
      absent: missing,
      fast: ran(run({ all: 1 })),
    });
    expect(peers.absent).to.deep.equal(missing);
    expect(Object.keys(ratio)).to.deep.equal(["fast"]);
    expect((ours as Figures).seconds.best).to.equal(5);
  });
});

describe("the rates at which ours copied", () => {
  it("are those of a GB and of a second", () => {
    const comparison = compare(SIZE, 1, { ours: ran(run({ dump: 2, load: 4 })) });
    expect(ratesOf(comparison)).to.deep.equal({
      dumpCpuSecondsPerGb: 125,
      dumpShare: 0.625,
      loadMegabytesPerSecond: 2,
    });
  });

  it("are unknown where ours did not run", () => {
    expect(ratesOf(compare(SIZE, 1, {}))).to.equal(undefined);
  });
});
