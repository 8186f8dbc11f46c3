import { expect } from "chai";
import fc from "fast-check";
import type { Range } from "../../../lambdas/database/manifest.ts";
import { EVERYTHING, joined, rowsOf, whereOf } from "../../../lambdas/database/ranges.ts";

describe("the rows of a range", () => {
  const table = { schema: "shop", name: "or`der", key: { name: "PRIMARY", columns: [] } };

  it("are all of the table's without a condition", () => {
    expect(rowsOf(table, EVERYTHING)).to.equal("FROM `shop`.`or``der` FORCE INDEX (`PRIMARY`)");
  });
  it("are read by the table's key where it has one, from whatever schema it is in", () => {
    expect(rowsOf({ schema: "shop", name: "log" }, EVERYTHING, "fresh")).to.equal("FROM `fresh`.`log`");
  });
  it("begin with the first value and end before that beyond", () => {
    expect(whereOf({ equal: [], column: "id", from: "5", to: "9" })).to.equal(" WHERE `id` >= 5 AND `id` < 9");
    expect(whereOf({ equal: [], column: "id", to: "5" })).to.equal(" WHERE `id` < 5");
    expect(whereOf({ equal: [], column: "id", from: "5" })).to.equal(" WHERE `id` >= 5");
  });
  it("share the values of the columns before", () => {
    const range: Range = {
      equal: [
        ["ten`ant", "7"],
        ["kind", "_latin1 X'61'"],
      ],
      column: "id",
      from: "5",
    };
    expect(whereOf(range)).to.equal(" WHERE `ten``ant` = 7 AND `kind` = _latin1 X'61' AND `id` >= 5");
  });
});

describe("two ranges", () => {
  const equal: Range["equal"] = [["a", "1"]];
  it("are one where the second begins as the first ends", () => {
    const one = joined({ equal, column: "b", from: "1", to: "5" }, { equal, column: "b", from: "5", to: "9" });
    expect(one).to.deep.equal({ equal, column: "b", from: "1", to: "9" });
  });
  it("have no ends where they had none", () => {
    expect(joined({ equal, column: "b", to: "5" }, { equal, column: "b", from: "5" })).to.deep.equal({
      equal,
      column: "b",
    });
  });
  const apart: [what: string, first: Range, second: Range][] = [
    ["with something between", { equal, column: "b", to: "5" }, { equal, column: "b", from: "6" }],
    ["over other columns", { equal, column: "b", to: "5" }, { equal, column: "c", from: "5" }],
    ["with other values before", { equal, column: "b", to: "5" }, { equal: [["a", "2"]], column: "b", from: "5" }],
    ["of which the first ends with the table", { equal, column: "b" }, { equal, column: "b" }],
    ["of all rows", EVERYTHING, EVERYTHING],
  ];
  for (const [what, first, second] of apart) {
    it(`stay two ${what}`, () => expect(joined(first, second)).to.equal(undefined));
  }

  it("have the same rows as one that they had as two", () => {
    const end = fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined });
    fc.assert(
      fc.property(end, fc.integer({ min: 0, max: 20 }), end, (from, middle, to) => {
        const one = joined(rangeOf(from, middle), rangeOf(middle, to));
        const rows = Array.from({ length: 22 }, (_, at) => at);
        const both = rows.filter((row) => isIn(rangeOf(from, middle), row) || isIn(rangeOf(middle, to), row));
        // Two that overlap or leave a gap are never neighbours of each other in a split.
        fc.pre((from ?? 0) <= middle && middle <= (to ?? 21));
        expect(one && rows.filter((row) => isIn(one, row))).to.deep.equal(both);
      }),
    );
  });
});

function rangeOf(from: number | undefined, to: number | undefined): Range {
  const ends = {
    ...(from === undefined ? {} : { from: String(from) }),
    ...(to === undefined ? {} : { to: String(to) }),
  };
  return { equal: [], column: "id", ...ends };
}

function isIn({ from, to }: Range, row: number): boolean {
  return (from === undefined || row >= Number(from)) && (to === undefined || row < Number(to));
}
