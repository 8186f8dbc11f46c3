import { expect } from "chai";
import fc from "fast-check";
import { dumpLifecycle } from "../../../components/replication/dump-lifecycle.ts";
import { CARRIED_PREFIXES, dumpNames } from "../../../lambdas/database/layout.ts";

const DAYS = { daily: 14, weekly: 35, monthly: 400 };

/** Days after which something of that name goes; undefined when no rule is about it. */
function daysOf(name: string, days = DAYS): number | undefined {
  const rules = dumpLifecycle(days).filter(({ expiration, filter }) => {
    const { prefix = "" } = filter as { prefix?: string };
    return expiration && name.startsWith(prefix);
  });
  expect(rules.length, name).to.be.at.most(1);
  return (rules[0]?.expiration as { days: number } | undefined)?.days;
}

describe("the lifecycle of dumps", () => {
  it("drops each after the days of its kind, and its manifest a day before", () => {
    for (const kind of ["daily", "weekly", "monthly"] as const) {
      const names = dumpNames(kind, "20261121T021500Z");
      expect(daysOf(names.manifest), names.manifest).to.equal(DAYS[kind]);
      for (const name of [names.definitions, names.chunk(1)]) expect(daysOf(name), name).to.equal(DAYS[kind] + 1);
    }
  });

  it("drops what a dump needed only while it was made after a week", () => {
    const names = dumpNames("monthly", "20261121T021500Z");
    expect(daysOf(names.plan)).to.equal(7);
    expect(daysOf(names.records(3))).to.equal(7);
  });

  it("has a rule for all that is carried to the standby", () => {
    for (const prefix of CARRIED_PREFIXES.filter((each) => each !== "manifests/")) {
      expect(daysOf(`${prefix}20261121T021500Z/chunks/000001.zst`), prefix).to.be.a("number");
    }
  });

  it("drops the versions behind what is dropped, and the parts of uploads that nobody finished", () => {
    const [uploads, ...rules] = dumpLifecycle(DAYS);
    expect(uploads?.abortIncompleteMultipartUpload).to.deep.equal({ daysAfterInitiation: 7 });
    for (const rule of rules) expect(rule.noncurrentVersionExpiration).to.deep.equal({ noncurrentDays: 1 });
  });

  it("never leaves a manifest without what it lists, and calls no two rules alike", () => {
    const days = fc.integer({ min: 1, max: 36_500 });
    fc.assert(
      fc.property(fc.record({ daily: days, weekly: days, monthly: days }), (kept) => {
        for (const kind of ["daily", "weekly", "monthly"] as const) {
          const names = dumpNames(kind, "20261121T021500Z");
          expect(Number(daysOf(names.manifest, kept))).to.be.below(Number(daysOf(names.chunk(1), kept)));
        }
        const ids = dumpLifecycle(kept).map(({ id }) => id);
        expect(new Set(ids).size).to.equal(ids.length);
      }),
    );
  });
});
