import { expect } from "chai";
import { chainOf } from "../../../rehearsal/report-page/chain.ts";

/** Where the bars of a chain begin and how long they are, in percent. */
function barsOf(text: string): number[][] {
  return [...text.matchAll(/margin-left:([\d.]+)%;width:([\d.]+)%/g)].map(([, ...numbers]) => numbers.map(Number));
}

describe("the chain of what users waited for", () => {
  it("has each bar begin where the one before it ends, all of them as long as the wait", () => {
    const { text } = chainOf(
      [
        { what: "the word", seconds: 20 },
        { what: "the database", seconds: 120, source: "measured" },
        { what: "resolvers", seconds: 60 },
      ],
      "the database.",
    );
    expect(barsOf(text)).to.deep.equal([
      [0, 10],
      [10, 60],
      [70, 30],
    ]);
    expect(text).to.include("the database <small>(measured)</small>").and.include("<b>2 min 0 s</b>");
    expect(text).to.include("All of the chain: <b>3 min 20 s</b>").and.include("<b>The limit:</b> the database.");
  });

  it("is no longer than the wait, though every share is rounded", () => {
    const bars = barsOf(chainOf(Array(7).fill({ what: "a part", seconds: 1 }), "").text);
    for (const [left = 0, width = 0] of bars) expect(left + width).to.be.at.most(100.1);
  });

  it("has bars without a length where nobody waited", () => {
    expect(barsOf(chainOf([{ what: "nothing", seconds: 0 }], "").text)).to.deep.equal([[0, 0]]);
  });
});
