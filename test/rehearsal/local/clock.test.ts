import { expect } from "chai";
import fc from "fast-check";
import { Clock } from "../../../rehearsal/local/clock.ts";

describe("the clock of the local clouds", () => {
  it("goes at the users' own pace when nothing is said", () => {
    expect([new Clock().speed, new Clock().scaled(30), new Clock().unscaled(30)]).to.deep.equal([1, 30, 30]);
  });

  it("makes what users would wait for shorter, and tells how long it would have been", () => {
    const clock = new Clock(60);
    expect(clock.scaled(120_000)).to.equal(2000);
    expect(clock.unscaled(2000)).to.equal(120_000);
  });

  it("comes back to the same time, at any speed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.nat(10_000_000), (speed, time) => {
        const clock = new Clock(speed);
        expect(clock.unscaled(clock.scaled(time))).to.be.closeTo(time, 1e-6);
      }),
    );
  });

  it("is never slower than for users, nor so fast that nothing can be told apart", () => {
    for (const speed of [0, 0.5, -1, 1001, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new Clock(speed)).to.throw(`expected a speed from 1 to 1000, found ${speed}`);
    }
  });
});
