import { expect } from "chai";
import fc from "fast-check";
import {
  confirmations,
  countRequests,
  longestGap,
  measure,
  measureRecovery,
} from "../../../rehearsal/orders/measure.ts";
import { OrderRecord, type Put, type Try } from "../../../rehearsal/orders/record.ts";
import { confirmed, failed, HOSTS, siteOf } from "../../support/orders.ts";

const WINDOW = { from: 0, to: 100 };

describe("the requests of a scenario", () => {
  it("are counted by what came of them, failures by their reason, the most frequent first", () => {
    const health: Try = { ...confirmed("", 5), asked: "health", error: "status 503", status: 503, well: false };
    const tries = [
      failed("a", 1, "no answer within 2000 ms"),
      failed("a", 2),
      failed("b", 3),
      confirmed("a", 4),
      health,
      confirmed("c", 6),
      confirmed("c", 7),
    ];
    expect(countRequests(tries)).to.deep.equal({
      sent: 7,
      well: 3,
      failed: 4,
      reasons: [
        { reason: "ECONNREFUSED", count: 2 },
        { reason: "no answer within 2000 ms", count: 1 },
        { reason: "status 503", count: 1 },
      ],
      orders: { begun: 3, confirmed: 2, open: 1 },
    });
  });
});

describe("the longest time without an order", () => {
  it("is the longest pause, the ones at both ends of the window included", () => {
    expect(longestGap([10, 20, 55, 90], WINDOW)).to.deep.equal({ from: 20, to: 55 });
    expect(longestGap([60, 70, 80], WINDOW)).to.deep.equal({ from: 0, to: 60 });
    expect(longestGap([10, 20, 30], WINDOW)).to.deep.equal({ from: 30, to: 100 });
    expect(longestGap([], WINDOW)).to.deep.equal(WINDOW);
  });

  it("is the first of several", () => {
    expect(longestGap([25, 50, 75], WINDOW)).to.deep.equal({ from: 0, to: 25 });
  });

  it("has nothing in it, and no pause is longer, whatever happened when", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 150 })), (times) => {
        const { from, to } = longestGap(times, WINDOW);
        expect(times.filter((time) => time > from && time < to)).to.deep.equal([]);
        // In each pause of more than that, something would have happened.
        for (let start = 0; start + (to - from) < 100; start += 1) {
          const end = start + (to - from) + 1;
          expect(times.some((time) => time > start && time < end)).to.equal(true);
        }
      }),
    );
  });
});

describe("the recovery", () => {
  const TRIES = [confirmed("a", 10), failed("b", 30), confirmed("c", 55, "standby"), confirmed("b", 60, "standby")];

  it("ends with the first order that the standby confirms after the word", () => {
    expect(measureRecovery(confirmations(TRIES), siteOf, { killedAt: 20, declaredAt: 25 }, WINDOW)).to.deep.equal({
      servedAt: 55,
      fromWord: 30,
      fromKill: 35,
      gap: { from: 10, to: 55 },
    });
  });

  it("is counted from the kill alone, where nobody gave a word", () => {
    const { fromWord, fromKill } = measureRecovery(confirmations(TRIES), siteOf, { killedAt: 20 }, WINDOW);
    expect([fromWord, fromKill]).to.deep.equal([undefined, 35]);
  });

  it("does not count what the standby confirmed before", () => {
    const early = [confirmed("x", 15, "standby"), ...TRIES];
    expect(measureRecovery(confirmations(early), siteOf, { declaredAt: 25 }, WINDOW).servedAt).to.equal(55);
  });

  it("can't be said where nothing was lost, or where the standby never confirmed one", () => {
    expect(measureRecovery(confirmations(TRIES), siteOf, {}, WINDOW)).to.have.all.keys("gap");
    expect(measureRecovery(confirmations([confirmed("a", 10)]), siteOf, { killedAt: 20 }, WINDOW)).to.have.all.keys(
      "gap",
    );
  });
});

describe("what is measured of a scenario", () => {
  const put = (key: string, endedAt: number, well = true): Put => ({
    ...{ key, sha256: `sha of ${key}`, bytes: 1, host: HOSTS.primary, sentAt: endedAt - 1, endedAt },
    ...{ error: well ? "" : "refused", well },
  });
  const record = new OrderRecord(() => 0);
  for (const each of [confirmed("a", 10), confirmed("b", 15), failed("c", 30), confirmed("c", 55, "standby")]) {
    record.tried(each);
  }
  for (const each of [put("x", 12), put("y", 18), put("z", 30, false)]) record.put(each);
  const options = { moments: { killedAt: 20, declaredAt: 25 }, siteOf, window: WINDOW, tolerance: 10 };

  it("is read from the record alone", () => {
    const found = { rows: [{ key: "a" }, { key: "c" }], objects: [{ key: "x", sha256: "sha of x" }] };
    const measured = measure(record, { ...options, found });
    expect(measured.moments).to.deep.equal({ killedAt: 20, declaredAt: 25 });
    expect(measured.requests).to.include({ sent: 4, well: 3, failed: 1 });
    expect(measured.puts).to.deep.equal({ sent: 3, well: 2, failed: 1 });
    expect(measured.recovery.fromWord).to.equal(30);
    expect(measured.served.map(({ by }) => by)).to.deep.equal(["none", "primary", "none"]);
    expect(measured.rows).to.include({ confirmed: 3, found: 2, missing: 1, oldestMissing: 5 });
    expect(measured.objects).to.include({ confirmed: 2, found: 1, missing: 1, oldestMissing: 2 });
  });

  it("has nothing of rows and objects that were not read", () => {
    expect(measure(record, { ...options, found: {} })).to.not.have.any.keys("rows", "objects");
  });

  it("counts as lost what was confirmed before the word where nothing was killed, and all of it without a word", () => {
    const aged = (moments: object) => measure(record, { ...options, moments, found: { rows: [] } }).rows?.oldestMissing;
    expect(aged({ declaredAt: 25 })).to.equal(15);
    expect(aged({})).to.equal(90);
  });
});
