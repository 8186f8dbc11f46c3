import { expect } from "chai";
import {
  judgeController,
  judgeDatabaseName,
  judgeDump,
  judgeMarkers,
  judgeUnderWay,
} from "../../../operations/preflight/standby.ts";
import { DECLARED, NOT_DECLARED, stateWith } from "../status/all-well.ts";

const NOW = new Date("2026-11-21T14:00:00Z");

describe("the controller", () => {
  it("is alive when it has said something within three minutes", () => {
    expect(judgeController(stateWith(), NOW)).to.deep.equal({ status: "ok", found: "settled, 30 s ago: all is well" });
    expect(judgeController(stateWith({ at: "2026-11-21T13:57:00Z" }), NOW).status).to.equal("ok");
  });

  it("is not when it has been silent for longer", () => {
    expect(judgeController(stateWith({ at: "2026-11-21T13:56:59Z" }), NOW)).to.include({
      status: "fail",
      found: "has said nothing for 3 min 1 s",
    });
  });

  it("is alive, and not well, when its last run failed", () => {
    const failed = stateWith({ status: "failed", detail: "the server is not found" });
    expect(judgeController(failed, NOW)).to.include({
      status: "warn",
      found: "failed, 30 s ago: the server is not found",
    });
  });
});

describe("the newest dump", () => {
  const dump = { dump: "20261120T140000Z", kind: "daily", begunAt: "2026-11-20T14:00:00.000Z", faulty: 0 };

  it("is well as long as it is no older than it may be", () => {
    const found = "20261120T140000Z is complete, and 1 d old";
    expect(judgeDump(dump, 24, NOW)).to.deep.equal({ status: "ok", found });
    expect(judgeDump(dump, 23.9, NOW)).to.include({ status: "fail", found: `${found}: more than 23.9 h` });
  });

  it("is not as it should be where newer ones can't be loaded", () => {
    expect(judgeDump({ ...dump, faulty: 2 }, 24, NOW)).to.include({
      status: "warn",
      found: "20261120T140000Z is complete, and 1 d old; 2 newer can't be loaded",
    });
  });

  it("is missing where none can be loaded", () => {
    expect(judgeDump(undefined, 24, NOW)).to.include({ status: "fail", found: "there is none that can be loaded" });
  });
});

describe("the markers", () => {
  const seen = { database: NOT_DECLARED, content: NOT_DECLARED, site: NOT_DECLARED };

  it("are well as long as they can be read, whatever is declared", () => {
    expect(judgeMarkers(seen)).to.deep.equal({ status: "ok", found: "readable; nothing is declared" });
    expect(judgeMarkers({ ...seen, database: DECLARED, site: DECLARED })).to.deep.equal({
      status: "ok",
      found: "readable; declared: database, site",
    });
  });

  it("are wrong when one can't be read", () => {
    expect(judgeMarkers({ ...seen, content: { unknown: "no connection" } })).to.include({
      status: "fail",
      found: "no connection",
    });
  });
});

describe("who is at work", () => {
  it("keeps everybody else waiting", () => {
    expect(judgeUnderWay(undefined)).to.deep.equal({ status: "ok", found: "nobody is at work" });
    const operator = { operation: "declare", by: "me@here", startedAt: "2026-11-21T13:59:00.000Z" };
    expect(judgeUnderWay(operator)).to.include({
      status: "fail",
      found: "me@here is at `declare` since 2026-11-21T13:59:00.000Z",
    });
  });
});

describe("the database's own name", () => {
  const NAME = "database.shop.internal";

  it("moves the primary's servers where both stacks have it", () => {
    expect(judgeDatabaseName({ traffic: NAME, prod: NAME })).to.deep.equal({
      status: "ok",
      found: `they find it at ${NAME}`,
    });
  });

  for (const [names, found, mend] of [
    [{}, "no multicloud-dr:databaseHostName is set: ", "set it in traffic, then in prod: docs/database.md"],
    [{ traffic: NAME }, `${NAME} stands, and prod's servers do not ask for it: `, "in prod too: docs/database.md"],
    [{ prod: NAME }, `prod's servers ask for ${NAME}, and traffic has no name: `, "alike in Pulumi.prod.yaml and"],
    [
      { prod: NAME, traffic: "db.shop.internal" },
      `prod's servers ask for ${NAME}, and traffic has db.shop.internal: `,
      "alike in Pulumi.prod.yaml and",
    ],
  ] as const) {
    it(`moves nobody where ${JSON.stringify(names)} is all there is, and says how it would`, () => {
      const verdict = judgeDatabaseName(names);
      expect(verdict).to.include({ status: "warn", found: `${found}\`declare database\` would move nobody` });
      expect(verdict.mend).to.include(mend);
    });
  }
});
