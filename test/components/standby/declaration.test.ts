import { expect } from "chai";
import fc from "fast-check";
import { DECLARED, markerPath, markerText } from "../../../components/standby/declaration.ts";
import { DISASTERS, SWITCHES } from "../../../components/standby/disaster.ts";

describe("a declaration", () => {
  it("has a place of its own for each switched name", () => {
    expect(SWITCHES.map(markerPath)).to.deep.equal([
      "declared/database.json",
      "declared/content.json",
      "declared/site.json",
    ]);
  });

  it("says what, why and who, and when never", () => {
    const text = markerText({ disaster: "site", why: "AWS is down", by: "platform-team" });
    expect(JSON.parse(text)).to.deep.equal({
      declared: true,
      disaster: "site",
      why: "AWS is down",
      by: "platform-team",
    });
  });

  it("has what health checks look for at its very beginning, whatever is declared", () => {
    fc.assert(
      fc.property(fc.constantFrom(...DISASTERS), fc.string(), fc.string(), (disaster, why, by) => {
        const text = markerText({ disaster, why, by });
        expect(text.indexOf(DECLARED)).to.equal(1);
        expect(JSON.parse(text)).to.include({ why, by });
      }),
    );
  });
});
