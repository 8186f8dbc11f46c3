import { expect } from "chai";
import fc from "fast-check";
import { DISASTERS, SWITCHES, switchedBy } from "../../../components/standby/disaster.ts";
import { standbyShareOf, weightsFor } from "../../../components/traffic/weights.ts";

const shares = fc.integer({ min: 0, max: 100 });

describe("the weights of the two sites", () => {
  it("give the standby its share, and the primary the rest", () => {
    expect(weightsFor(0)).to.deep.equal({ primary: 100, standby: 0 });
    expect(weightsFor(10)).to.deep.equal({ primary: 90, standby: 10 });
    expect(weightsFor(100)).to.deep.equal({ primary: 0, standby: 100 });
  });

  it("are Route 53's, and never both 0, whatever the share", () => {
    fc.assert(
      fc.property(shares, (share) => {
        const weights = Object.values(weightsFor(share));
        for (const weight of weights) expect(weight).to.be.within(0, 255);
        expect(Math.max(...weights)).to.be.greaterThan(0);
      }),
    );
  });
});

describe("the standby's share of a name", () => {
  it("is all or nothing by what is declared, where nobody asks for another", () => {
    for (const disaster of DISASTERS) {
      const declared = switchedBy(disaster);
      for (const moves of SWITCHES) {
        expect(standbyShareOf(moves, declared)).to.equal(declared.includes(moves) ? 100 : 0);
      }
    }
  });

  it("is the one asked for, none at all too, for the app and the content", () => {
    fc.assert(
      fc.property(shares, fc.constantFrom(...DISASTERS), (share, disaster) => {
        expect(standbyShareOf("site", switchedBy(disaster), share)).to.equal(share);
        expect(standbyShareOf("content", switchedBy(disaster), share)).to.equal(share);
      }),
    );
  });

  it("is never a part of the database's writers", () => {
    fc.assert(
      fc.property(shares, fc.constantFrom(...DISASTERS), (share, disaster) => {
        expect(standbyShareOf("database", switchedBy(disaster), share)).to.be.oneOf([0, 100]);
        expect(standbyShareOf("database", [], share)).to.equal(0);
      }),
    );
  });
});
