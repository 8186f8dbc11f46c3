import { expect } from "chai";
import fc from "fast-check";
import { countOf, intervalsOf, onOneLine } from "../../../lambdas/database/gtid.ts";

const A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
const B = "4f22fa47-71ca-11e1-9e33-c80aa9429562";

describe("a set of transactions", () => {
  it("is told in its intervals, whatever its lines and letters", () => {
    expect(intervalsOf(`${A.toUpperCase()}:1-5:11,\n${B}:7`)).to.deep.equal([
      { server: A, first: 1, last: 5 },
      { server: A, first: 11, last: 11 },
      { server: B, first: 7, last: 7 },
    ]);
  });
  it("is on one line, however MySQL breaks it", () => {
    expect(onOneLine(`${A}:1-5:11,\n${B}:7`)).to.equal(`${A}:1-5:11,${B}:7`);
    expect(onOneLine("")).to.equal("");
  });
  it("keeps tags apart", () => {
    expect(intervalsOf(`${A}:1-2:nightly:4-5`)).to.deep.equal([
      { server: A, first: 1, last: 2 },
      { server: `${A}:nightly`, first: 4, last: 5 },
    ]);
  });
  it("counts every transaction once", () => {
    expect(countOf("")).to.equal(0);
    const interval = fc.tuple(fc.nat(1000), fc.nat(1000));
    fc.assert(
      fc.property(fc.array(interval), (intervals) => {
        const set = intervals.map(([first, more]) => `${A}:${first}-${first + more}`).join(",");
        expect(countOf(set)).to.equal(intervals.reduce((sum, [, more]) => sum + more + 1, 0));
      }),
    );
  });
});
