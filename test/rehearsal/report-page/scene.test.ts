import { expect } from "chai";
import { sceneOf } from "../../../rehearsal/report-page/scene.ts";
import { sampleReport } from "../../support/scenario-report.ts";
import { emptyReport } from "../../support/spoilt-reports.ts";

describe("the scene of the drawings", () => {
  it("has what was measured besides what was told: how long users waited, and what was lost", () => {
    const measured = sceneOf(sampleReport()).items.filter((item) => item.measured);
    expect(measured.map(({ lane, from, to, text }) => [lane, from, to, text])).to.deep.equal([
      ["RPO", 57_900, 60_000, "of orders: 2.1 s, 21 lost"],
      ["RTO", 60_000, 293_000, "from the loss: 3 min 53 s"],
      ["RPO", 60_000, 60_000, "of objects: 0 s, nothing lost"],
      ["RTO", 75_000, 293_000, "from the word: 3 min 38 s"],
    ]);
  });

  it("has a lane for everybody of whom there is something to tell, always in one order", () => {
    const report = sampleReport();
    expect(sceneOf(report).lanes).to.deep.equal([
      ...["RTO", "RPO", "operator", "users", "aws", "azure", "dns", "controller", "rehearsal"],
    ]);
    const timeline = { events: [{ at: 1, who: "dns", what: "x" } as const], spans: [] };
    expect(sceneOf({ ...report, timeline }).lanes).to.deep.equal(["RTO", "RPO", "dns"]);
  });

  it("reaches from the first to the last that is known, from the start on", () => {
    const report = sampleReport();
    expect(sceneOf(report).range).to.deep.equal({ from: 0, to: 700_000 });
    const spans = [{ from: -5000, to: 900_000, who: "aws", what: "x" } as const];
    expect(sceneOf({ ...report, timeline: { events: [], spans } }).range).to.deep.equal({ from: -5000, to: 900_000 });
  });

  it("is a second of nothing where nothing happened", () => {
    expect(sceneOf(emptyReport())).to.deep.equal({ range: { from: 0, to: 1000 }, served: [], lanes: [], items: [] });
  });

  it("is in the order of time", () => {
    const times = sceneOf(sampleReport()).items.map(({ from }) => from);
    expect(times).to.deep.equal(times.toSorted((one, other) => one - other));
  });

  it("is the one that users would have seen, however fast the run was", () => {
    const ordinary = sceneOf(sampleReport());
    // A quarter of each time has no rounding.
    const fast = sceneOf(sampleReport(4));
    expect({ ...fast, items: [] }).to.deep.equal({ ...ordinary, items: [] });
    expect(fast.items.map(({ lane, text }) => [lane, text])).to.deep.equal(
      ordinary.items.map(({ lane, text }) => [lane, text]),
    );
  });

  it("counts what was lost from the word, where nothing was killed, and has none of it without both", () => {
    const { measured, ...report } = sampleReport();
    const lost = (moments: object) =>
      sceneOf({ ...report, measured: { ...measured, moments } }).items.find(({ lane }) => lane === "RPO");
    expect(lost({ declaredAt: 75_000 })).to.include({ from: 72_900, to: 75_000 });
    expect(lost({})).to.equal(undefined);
  });
});
