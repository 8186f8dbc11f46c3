import { expect } from "chai";
import fc from "fast-check";
import { criticalPath, limitOf, SEEN, type Waited } from "../../rehearsal/critical-path.ts";
import { Clock } from "../../rehearsal/local/clock.ts";
import type { Happening } from "../../rehearsal/timeline.ts";

const event = (at: number, what: string): Happening => ({ at: at * 1000, who: "dns", what });
const LOST = "shop-app-primary is unhealthy";
const READY = "shop-app-standby is healthy";
const CHECKS = "Route 53 Developer Guide, How Route 53 determines whether a health check is healthy";

/** The word is given at 100 s, and the first order confirmed at 400 s. */
const waited = (...events: Happening[]): Waited => ({
  ...{ events, name: "shop-app", declaredAt: 100_000, servedAt: 400_000, ttlSeconds: 60 },
});
const path = (events: Happening[], speed = 1) => criticalPath(waited(...events), new Clock(speed));

const PUBLISHED = "the word is carried out, until the marker is published";
const RESOLVERS = { what: "resolvers keep the former answer, up to 60 s", seconds: 40, source: "RFC 1035" };

describe("what users waited for", () => {
  it("is the marker, where the standby was well before the checkers had seen it", () => {
    const events = [event(150, SEEN.marker), event(170, READY), event(360, LOST)];
    expect(path(events)).to.deep.equal([
      { what: PUBLISHED, seconds: 50 },
      { what: "the health checkers see the marker: 3 looks, 10 s apart", seconds: 210, source: CHECKS },
      RESOLVERS,
    ]);
  });

  it("is the database, where it was there after the app", () => {
    const events = [
      event(150, SEEN.marker),
      event(180, LOST),
      event(200, SEEN.well),
      event(350, SEEN.ready),
      event(360, READY),
    ];
    expect(path(events)).to.deep.equal([
      { what: PUBLISHED, seconds: 50 },
      { what: "the database starts, is promoted, and the controller says so", seconds: 200 },
      { what: "the health checkers find the standby well: 1 look, up to 10 s away", seconds: 10, source: CHECKS },
      RESOLVERS,
    ]);
  });

  it("is the app, where it was well after the database", () => {
    const events = [
      event(150, SEEN.marker),
      event(180, LOST),
      event(200, SEEN.ready),
      event(330, SEEN.well),
      event(360, READY),
    ];
    expect(path(events)).to.deep.equal([
      { what: PUBLISHED, seconds: 50 },
      { what: "servers boot, until the app is well behind the edge", seconds: 180 },
      { what: "the health checkers find the standby well: 3 looks, 10 s apart", seconds: 30, source: CHECKS },
      RESOLVERS,
    ]);
  });

  it("is the marker, where the standby is well all the time and nothing is told of it", () => {
    const parts = path([event(150, SEEN.marker), event(360, LOST)]);
    expect(parts.map(({ seconds }) => seconds)).to.deep.equal([50, 210, 40]);
  });

  it("is not what came after the standby's record was well: an app that was well all along, and was so again", () => {
    const events = [event(150, SEEN.marker), event(180, LOST), event(350, SEEN.ready), event(360, READY)];
    expect(path([...events, event(390, SEEN.well)])).to.deep.equal(path(events));
  });

  it("does not count what happened before the word", () => {
    const events = [event(150, SEEN.marker), event(360, LOST)];
    expect(path([event(20, SEEN.marker), event(30, LOST), event(40, READY), ...events])).to.deep.equal(path(events));
  });

  it("is counted as users would have it, at any speed", () => {
    const events = [event(150, SEEN.marker), event(360, LOST)];
    expect(path(events, 10).map(({ seconds }) => seconds)).to.deep.equal([500, 2100, 400]);
  });

  it("adds up to the time from the word to the first order, whatever happened when", () => {
    const whats = [SEEN.marker, SEEN.ready, SEEN.well, LOST, READY, "something else"];
    const happenings = fc.array(
      fc.record({ at: fc.nat(600_000), who: fc.constant("dns" as const), what: fc.constantFrom(...whats) }),
    );
    fc.assert(
      fc.property(happenings, fc.integer({ min: 1, max: 60 }), (events, speed) => {
        const parts = path(
          events.toSorted((one, other) => one.at - other.at),
          speed,
        );
        const all = parts.reduce((sum, { seconds }) => sum + seconds, 0);
        expect(all).to.be.closeTo(300 * speed, 1e-6);
        for (const { seconds } of parts) expect(seconds).to.be.above(0);
      }),
    );
  });
});

describe("the limit of the wait", () => {
  it("is its longest part, with its share", () => {
    const parts = [
      { what: "the word", seconds: 20 },
      { what: "the database starts", seconds: 120 },
      { what: "resolvers", seconds: 60 },
    ];
    expect(limitOf(parts)).to.equal("the database starts (60 % of the wait).");
  });

  it("is none where nobody waited", () => {
    expect(limitOf([])).to.equal("nobody had to wait");
  });
});
