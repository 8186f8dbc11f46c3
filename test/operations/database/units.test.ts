import { expect } from "chai";
import fc from "fast-check";
import { count, size, span } from "../../../operations/database/units.ts";

const MINUTE = 60_000;

describe("units for people", () => {
  it("tell a span of time in its two largest units", () => {
    const spans = [0, 400, 1000, 59_600, 90 * MINUTE, 24 * 60 * MINUTE, (24 * 60 + 5) * MINUTE, 51 * 60 * MINUTE];
    expect(spans.map(span)).to.deep.equal(["0 s", "0 s", "1 s", "1 min", "1 h 30 min", "1 d", "1 d", "2 d 3 h"]);
    expect(span(-5000), "by another clock").to.equal("0 s");
  });

  it("tell a size in three digits", () => {
    expect([0, 999, 1000, 16_234_567_890, 2e15].map(size)).to.deep.equal([
      "0 B",
      "999 B",
      "1 kB",
      "16.2 GB",
      "2000 TB",
    ]);
    fc.assert(fc.property(fc.nat(), (bytes) => /^\d{1,4}(\.\d{1,2})? [kMGT]?B$/.test(size(bytes))));
  });

  it("set the thousands of a count apart", () => {
    expect(count(1_234_567)).to.equal("1,234,567");
  });
});
