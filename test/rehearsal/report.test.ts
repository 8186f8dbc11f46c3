import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import fc from "fast-check";
import columns from "string-width";
import { type Report, renderReport } from "../../rehearsal/report.ts";
import { runScript } from "../support/script.ts";

const REPORT: Report = {
  ok: true,
  error: undefined,
  timings: [
    { title: "Find the engine", milliseconds: 1249, result: "v3.259.0" },
    { title: "Deploy dr", milliseconds: 98_760, result: "" },
  ],
  resources: [
    { stack: "dr", name: "network", type: "azure-native:network:VirtualNetwork", actuated: true },
    { stack: "dr", name: "vault", type: "azure-native:keyvault:Vault", actuated: false },
    { stack: "prod", name: "vpc", type: "aws:ec2/vpc:Vpc", actuated: true },
  ],
  crossed: [
    { key: "index.html", bytes: 4500, milliseconds: 312 },
    { key: "日本語-🙂.txt", bytes: 209_715_200, milliseconds: 12_345 },
  ],
  answers: [
    { site: "primary", question: "health", status: 200, milliseconds: 12 },
    { site: "standby", question: "write a row", status: 201, milliseconds: 1345 },
  ],
};

const render = (report: Partial<Report> = {}, resources = false) =>
  stripVTControlCharacters(renderReport({ ...REPORT, ...report }, { resources }));

/** The rows of the table under a heading. */
function tableOf(text: string, heading: string): string[] {
  const [, rest = ""] = text.split(`${heading}\n`);
  return (rest.split(/\n\s*\n/)[0] ?? "").split("\n").filter((row) => row !== "");
}

describe("the report", () => {
  it("counts by stack what is real and what is only recorded", () => {
    expect(tableOf(render(), "Deployed")).to.deep.equal([
      "  stack  resources  real  recorded only",
      "  dr             2     1              1",
      "  prod           1     1              0",
    ]);
  });

  it("says what crossed and how fast, with names of any width in line", () => {
    expect(tableOf(render(), "Crossed from AWS to Azure")).to.deep.equal([
      "  object               bytes  seconds after the put",
      "  index.html           4,500                    0.3",
      "  日本語-🙂.txt  209,715,200                   12.3",
    ]);
  });

  it("says what each site answered to its users, and how fast", () => {
    expect(tableOf(render(), "Answered")).to.deep.equal([
      "  site     question     status  milliseconds",
      "  primary  health          200            12",
      "  standby  write a row     201          1345",
    ]);
  });

  it("says how long each step took and all of them, and its last word", () => {
    expect(tableOf(render(), "Steps")).to.deep.equal([
      "  step             seconds",
      "  Find the engine      1.2  v3.259.0",
      "  Deploy dr           98.8",
      "  all                100.0",
    ]);
  });

  it("lists every resource only when it is asked to", () => {
    expect(render()).to.not.include("Resources");
    expect(tableOf(render({}, true), "Resources")).to.include(
      "  dr     vault    azure-native:keyvault:Vault          recorded only",
    );
  });

  it("leaves out a table that has no rows", () => {
    const text = render({ crossed: [], resources: [], answers: [] }, true);
    expect(text)
      .to.include("Steps")
      .and.not.match(/Crossed|Deployed|Answered|Resources/);
  });

  it("keeps every column in line, whatever is in it", () => {
    const key = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).filter((text) => !/[\s\p{C}]/u.test(text));
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), (keys) => {
        const crossed = keys.map((each) => ({ key: each, bytes: 1, milliseconds: 100 }));
        const [head = "", ...rows] = tableOf(render({ crossed }), "Crossed from AWS to Azure");
        for (const row of rows) expect(columns(row), row).to.equal(columns(head));
      }),
    );
  });

  it("is coloured at a terminal only", async () => {
    const lines = `console.log(module.renderReport(${JSON.stringify(REPORT)}, { resources: true }));`;
    const { stdout } = await runScript("rehearsal/report.ts", lines, { PATH: process.env.PATH });
    expect(stdout).to.include("Steps");
    expect(stripVTControlCharacters(stdout)).to.equal(stdout);
  });
});
