import { expect } from "chai";
import fc from "fast-check";
import { contentLifecycle, logLifecycle } from "../../../components/primary/lifecycles.ts";

const anyDays = fc.integer({ min: 1, max: 36_500 });

describe("the lifecycle of the content", () => {
  it("moves former versions to a class that answers at once, and ends them", () => {
    expect(contentLifecycle(90)).to.deep.equal([
      {
        id: "abandoned-uploads",
        status: "Enabled",
        filter: {},
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
      {
        id: "former-versions",
        status: "Enabled",
        filter: {},
        noncurrentVersionExpiration: { noncurrentDays: 90 },
        noncurrentVersionTransitions: [{ noncurrentDays: 30, storageClass: "GLACIER_IR" }],
        expiration: { expiredObjectDeleteMarker: true },
      },
    ]);
  });

  it("never moves a version on the day of its end, or after", () => {
    fc.assert(
      fc.property(anyDays, (noncurrentDays) => {
        const [, versions] = contentLifecycle(noncurrentDays);
        const moves = (versions?.noncurrentVersionTransitions ?? []) as { noncurrentDays: number }[];
        expect(versions?.noncurrentVersionExpiration).to.deep.equal({ noncurrentDays });
        expect(moves).to.have.length(noncurrentDays > 30 ? 1 : 0);
        for (const move of moves) expect(move.noncurrentDays).to.be.below(noncurrentDays);
      }),
    );
  });

  it("never touches a current version", () => {
    fc.assert(
      fc.property(anyDays, (noncurrentDays) => {
        for (const rule of contentLifecycle(noncurrentDays)) {
          expect(rule).to.not.have.property("transitions");
          expect(rule.expiration ?? {}).to.not.have.any.keys("days", "date");
        }
      }),
    );
  });
});

describe("the lifecycle of a log", () => {
  it("ends each file after its days, and what is left of it a day later", () => {
    fc.assert(
      fc.property(anyDays, (days) => {
        const [, old] = logLifecycle(days);
        expect(old).to.deep.include({ expiration: { days }, noncurrentVersionExpiration: { noncurrentDays: 1 } });
      }),
    );
  });
});

describe("every lifecycle", () => {
  it("is of the whole bucket, and ends uploads that nobody finished", () => {
    for (const rules of [contentLifecycle(90), logLifecycle(365)]) {
      for (const rule of rules) expect(rule).to.deep.include({ status: "Enabled", filter: {} });
      expect(rules[0]).to.deep.include({ abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } });
      expect(new Set(rules.map(({ id }) => id)).size).to.equal(rules.length);
    }
  });
});
