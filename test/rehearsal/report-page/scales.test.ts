import { expect } from "chai";
import fc from "fast-check";
import { linear, piecewise, ticks } from "../../../rehearsal/report-page/scales.ts";

describe("an even scale", () => {
  it("maps one range to the other", () => {
    const scale = linear({ from: 1000, to: 3000 }, { from: 50, to: 150 });
    expect([1000, 1500, 3000].map(scale)).to.deep.equal([50, 75, 150]);
  });

  it("has everything of an empty range at its beginning", () => {
    expect(linear({ from: 5, to: 5 }, { from: 50, to: 150 })(5)).to.equal(50);
  });
});

describe("a scale by points", () => {
  const points = [
    { time: 0, place: 10 },
    { time: 100, place: 20 },
    { time: 100, place: 40 },
    { time: 300, place: 60 },
  ];

  it("goes evenly from one point to the next, and no further than the first and the last", () => {
    expect([-50, 0, 50, 200, 300, 999].map(piecewise(points))).to.deep.equal([10, 10, 15, 50, 60, 60]);
  });

  it("has a moment of several points at the last of them", () => {
    expect(piecewise(points)(100)).to.equal(40);
  });

  it("never turns back", () => {
    const point = fc.record({ time: fc.nat(1000), place: fc.nat(1000) });
    const sorted = (numbers: number[]) => numbers.toSorted((one, other) => one - other);
    fc.assert(
      fc.property(fc.array(point, { minLength: 1 }), fc.nat(1000), fc.nat(1000), (given, one, other) => {
        const places = sorted(given.map(({ place }) => place));
        const times = sorted(given.map(({ time }) => time));
        const scale = piecewise(times.map((time, index) => ({ time, place: places[index] as number })));
        expect(scale(Math.min(one, other))).to.be.at.most(scale(Math.max(one, other)));
      }),
    );
  });
});

describe("ticks", () => {
  const seconds = (range: { from: number; to: number }, most: number) => ticks(range, most).map((time) => time / 1000);

  it("are at round moments, as many as there is room for", () => {
    expect(seconds({ from: 0, to: 700_000 }, 7)).to.deep.equal([0, 120, 240, 360, 480, 600]);
    expect(seconds({ from: 0, to: 4000 }, 7)).to.deep.equal([0, 1, 2, 3, 4]);
    expect(seconds({ from: -7000, to: 16_000 }, 7)).to.deep.equal([-5, 0, 5, 10, 15]);
  });

  it("are weeks apart at most", () => {
    const day = 86_400_000;
    expect(ticks({ from: 0, to: 15 * day }, 4)).to.deep.equal([0, 7 * day, 14 * day]);
  });

  it("are within the range, evenly apart, and no more than asked for", () => {
    const from = fc.integer({ min: -10_000_000, max: 10_000_000 });
    fc.assert(
      fc.property(
        from,
        fc.integer({ min: 1, max: 80_000_000 }),
        fc.integer({ min: 2, max: 12 }),
        (begin, length, most) => {
          const found = ticks({ from: begin, to: begin + length }, most);
          expect(found.length).to.be.at.most(most);
          for (const time of found) expect(time).to.be.within(begin, begin + length);
          const steps = new Set(found.slice(1).map((time, index) => time - (found[index] as number)));
          expect(steps.size).to.be.at.most(1);
        },
      ),
    );
  });
});
