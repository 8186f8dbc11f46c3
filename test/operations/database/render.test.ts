import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import type { Complete } from "../../../operations/database/choice.ts";
import type { LookedAt } from "../../../operations/database/dumps.ts";
import { renderChoice, renderDumps, renderLoaded, reportOf } from "../../../operations/database/render.ts";
import { manifestOf } from "./dumps-on.ts";

const NOW = new Date("2026-11-21T14:35:00Z");

function lookedAt(begun: string, faults: string[] = []): LookedAt & Complete {
  const manifest = manifestOf(begun);
  return { kind: manifest.kind, dump: manifest.dump, begunAt: new Date(begun), manifest, faults };
}

const good = lookedAt("2026-11-21T02:15:00Z");
const bad = lookedAt("2026-11-20T02:15:00Z", ["definitions.json.zst is missing"]);
const { manifest: _, ...unread } = { ...bad, faults: ["no manifest can be read"] };

describe("the dumps, for people", () => {
  it("are a table, and the faults of each that has some", () => {
    const lines = stripVTControlCharacters(renderDumps([good, bad, unread], NOW)).split("\n");
    expect(lines[2]).to.match(/20261121T021500Z +daily +12 h 20 min +300 +3 B +1 +complete +3e11fa47/);
    expect(lines[3]).to.match(/20261120T021500Z +daily +1 d 12 h .* 1 faults/);
    expect(lines.join("\n")).to.include("daily 20261120T021500Z:\n  definitions.json.zst is missing");
  });

  it("are none at first", () => {
    expect(renderDumps([], NOW)).to.equal("There is no dump on Azure yet.");
  });

  it("are told to machines without their chunks", () => {
    const report = reportOf(good);
    expect(report).to.include({ dump: "20261121T021500Z", complete: true, rows: 300, chunks: 3 });
    expect(report.obstacles?.length).to.equal(1);
    expect(reportOf(unread)).to.deep.equal({
      ...{ dump: "20261120T021500Z", kind: "daily", begunAt: "2026-11-20T02:15:00.000Z", complete: false },
      faults: ["no manifest can be read"],
    });
  });
});

describe("the dump that was chosen, for people", () => {
  it("is told with its age, its state, and what the primary was not ready for", () => {
    const text = renderChoice({ chosen: good, passedOver: [] }, NOW);
    expect(text).to.include("From the daily dump 20261121T021500Z, begun 12 h 20 min ago:");
    expect(text).to.include("300 rows in 3 chunks, 3 B; schemas: app, shop");
    expect(text).to.include("state: 3e11fa47-71ca-11e1-9e33-c80aa9429562:1-77");
    expect(text).to.include("warning: shop.logs: it has no key; give it one");
  });

  it("comes after those that are newer and not complete", () => {
    const text = renderChoice({ chosen: good, passedOver: [bad] }, NOW);
    expect(text).to.match(/^Passed over, for it is not complete: daily 20261120T021500Z\.\n {2}definitions/);
  });
});

describe("what came of a load, for people", () => {
  it("is told with what is not as at the primary", () => {
    expect(renderLoaded("20261121T021500Z")).to.equal("Loaded and verified: 20261121T021500Z.");
    const differences = ["account `app`@`%` lacks SUPER"];
    expect(renderLoaded("20261121T021500Z", { rows: 3000, differences })).to.equal(
      "Loaded and verified: 20261121T021500Z, 3,000 rows.\nNot as at the primary:\n  account `app`@`%` lacks SUPER",
    );
  });
});
