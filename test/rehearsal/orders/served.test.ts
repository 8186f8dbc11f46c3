import { expect } from "chai";
import fc from "fast-check";
import type { Site } from "../../../rehearsal/orders/record.ts";
import { servedBy } from "../../../rehearsal/orders/served.ts";
import { confirmed, siteOf } from "../../support/orders.ts";

const WINDOW = { from: 0, to: 100 };
const TOLERANCE = 10;

/** Who served, when these sites confirmed orders at these times. */
function served(times: Partial<Record<Site, number[]>>, window = WINDOW) {
  const orders = Object.entries(times)
    .flatMap(([site, those]) => those.map((time) => confirmed(`order-${time}`, time, site as Site)))
    .sort((one, other) => one.endedAt - other.endedAt);
  return servedBy(orders, siteOf, window, TOLERANCE).map(({ from, to, by }) => `${from}–${to} ${by}`);
}

describe("who served when", () => {
  it("is nobody where nothing was confirmed", () => {
    expect(served({})).to.deep.equal(["0–100 none"]);
  });

  it("is a site from one of its orders to the next, when they are close enough", () => {
    expect(served({ primary: [10, 20, 30, 41, 50] })).to.deep.equal([
      "0–10 none",
      "10–30 primary",
      "30–41 none",
      "41–50 primary",
      "50–100 none",
    ]);
  });

  it("is one site after the other, and both where they overlap", () => {
    expect(served({ primary: [0, 10, 20, 30], standby: [25, 35, 45] })).to.deep.equal([
      "0–25 primary",
      "25–30 both",
      "30–45 standby",
      "45–100 none",
    ]);
  });

  it("is nobody around a single order, which says nothing of before and after", () => {
    expect(served({ standby: [50] })).to.deep.equal(["0–100 none"]);
  });

  it("looks at the window only, also where orders are around it", () => {
    expect(served({ primary: [-5, 5, 15, 95, 105] }, { from: 0, to: 100 })).to.deep.equal([
      "0–15 primary",
      "15–95 none",
      "95–100 primary",
    ]);
  });

  it("counts no order of a host that belongs to neither site", () => {
    const strange = [20, 25, 30].map((time) => ({ host: "elsewhere.example", endedAt: time }));
    expect(servedBy(strange, siteOf, WINDOW, TOLERANCE)).to.deep.equal([{ from: 0, to: 100, by: "none" }]);
  });

  describe("whatever was confirmed", () => {
    const times = fc.array(fc.integer({ min: -20, max: 120 }), { maxLength: 20 });
    const stretchesOf = (primary: number[], standby: number[]) => {
      const orders = [
        ...primary.map((time) => confirmed("p", time, "primary")),
        ...standby.map((time) => confirmed("s", time, "standby")),
      ].sort((one, other) => one.endedAt - other.endedAt);
      return servedBy(orders, siteOf, WINDOW, TOLERANCE);
    };

    it("covers the window without a gap, and has no two neighbours of one name", () => {
      fc.assert(
        fc.property(times, times, (primary, standby) => {
          const stretches = stretchesOf(primary, standby);
          expect([stretches[0]?.from, stretches.at(-1)?.to]).to.deep.equal([0, 100]);
          for (const [index, { from, to, by }] of stretches.entries()) {
            expect(to).to.be.above(from);
            const next = stretches[index + 1];
            if (next) expect(next.from).to.equal(to);
            expect(next?.by).to.not.equal(by);
          }
        }),
      );
    });

    it("names a site at a moment just when it confirmed an order before and one after, close to each other", () => {
      const serves = (those: number[], moment: number) => {
        const before = Math.max(...those.filter((time) => time < moment));
        const after = Math.min(...those.filter((time) => time > moment));
        return after - before <= TOLERANCE;
      };
      // Between two whole moments, where nothing is confirmed.
      const moment = fc.integer({ min: 0, max: 99 }).map((whole) => whole + 0.5);
      fc.assert(
        fc.property(times, times, moment, (primary, standby, at) => {
          const by = stretchesOf(primary, standby).find(({ from, to }) => from < at && at < to)?.by;
          const both = [serves(primary, at), serves(standby, at)];
          expect([by === "primary" || by === "both", by === "standby" || by === "both"]).to.deep.equal(both);
        }),
      );
    });
  });
});
