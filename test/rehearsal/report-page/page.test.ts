import { expect } from "chai";
import { renderPage } from "../../../rehearsal/report-page/page.ts";
import { sampleReport } from "../../support/scenario-report.ts";
import { emptyReport } from "../../support/spoilt-reports.ts";

const headingsOf = (page: string) => [...page.matchAll(/<(?:h2|summary)>(.*?)</g)].map(([, heading]) => heading);

/** The drawing of a class. */
const drawingOf = (page: string, name: string) =>
  new RegExp(`<svg class="${name}".*?</svg>`, "s").exec(page)?.[0] ?? "";

describe("the page of the report", () => {
  const page = renderPage(sampleReport());

  it("goes from the figures to the run itself", () => {
    expect(headingsOf(page)).to.deep.equal([
      "What happened when",
      "What users waited for",
      "What had to be so",
      "Requests, orders and objects",
      "How the run went on the machine",
    ]);
    expect(page).to.include("<dt>RTO from the word</dt><dd>3 min 38 s</dd>");
  });

  it("leaves out what there is nothing of", () => {
    expect(headingsOf(renderPage(emptyReport()))).to.deep.equal(["What happened when", "Requests, orders and objects"]);
  });

  it("lets a browser fetch nothing and run nothing", () => {
    expect(page).to.include(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
  });

  it("says that it passed or failed, and why", () => {
    expect(page).to.include("✓ Passed: 5 of 5 assertions hold</span>");
    const failed = renderPage({ ...sampleReport(), ok: false, error: "the engine ended with 255" });
    expect(failed)
      .to.include("✗ Broken off; until then 5 of 5 assertions hold</span>")
      .and.include('<p class="bad">the engine ended with 255</p>');
  });

  it("says how fast the run was, where that is another pace than the users'", () => {
    expect(page).to.not.include("as fast");
    const fast = renderPage(sampleReport(10));
    expect(fast).to.include("Time went 10 times as fast in this run.").and.include("3 min 38 s (21.8 s here)");
  });

  it("shows every event and every stretch in each of its drawings", () => {
    const { timeline, measured } = sampleReport();
    const things = timeline.events.length + timeline.spans.length;
    for (const name of ["middle", "wide"]) {
      const drawing = drawingOf(page, name);
      // Four more are what was measured.
      expect(drawing.match(/class="mark/g), name).to.have.length(things + 4);
      expect(drawing, name).to.include("the standby, 5 min 43 s").and.include("nobody, 3 min 53 s");
    }
    expect(drawingOf(page, "tall").match(/<circle/g)).to.have.length(things + 4 + measured.served.length);
  });

  it("has the drawings in words for those who do not see them", () => {
    expect(drawingOf(page, "wide")).to.include(
      "Orders were confirmed by the primary from 0:00 to 1:00, then nobody from 1:00 to 4:53, then the standby " +
        "from 4:53 to 10:36, then both sites from 10:36 to 10:46, then the primary from 10:46 to 11:40.",
    );
  });

  it("gives no id twice", () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).to.equal(ids.length).and.be.above(0);
  });
});
