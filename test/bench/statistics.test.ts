import { expect } from "chai";
import fc from "fast-check";
import { median, percentile, rotated } from "../../bench/statistics.ts";

const VALUES = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 });

describe("the median", () => {
  it("is the value in the middle, or between the two", () => {
    expect(median([7])).to.equal(7);
    expect(median([9, 1, 5])).to.equal(5);
    expect(median([4, 1, 2, 9])).to.equal(3);
  });

  it("has as many values above it as below it", () => {
    fc.assert(
      fc.property(VALUES, (values) => {
        const middle = median(values);
        const above = values.filter((value) => value > middle).length;
        const below = values.filter((value) => value < middle).length;
        expect(Math.max(above, below)).to.be.at.most(values.length / 2);
      }),
    );
  });

  it("leaves the values in their order", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).to.deep.equal([3, 1, 2]);
  });

  it("says so when there is nothing to take it of", () => {
    expect(() => median([])).to.throw("expected values to take the median of, found none");
  });
});

describe("a percentile", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  for (const percent of [1, 50, 99, 100]) {
    it(`of ${percent} of the numbers from 1 to 100 is ${percent}`, () => {
      expect(percentile(hundred, percent)).to.equal(percent);
    });
  }

  it("is the worst value when there are too few to tell it from the others", () => {
    expect(percentile([5, 3], 99)).to.equal(5);
  });

  it("is one of the values, and so many of them do not exceed it", () => {
    fc.assert(
      fc.property(VALUES, fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const found = percentile(values, percent);
        expect(values).to.include(found);
        const within = values.filter((value) => value <= found).length;
        expect(within).to.be.at.least((percent / 100) * values.length);
      }),
    );
  });

  it("says so when there is nothing to take it of", () => {
    expect(() => percentile([], 99)).to.throw("expected values to take the percentile 99 of, found none");
  });
});

describe("taking turns", () => {
  it("lets another one be first each time, and everybody once in each place", () => {
    const turns = [0, 1, 2, 3].map((turn) => rotated(["a", "b", "c"], turn).join(""));
    expect(turns).to.deep.equal(["abc", "bca", "cab", "abc"]);
  });

  it("has nobody to rotate in an empty list", () => {
    expect(rotated([], 3)).to.deep.equal([]);
  });
});
