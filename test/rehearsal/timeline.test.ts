import { expect } from "chai";
import { Timeline } from "../../rehearsal/timeline.ts";
import { rejection } from "../support/rejection.ts";

describe("the timeline of a scenario", () => {
  let timeline: Timeline;
  beforeEach(() => {
    timeline = new Timeline();
  });

  it("tells what happens now, and when that is", () => {
    const at = timeline.tell("operator", "declares");
    expect(at).to.be.within(0, timeline.now());
    expect(timeline.told()).to.deep.equal({ events: [{ at, who: "operator", what: "declares" }], spans: [] });
  });

  it("times a piece of work, which it hands on", async () => {
    const inside = await timeline.during("azure", "starts", async () => timeline.now());
    const [{ from, to, ...span } = { from: 0, to: 0 }] = timeline.spans;
    expect(span).to.deep.equal({ who: "azure", what: "starts" });
    expect(inside).to.be.within(from, to);
  });

  it("times work that fails as well, and hands on the very error", async () => {
    const error = new Error("no capacity");
    expect(await rejection(timeline.during("azure", "starts", () => Promise.reject(error)))).to.equal(error);
    expect(timeline.spans).to.have.length(1);
  });

  it("takes what was timed elsewhere, unless it ends before it begins", () => {
    timeline.add({ from: 5, to: 5, who: "dns", what: "changes" });
    expect(() => timeline.add({ from: 5, to: 4, who: "dns", what: "changes" })).to.throw(
      "expected a span that ends after 5 ms, found 4 ms",
    );
    expect(() => timeline.add({ from: 5, to: Number.NaN, who: "dns", what: "changes" })).to.throw("found NaN ms");
    expect(timeline.spans).to.have.length(1);
  });

  it("has everything in the order of time, whenever it was told", () => {
    for (const from of [30, 10, 20]) timeline.add({ from, to: 100, who: "aws", what: String(from) });
    timeline.events.push({ at: 9, who: "aws", what: "later" }, { at: 1, who: "aws", what: "earlier" });
    const { events, spans } = timeline.told();
    expect(spans.map(({ what }) => what)).to.deep.equal(["10", "20", "30"]);
    expect(events.map(({ what }) => what)).to.deep.equal(["earlier", "later"]);
  });
});
