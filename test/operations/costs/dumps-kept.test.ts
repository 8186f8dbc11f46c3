import { expect } from "chai";
import fc from "fast-check";
import { dumpsKept } from "../../../operations/costs/dumps-kept.ts";

const days = fc.integer({ min: 3, max: 4000 });

describe("the dumps that stand at once", () => {
  it("are two weeks of days, five weeks and thirteen months, as the settings are by default", () => {
    expect(dumpsKept({ dailyDumps: 14, weeklyDumps: 35, monthlyDumps: 400 })).to.be.closeTo(29.6, 0.05);
  });

  it("are one for each night, where all kinds are kept alike", () => {
    fc.assert(
      fc.property(days, (kept) => {
        const dumps = dumpsKept({ dailyDumps: kept, weeklyDumps: kept, monthlyDumps: kept });
        expect(dumps).to.be.closeTo(kept, 1e-6);
      }),
    );
  });

  it("are no fewer when any is kept longer", () => {
    fc.assert(
      fc.property(days, days, days, fc.nat(100), (dailyDumps, weeklyDumps, monthlyDumps, more) => {
        const dumps = dumpsKept({ dailyDumps, weeklyDumps, monthlyDumps });
        expect(dumpsKept({ dailyDumps, weeklyDumps, monthlyDumps }, (kept) => kept + more)).to.be.closeTo(
          dumps + more,
          1e-6,
        );
      }),
    );
  });
});
