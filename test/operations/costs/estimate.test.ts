import { expect } from "chai";
import fc from "fast-check";
import { DISASTERS } from "../../../components/standby/disaster.ts";
import { STRATEGIES } from "../../../components/standby/standby-plan.ts";
import { byStrategy, estimate, readiness, totalsOf } from "../../../operations/costs/estimate.ts";
import { anySites, primaryWith, standbyWith } from "./sites.ts";

/** Sums of the same lines in another order differ by so much. */
const NOTHING = 1e-6;

const disasters = fc.constantFrom(...DISASTERS);

describe("the estimate", () => {
  it("never has a declaration cost less than none", () => {
    fc.assert(
      fc.property(anySites(16_384), disasters, ({ primary, standby }, disaster) => {
        const none = totalsOf(readiness(primary, standby, "none"));
        const declared = totalsOf(readiness(primary, standby, disaster));
        for (const part of ["site", "replication", "vpn", "all"] as const) {
          expect(declared[part], part).to.be.at.least(none[part] - NOTHING);
        }
      }),
    );
  });

  it("never has a loss of the site cost less than a loss of its content", () => {
    fc.assert(
      fc.property(anySites(16_384), ({ primary, standby }) => {
        const content = totalsOf(readiness(primary, standby, "content")).all;
        expect(totalsOf(readiness(primary, standby, "site")).all).to.be.at.least(content - NOTHING);
      }),
    );
  });

  it("never has a dearer strategy of a kind cost less than the cheaper one, while nothing is declared", () => {
    fc.assert(
      fc.property(anySites(16_384), ({ primary, standby }) => {
        const { strategies } = estimate(primary, standby);
        const all = byStrategy((strategy) => strategies[strategy].totals.all);
        // The database asleep between its loads; and live.
        expect(all["pilot-light"]).to.be.at.least(all["backup-restore"]);
        expect(all["active-active"]).to.be.at.least(all["warm-standby"]);
      }),
    );
  });

  it("never has a dearer strategy cost less than a cheaper one with a database of usual size", () => {
    fc.assert(
      fc.property(anySites(500), ({ primary, standby }) => {
        const kept = { copyRetentionDays: 30, immutabilityDays: 30 };
        const { strategies } = estimate(primary, { ...standby, ...kept });
        const all = STRATEGIES.map((strategy) => strategies[strategy].totals.all);
        expect(all).to.deep.equal(all.toSorted((one, other) => one - other));
      }),
    );
  });

  it("has a load each night cost more than all that a warm standby has besides, from 2 TiB of storage on", () => {
    const dearer = (databaseStorageGib: number) => {
      const { strategies } = estimate(primaryWith({ databaseStorageGib }), standbyWith({ databaseStorageGib }));
      return strategies["pilot-light"].totals.all > strategies["warm-standby"].totals.all;
    };
    expect([1792, 2048].map(dearer)).to.deep.equal([false, true]);
  });

  it("has a drill cost no more than its disaster: it moves nobody", () => {
    fc.assert(
      fc.property(anySites(16_384), disasters, ({ primary, standby }, disaster) => {
        const rehearsed = disaster === "none" ? "site" : disaster;
        const monthly = (drill: boolean) =>
          Object.values(readiness(primary, standby, drill ? disaster : rehearsed, drill))
            .flat()
            .reduce((sum, line) => sum + line.monthly, 0);
        expect(monthly(true)).to.be.at.most(monthly(false) + 1e-9);
      }),
    );
  });

  it("has no line that is not a number, or below nothing", () => {
    fc.assert(
      fc.property(anySites(16_384), disasters, ({ primary, standby }, disaster) => {
        for (const { what, monthly } of Object.values(readiness(primary, standby, disaster)).flat()) {
          expect(Number.isFinite(monthly) && monthly > 0, what).to.equal(true);
        }
      }),
    );
  });

  it("says what the default workload costs, beside its targets", () => {
    const { strategies } = estimate(primaryWith(), standbyWith());
    const rounded = byStrategy((strategy) => Math.round(strategies[strategy].totals.all));
    expect(rounded).to.deep.equal({
      "backup-restore": 213,
      "pilot-light": 340,
      "warm-standby": 1024,
      "active-active": 1955,
    });
  });

  it("has the same whatever strategy the stack file names, and remembers that", () => {
    const one = estimate(primaryWith(), standbyWith({ strategy: "pilot-light" }));
    const other = estimate(primaryWith(), standbyWith({ strategy: "active-active" }));
    expect(other.strategies).to.deep.equal(one.strategies);
    expect([one.chosen, other.chosen]).to.deep.equal(["pilot-light", "active-active"]);
  });
});
