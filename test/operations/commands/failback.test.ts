import { expect } from "chai";
import fc from "fast-check";
import { WrongUsage } from "../../../operations/command.ts";
import { shiftIn } from "../../../operations/commands/failback.ts";

describe("how a failback is told to move users", () => {
  it("is all at once, where no shares are given", () => {
    expect(shiftIn({})).to.deep.equal({ shares: [], dwell: 300, settle: 60 });
  });

  it("is share by share, each for five minutes or as long as is said", () => {
    expect(shiftIn({ shares: "90,50,10" })).to.deep.equal({ shares: [90, 50, 10], dwell: 300, settle: 60 });
    expect(shiftIn({ shares: "50", dwell: "0" })).to.deep.equal({ shares: [50], dwell: 0, settle: 60 });
    expect(shiftIn({ shares: "99, 1", dwell: "86400", settle: "0.5" })).to.deep.equal({
      ...{ shares: [99, 1], dwell: 86_400, settle: 0.5 },
    });
  });

  for (const shares of ["", "100", "0", "-5", "50,0", "50,50", "10,90", "12.5", "90,,10", "half", "90;50"]) {
    it(`takes no shares "${shares}"`, () => {
      expect(() => shiftIn({ shares }))
        .to.throw(WrongUsage)
        .with.property("message", `--shares: expected whole numbers below 100 that fall, as 90,50,10, found ${shares}`);
    });
  }

  for (const option of ["dwell", "settle"]) {
    for (const time of ["", "-1", "86401", "5m", "NaN"]) {
      it(`takes no --${option} of "${time}"`, () => {
        expect(() => shiftIn({ shares: "50", [option]: time }))
          .to.throw(WrongUsage)
          .with.property("message", `--${option}: expected seconds, 0 to 86400, found ${time}`);
      });
    }
  }

  it("only ever takes users away from the standby", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -10, max: 110 }), { minLength: 1 }), (shares) => {
        const text = shares.join(",");
        const falls = [100, ...shares, 0].every((share, index, all) => index === 0 || share < Number(all[index - 1]));
        if (falls) expect(shiftIn({ shares: text }).shares).to.deep.equal(shares);
        else expect(() => shiftIn({ shares: text })).to.throw(WrongUsage);
      }),
    );
  });
});
