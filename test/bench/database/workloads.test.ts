import { expect } from "chai";
import { workloads } from "../../../bench/database/workloads.ts";

describe("the workloads of databases", () => {
  const sizes = (quick: boolean) => workloads({ quick }).map(({ name, rows, tables }) => [name, rows, tables]);

  it("are one large table, a schema of many, and rows that are wide", () => {
    expect(sizes(false)).to.deep.equal([
      ["1000000-rows", 1_000_000, 1],
      ["200-tables", 400_000, 200],
      ["20000-wide-rows", 20_000, 1],
    ]);
  });

  it("are a tenth of the rows, or a fifth of the tables, when it has to be quick", () => {
    expect(sizes(true)).to.deep.equal([
      ["100000-rows", 100_000, 1],
      ["40-tables", 80_000, 40],
      ["2000-wide-rows", 2000, 1],
    ]);
  });

  it("make as many tables as they say, and fill each", () => {
    for (const { statements, tables } of workloads({ quick: true })) {
      const made = statements.filter((statement) => statement.startsWith("CREATE TABLE shop."));
      const filled = statements.filter((statement) => statement.startsWith("INSERT "));
      expect([made.length, filled.length]).to.deep.equal([tables, tables]);
    }
  });
});
