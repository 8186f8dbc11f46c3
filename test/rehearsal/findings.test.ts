import { expect } from "chai";
import { headline, keptLines, requestLines, timeText, verdictText } from "../../rehearsal/findings.ts";
import { sampleReport } from "../support/scenario-report.ts";
import { emptyReport } from "../support/spoilt-reports.ts";

const { measured } = sampleReport();

describe("the findings of a scenario", () => {
  it("begin with the figures that it is judged by", () => {
    expect(headline(measured, 1).map(({ what, value }) => [what, value])).to.deep.equal([
      ["RTO from the word", "3 min 38 s"],
      ["RTO from the loss", "3 min 53 s"],
      ["RPO of the orders", "2.1 s"],
      ["RPO of the objects", "0 s"],
      ["longest time without an order", "3 min 53 s"],
      ["requests failed", "2,533 of 12,345"],
    ]);
  });

  it("leave out the figures that can't be said", () => {
    expect(headline(emptyReport().measured, 1)).to.deep.equal([{ what: "requests failed", value: "0 of 0" }]);
  });

  it("give times as users would have them, and beside them what passed here where that is another", () => {
    expect(timeText(1)(218_000)).to.equal("3 min 38 s");
    expect(timeText(10)(21_800)).to.equal("3 min 38 s (21.8 s here)");
  });

  it("say what became of the requests, failure by failure", () => {
    expect(requestLines(measured)).to.deep.equal([
      ["requests sent", "12,345"],
      ["answered well", "9,812"],
      ["failed", "2,533"],
      ["failed: ECONNREFUSED", "2,101"],
      ["failed: no answer within 2000 ms", "400"],
      ["failed: status 503", "32"],
      ["orders begun", "6,805"],
      ["orders confirmed", "6,805"],
      ["orders never confirmed", "0"],
      ["objects put", "680"],
      ["puts that failed", "19"],
    ]);
  });

  it("say what is kept of the orders and of the objects", () => {
    expect(keptLines(measured, 1)).to.deep.equal([
      ["confirmed", "6,805", "661"],
      ["found", "6,786", "661"],
      ["confirmed, but missing", "21", "0"],
      ["found with other bytes", "0", "0"],
      ["age of the oldest lost one", "2.1 s", "0 s"],
      ["lost after the takeover", "0", "0"],
      ["found twice", "0", "0"],
      ["found, though never confirmed", "2", "0"],
    ]);
  });

  it("say so where nobody looked", () => {
    for (const [, ...cells] of keptLines({ ...measured, rows: undefined, objects: undefined }, 1)) {
      expect(cells).to.deep.equal(["not looked at", "not looked at"]);
    }
  });

  it("give the verdict, which is no failure of what held where the run was broken off", () => {
    const [good, bad] = [true, false].map((ok) => ({ what: "", ok, found: "" }));
    const of = (ok: boolean, ...assertions: (typeof good)[]) =>
      verdictText({ ok, assertions: assertions.filter((each) => each !== undefined) });
    expect(of(true, good, good)).to.equal("Passed: 2 of 2 assertions hold");
    expect(of(false, good, bad)).to.equal("Failed: 1 of 2 assertions hold");
    expect(of(false, good)).to.equal("Broken off; until then 1 of 1 assertions hold");
    expect(of(false)).to.equal("Broken off before anything was asserted");
  });
});
