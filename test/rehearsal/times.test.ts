import { expect } from "chai";
import fc from "fast-check";
import { durationText, momentText } from "../../rehearsal/times.ts";

describe("a duration for people", () => {
  for (const [milliseconds, text] of [
    [0, "0 s"],
    [400, "0.4 s"],
    [92_380, "92.4 s"],
    [99_949, "99.9 s"],
    [99_950, "1 min 40 s"],
    [192_000, "3 min 12 s"],
    [240_000, "4 min 0 s"],
    [3_599_499, "59 min 59 s"],
    [3_599_500, "1 h 0 min"],
    [3_900_000, "1 h 5 min"],
    [90_000_000, "25 h 0 min"],
  ] as const) {
    it(`of ${milliseconds} ms is ${text}`, () => {
      expect(durationText(milliseconds)).to.equal(text);
    });
  }

  it("is off by no more than half of its last digit, and never has 60 of anything", () => {
    const units = { h: 3_600_000, min: 60_000, s: 1000 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 * 3_600_000 }), (milliseconds) => {
        const parts = [...durationText(milliseconds).matchAll(/([\d.]+) (h|min|s)/g)].map(([, number, unit]) => ({
          number: Number(number),
          unit: unit as keyof typeof units,
        }));
        const meant = parts.reduce((sum, { number, unit }) => sum + number * units[unit], 0);
        const last = parts.length === 1 ? 100 : units[parts.at(-1)?.unit ?? "s"];
        expect(Math.abs(meant - milliseconds)).to.be.at.most(last);
        for (const { number } of parts.slice(1)) expect(number).to.be.below(60);
      }),
    );
  });
});

describe("a moment for people", () => {
  for (const [milliseconds, text] of [
    [0, "0:00"],
    [7999, "0:07"],
    [725_000, "12:05"],
    [3_599_999, "59:59"],
    [3_723_000, "1:02:03"],
    [-100, "0:00"],
  ] as const) {
    it(`at ${milliseconds} ms is ${text}`, () => {
      expect(momentText(milliseconds)).to.equal(text);
    });
  }
});
