import { expect } from "chai";
import fc from "fast-check";
import type { Journal } from "../../../operations/runbook/journal.ts";
import { drillsIn } from "../../../operations/status/drills.ts";

const NOW = new Date("2026-11-21T14:00:00Z");

/** A journal of an operation, by default a drill that ended well. */
function journal(startedAt: string, more: Partial<Journal> = {}): Journal {
  return {
    version: 1,
    name: "drill",
    workload: "shop",
    by: "me@here",
    startedAt,
    status: "done",
    steps: [],
    ...more,
  };
}

/** Quarters that were skipped, and whether that makes a drill stale. */
function since(passedAt: string, now = NOW) {
  const { skipped, stale } = drillsIn([journal(passedAt)], now);
  return { skipped, stale };
}

describe("how the drills stand", () => {
  it("is not stale, and says nothing, where none was ever held", () => {
    expect(drillsIn([], NOW)).to.deep.equal({ stale: false });
  });

  it("is told by drills alone", () => {
    const others = (["declare", "failback", "undeclare"] as const).map((name) =>
      journal("2026-11-20T09:00:00Z", { name }),
    );
    expect(drillsIn(others, NOW)).to.deep.equal({ stale: false });
  });

  it("skips no quarter as long as one went well in this one or the one before", () => {
    expect(since("2026-10-01T00:00:00Z")).to.deep.equal({ skipped: 0, stale: false });
    expect(since("2026-07-01T00:00:00Z")).to.deep.equal({ skipped: 0, stale: false });
  });

  it("is stale once two whole quarters were skipped, and not before", () => {
    expect(since("2026-06-30T23:59:59Z")).to.deep.equal({ skipped: 1, stale: false });
    expect(since("2026-04-01T00:00:00Z")).to.deep.equal({ skipped: 1, stale: false });
    expect(since("2026-03-31T23:59:59Z")).to.deep.equal({ skipped: 2, stale: true });
  });

  it("counts quarters through the turn of the year", () => {
    const january = new Date("2027-01-01T00:00:00Z");
    expect(since("2026-12-31T23:59:59Z", january)).to.deep.equal({ skipped: 0, stale: false });
    expect(since("2026-09-30T12:00:00Z", january)).to.deep.equal({ skipped: 1, stale: false });
    expect(since("2026-06-30T12:00:00Z", january)).to.deep.equal({ skipped: 2, stale: true });
  });

  it("is told by the last one, and by the last that went well", () => {
    const failed = journal("2026-11-20T09:00:00Z", { status: "failed", by: "you@there" });
    const passed = journal("2026-08-03T09:00:00Z");
    expect(drillsIn([failed, passed, journal("2026-02-02T09:00:00Z")], NOW)).to.deep.equal({
      last: { startedAt: "2026-11-20T09:00:00Z", status: "failed", by: "you@there" },
      passedAt: "2026-08-03T09:00:00Z",
      skipped: 0,
      stale: false,
    });
  });

  it("counts nothing where none ever went well", () => {
    const { passedAt, skipped, stale } = drillsIn([journal("2024-01-01T09:00:00Z", { status: "running" })], NOW);
    expect({ passedAt, skipped, stale }).to.deep.equal({ passedAt: undefined, skipped: undefined, stale: false });
  });

  it("never counts less as time goes on, nor ever less than none", () => {
    const moment = fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(moment, moment, moment, (passed, one, other) => {
        const skipped = (now: Date) => drillsIn([journal(passed.toISOString())], now).skipped ?? -1;
        const [earlier, later] = one < other ? [one, other] : [other, one];
        expect(skipped(earlier)).to.be.at.least(0).and.at.most(skipped(later));
      }),
    );
  });
});
