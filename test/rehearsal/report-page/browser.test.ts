import { expect } from "chai";
import { audit } from "../../../policy/audit/audit.ts";
import { verdictText } from "../../../rehearsal/findings.ts";
import { renderPage } from "../../../rehearsal/report-page/page.ts";
import { defaultPeople } from "../../support/audited-stacks.ts";
import { lookAt, type Opened, useBrowser } from "../../support/browser.ts";
import { deployedDefaults } from "../../support/estates.ts";
import { sampleReport } from "../../support/scenario-report.ts";
import { crowdedReport, emptyReport, hostileReport } from "../../support/spoilt-reports.ts";

/** Width, which drawing is shown at it, and the least height of its letters, all in pixels. */
const VIEWS = [
  { width: 320, media: "screen", drawing: "tall", letters: 12 },
  { width: 360, media: "screen", drawing: "tall", letters: 12 },
  { width: 600, media: "screen", drawing: "middle", letters: 11 },
  { width: 700, media: "screen", drawing: "middle", letters: 12 },
  { width: 1200, media: "screen", drawing: "wide", letters: 12 },
  // A4 without its margins, and 7.5 pt as in footnotes.
  { width: 703, media: "print", drawing: "wide", letters: 10 },
] as const;

const REPORTS = {
  "an ordinary report": sampleReport(),
  "a report of a run that was ten times as fast": sampleReport(10),
  "a report whose texts were made to do harm": hostileReport(),
  "a report of a run that ended before it began": emptyReport(),
  "a report with a thousand events": crowdedReport(1000),
};

describe("the page of the report, in a browser", () => {
  const browser = useBrowser();

  for (const [name, report] of Object.entries(REPORTS)) {
    describe(`of ${name}`, () => {
      let opened: Opened;
      before(async () => {
        opened = await browser.open(renderPage(report));
      });
      after(() => opened.page.close());

      it("asks for nothing, runs nothing, and has nothing to complain of", async () => {
        const { page, url, requests, complaints } = opened;
        const active = "script, img, iframe, object, embed, base, [onerror], [onload], link:not([href='data:,'])";
        expect(await page.locator(active).count()).to.equal(0);
        expect(requests).to.deep.equal([url]);
        expect(complaints).to.deep.equal([]);
      });

      it("shows the verdict, every assertion and every event in words, whatever is in them", async () => {
        const { page } = opened;
        expect(await page.title()).to.equal(`Rehearsal: ${report.scenario}, ${report.strategy}`);
        const shown = await page.locator("body").innerText();
        expect(shown).to.include(`${report.ok ? "✓" : "✗"} ${verdictText(report)}`);
        for (const { what, found } of report.assertions) expect(shown).to.include(what).and.include(found);
        for (const { what } of report.timeline.events) expect(shown).to.include(what);
        for (const { what } of report.criticalPath) expect(shown).to.include(what);
      });

      for (const { width, media, drawing, letters } of VIEWS) {
        it(`fits ${width} px of ${media}, with one drawing that can be read`, async () => {
          const sight = await lookAt(opened.page, width, media);
          expect(sight.width).to.be.at.most(width);
          expect(sight.drawings).to.deep.equal([drawing]);
          expect(sight.smallest).to.be.at.least(letters);
          expect(sight.covered, "text covers text").to.deep.equal([]);
          expect(sight.outside, "text is cut off").to.deep.equal([]);
          expect(sight.ragged, "text does not end flush right").to.deep.equal([]);
        });
      }
    });
  }

  describe("of a report with the audit", () => {
    let opened: Opened;
    before(async () => {
      const audited = audit({ people: defaultPeople(), resources: await deployedDefaults() });
      opened = await browser.open(renderPage({ ...sampleReport(), audit: audited }));
    });
    after(() => opened.page.close());

    it("says in a section who can delete every copy, with a picture", async () => {
      const section = opened.page.locator("#audit");
      expect(await section.innerText()).to.include("Passed: nobody alone reaches every copy of shop content");
      expect(await section.locator("svg.audit rect.copy").count()).to.be.at.least(7);
    });

    for (const { width, media, drawing } of VIEWS) {
      it(`fits ${width} px of ${media}, the picture in a frame of its own`, async () => {
        const sight = await lookAt(opened.page, width, media);
        expect(sight.width).to.be.at.most(width);
        expect(sight.drawings).to.deep.equal([drawing, "audit"]);
      });
    }
  });

  it("unfolds how the run went on the machine when it is asked to", async () => {
    const { page } = await browser.open(renderPage(sampleReport()));
    const step = page.getByText("112 resources");
    expect(await step.isVisible()).to.equal(false);
    await page.getByText("How the run went on the machine").click();
    expect(await step.isVisible()).to.equal(true);
    await page.close();
  });
});
