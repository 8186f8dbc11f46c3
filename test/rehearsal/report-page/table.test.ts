import { expect } from "chai";
import { html } from "../../../rehearsal/report-page/html.ts";
import { tableOf } from "../../../rehearsal/report-page/table.ts";

/** The cells of a table, each with its classes before it. */
function cellsOf(text: string): string[] {
  return [...text.matchAll(/<t[hd](?: scope="\w+")? class="([^"]*)">(.*?)<\/t[hd]>/g)].map(
    ([, classes, cell]) => `${classes}: ${cell}`,
  );
}

describe("a table of the page", () => {
  it("names its columns and its rows for those who have it read to them", () => {
    const { text } = tableOf("Kept", ["what", "rows"], [["found", 3]]);
    expect(text).to.include("<caption>Kept</caption>").and.include('<th scope="col"').and.include('<th scope="row"');
  });

  it("sets columns of numbers flush right, with their units, and no other ones", () => {
    const rows = [
      ["one", 12, "2.1 s", "12"],
      ["other", "6,805", "0 s", "none"],
    ];
    expect(cellsOf(tableOf("", ["what", "count", "age", "mixed"], rows).text)).to.deep.equal([
      ...["short: what", "short number: count", "short number: age", "short: mixed"],
      ...["short: one", "short number: 12", "short number: 2.1 s", "short: 12"],
      ...["short: other", "short number: 6,805", "short number: 0 s", "short: none"],
    ]);
  });

  it("lets long cells break into lines, and takes markup for short", () => {
    const rows = [["a cell of more than twelve letters", html`<b>✓ holds</b>`]];
    expect(cellsOf(tableOf("", ["", ""], rows).text).slice(2)).to.deep.equal([
      ": a cell of more than twelve letters",
      "short: <b>✓ holds</b>",
    ]);
  });

  it("is not there when it has no rows", () => {
    expect(tableOf("Kept", ["what"], []).text).to.equal("");
  });
});
