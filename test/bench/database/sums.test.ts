import { expect } from "chai";
import fc from "fast-check";
import { type Rates, terabyteSums } from "../../../bench/database/sums.ts";
import { databaseHour } from "../../../operations/costs/sizes.ts";
import { USAGE } from "../../../operations/costs/usage.ts";

const RATES: Rates = { dumpCpuSecondsPerGb: 18, dumpShare: 0.2, loadMegabytesPerSecond: 25 };

function sum(what: string, rates = RATES): number {
  const found = terabyteSums(rates).find((each) => each.what.startsWith(what));
  return found?.value ?? Number.NaN;
}

describe("the sums of a terabyte", () => {
  it("are portions of 64 MiB", () => {
    expect(sum("portions")).to.equal(14_902);
  });

  it("are the time of functions that have a processor each, eight at once", () => {
    expect(sum("functions, all their time")).to.equal(5);
    expect(sum("dump, 8 functions")).to.equal(0.625);
    expect(sum("functions, time")).to.be.closeTo(((18_000 * 1769) / 1024 / 1e6) * 13.3334, 1e-9);
  });

  it("are the hours of the replica, with those in which it comes and goes", () => {
    const hours = USAGE.replicaHours + 0.625;
    expect(sum("replica stands")).to.be.closeTo(hours, 1e-9);
    expect(sum("replica db.m7g.xlarge")).to.be.closeTo(hours * databaseHour("db.m7g.xlarge").usd, 1e-9);
  });

  it("are the hours of the load, at what a second takes in", () => {
    expect(sum("load")).to.be.closeTo(1e6 / 25 / 3600, 1e-9);
  });

  it("are the dump's way and its months on both sides", () => {
    expect(sum("dump, compressed")).to.equal(200);
    expect(sum("from AWS to Azure")).to.equal(18);
    expect(sum("kept, each month, on AWS")).to.be.closeTo(200 * 0.023, 1e-9);
  });

  it("cost no less where something takes longer or is larger", () => {
    const rate = fc.double({ min: 0.01, max: 1000, noNaN: true });
    fc.assert(
      fc.property(rate, rate, rate, (dumpCpuSecondsPerGb, dumpShare, loadMegabytesPerSecond) => {
        const slower = { dumpCpuSecondsPerGb: 2 * dumpCpuSecondsPerGb, dumpShare: 2 * dumpShare };
        const before = terabyteSums({ dumpCpuSecondsPerGb, dumpShare, loadMegabytesPerSecond });
        const after = terabyteSums({ ...slower, loadMegabytesPerSecond: loadMegabytesPerSecond / 2 });
        for (const [line, { value }] of before.entries()) expect(after[line]?.value).to.be.at.least(value);
      }),
    );
  });
});
