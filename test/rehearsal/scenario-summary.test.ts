import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import type { ScenarioReport } from "../../rehearsal/scenario-report.ts";
import { renderSummary } from "../../rehearsal/scenario-summary.ts";
import { sampleReport } from "../support/scenario-report.ts";
import { emptyReport } from "../support/spoilt-reports.ts";

const render = (report: ScenarioReport) => stripVTControlCharacters(renderSummary(report, { resources: false }));

/** The rows of the table under a heading. */
function tableOf(text: string, heading: string): string[] {
  const [, rest = ""] = text.split(`${heading}\n`);
  return (rest.split(/\n\s*\n/)[0] ?? "").split("\n");
}

describe("the summary of a scenario", () => {
  it("goes from how the run went to what it came to, with the verdict last", () => {
    const text = render(sampleReport());
    const headings = text.split("\n").filter((line) => /^\S/.test(line));
    expect(headings).to.deep.equal([
      "Deployed",
      "Crossed from AWS to Azure",
      "Answered",
      "Steps",
      "Timeline of site, pilot-light",
      "Requests",
      "Kept",
      "What users waited for",
      "Result",
      "What had to be so",
      "Passed: 5 of 5 assertions hold.",
    ]);
    expect(text.endsWith("\nPassed: 5 of 5 assertions hold.\n")).to.equal(true);
  });

  it("tells the timeline in the order of time, with how long each thing took", () => {
    const rows = tableOf(render(sampleReport()), "Timeline of site, pilot-light");
    expect(rows.slice(0, 2)).to.deep.equal([
      "  time   who         what",
      "  0:00   users       begin to write 10 orders per second",
    ]);
    expect(rows).to.include("  1:15   operator    up of the stack dr (15.0 s)");
    const times = rows.slice(1).map((row) => row.trim().split(" ")[0]?.padStart(5, "0"));
    expect(times).to.have.length(22).and.deep.equal(times.toSorted());
  });

  it("gives the links of the chain and the limit", () => {
    const text = render(sampleReport());
    expect(tableOf(text, "What users waited for")[2]).to.match(/^ {2}the stopped database starts +120\.0$/);
    expect(text).to.include("  The limit: the start of the stopped database; a warm standby has none,");
  });

  it("shows every assertion with what was found, and which fail", () => {
    const report = sampleReport();
    const [first, ...others] = report.assertions;
    const failing = { ...report, ok: false, assertions: [{ what: "", found: "", ...first, ok: false }, ...others] };
    const text = render(failing);
    const rows = tableOf(text, "What had to be so");
    expect(rows[1]).to.match(
      /^ {2}FAILS {2}users are served from the standby at most 5 min after the word +3 min 38 s$/,
    );
    expect(rows[2]).to.match(/^ {2}holds {2}no AWS API is asked before the standby serves +0 requests$/);
    expect(text).to.include("Failed: 4 of 5 assertions hold.");
  });

  it("has the times that users would have, however fast the run was", () => {
    const ordinary = render(sampleReport());
    const fast = render(sampleReport(4));
    const heading = "Timeline of site, pilot-light";
    const said = `${heading}, 4 times as fast as for users; times as users would have them`;
    expect(tableOf(fast, said)).to.deep.equal(tableOf(ordinary, heading));
    expect(tableOf(fast, "Result")).to.include("  RTO from the word              3 min 38 s (54.5 s here)");
  });

  it("leaves out what there is nothing of", () => {
    const headings = render(emptyReport())
      .split("\n")
      .filter((line) => /^\S/.test(line));
    expect(headings).to.deep.equal(["Deployed", "Steps", "Broken off before anything was asserted."]);
  });
});
