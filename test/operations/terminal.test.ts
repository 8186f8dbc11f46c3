import { expect } from "chai";
import { progress } from "../../operations/terminal.ts";

/** A line, what it wrote, and its clock. */
function lineOn(isTTY: boolean) {
  const written: string[] = [];
  const clock = { now: 0 };
  const output = { isTTY, columns: 20, write: (text: string) => written.push(text) > 0 };
  return { written, clock, line: progress(output as never, () => clock.now) };
}

describe("the line that tells how far the work is", () => {
  it("is written anew on a terminal, no wider than that, and taken away at the end", () => {
    const { written, line, clock } = lineOn(true);
    line.show("rows: 1 of 3000000000000");
    line.show("too soon to be seen");
    clock.now = 100;
    line.show("keys: 1 of 2");
    line.end();
    expect(written).to.deep.equal(["\r\u001b[Krows: 1 of 30000000", "\r\u001b[Kkeys: 1 of 2", "\r\u001b[K"]);
  });

  it("is one line for each change but of a number where there is no terminal, and one each minute", () => {
    const { written, line, clock } = lineOn(false);
    line.show("asked");
    line.show("rows: 1 of 1,200 (0 %)");
    clock.now = 59_999;
    line.show("rows: 700 of 1,200 (58 %)");
    clock.now = 60_000;
    line.show("rows: 701 of 1,200 (58 %)");
    line.show("keys: 1 of 2 (50 %)");
    line.end();
    expect(written).to.deep.equal([
      ...["asked\n", "rows: 1 of 1,200 (0 %)\n", "rows: 701 of 1,200 (58 %)\n", "keys: 1 of 2 (50 %)\n"],
    ]);
  });
});
