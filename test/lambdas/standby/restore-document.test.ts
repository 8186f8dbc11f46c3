import { expect } from "chai";
import { holds, type RestoreDocument, readRestore, restoreAnswer } from "../../../lambdas/standby/restore-document.ts";

describe("the request for a restore", () => {
  const good: RestoreDocument = {
    version: 1,
    dump: "20261121T021500Z",
    kind: "weekly",
    discard: false,
    why: "the newest is spoilt",
    requestedAt: "2026-11-21T14:00:00.000Z",
    by: "operator@workstation",
  };

  it("is read as it was written", () => {
    expect(readRestore(JSON.stringify(good))).to.deep.equal(good);
    const { why, ...without } = good;
    expect(readRestore(JSON.stringify(without))).to.deep.equal(without);
  });

  const bad: [what: string, text: string, reason: RegExp][] = [
    ["no JSON", "none", /expected JSON in restore\.json/],
    ["another version", JSON.stringify({ ...good, version: 2 }), /version/],
    ["of something that is no dump", JSON.stringify({ ...good, dump: "../plan" }), /dump/],
    ["of another kind", JSON.stringify({ ...good, kind: "hourly" }), /kind/],
    ["without a time", JSON.stringify({ ...good, requestedAt: "yesterday" }), /requestedAt/],
    ["more than it knows", JSON.stringify({ ...good, force: true }), /force/],
  ];
  for (const [what, text, reason] of bad) {
    it(`is refused when it is ${what}, with what to do`, () => {
      expect(() => readRestore(text))
        .to.throw(reason)
        .with.property("message")
        .that.includes("restore-database");
    });
  }

  it("holds until a dump is there that was begun after it, and came after it", () => {
    const [before, after] = [new Date("2026-11-21T02:15:00Z"), new Date("2026-11-22T02:15:00Z")];
    expect(holds(good, undefined)).to.equal(true);
    expect(holds(good, { begunAt: before })).to.equal(true);
    expect(holds(good, { begunAt: before, arrivedAt: after })).to.equal(true);
    expect(holds(good, { begunAt: after, arrivedAt: before }), "a misdated one").to.equal(true);
    expect(holds(good, { begunAt: after, arrivedAt: after })).to.equal(false);
    expect(holds(good, { begunAt: after })).to.equal(false);
  });

  it("is answered with how it stands", () => {
    const { dump, requestedAt } = good;
    expect(restoreAnswer.parse({ dump, requestedAt, status: "loaded" }).status).to.equal("loaded");
    expect(restoreAnswer.safeParse({ dump, requestedAt, status: "done" }).success).to.equal(false);
  });
});
