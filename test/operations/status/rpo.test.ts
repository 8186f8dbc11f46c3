import { expect } from "chai";
import { contentRpo, databaseRpo } from "../../../operations/status/rpo.ts";
import { stateWith } from "./all-well.ts";

const NOW = new Date("2026-11-21T14:00:00Z");
const NEWEST = { dump: "20261121T021500Z", kind: "daily", begunAt: "2026-11-21T02:15:00.000Z", faulty: 0 };

describe("what would be lost of the content", () => {
  it("is seconds while nothing waits, and else what waits", () => {
    expect(contentRpo({ waiting: 0, setAside: 7 })).to.deep.equal({ text: "seconds: nothing waits" });
    expect(contentRpo({ waiting: 12, setAside: 0 })).to.deep.equal({ text: "what 12 waiting events are about" });
  });

  it("can't be told while nobody says what waits", () => {
    expect(contentRpo({ unknown: "no answer within 2.5 s" })).to.deep.equal({
      text: "can't be told: no answer within 2.5 s",
    });
  });
});

describe("what would be lost of the database", () => {
  it("is as much as the newest dump is old", () => {
    expect(databaseRpo(stateWith(), NEWEST, NOW)).to.deep.equal({
      seconds: 42_300,
      text: "11 h 45 min, as the dump 20261121T021500Z",
    });
  });

  it("is by the dump that is loaded, where that is newer than all that can be loaded", () => {
    const state = stateWith({ data: { loaded: "20261121T130000Z" } });
    expect(databaseRpo(state, NEWEST, NOW)).to.include({ seconds: 3600, text: "1 h, as the dump 20261121T130000Z" });
    expect(databaseRpo(state, undefined, NOW)).to.include({ seconds: 3600 });
  });

  it("is by the newest dump, also where the controller can't be asked", () => {
    expect(databaseRpo({ unknown: "denied" }, NEWEST, NOW)).to.include({ seconds: 42_300 });
  });

  it("is how far a standby is behind that follows the primary", () => {
    const planned = { database: { target: "running", follows: "primary" } } as const;
    const following = stateWith({ planned, data: { replication: { state: "following", lagSeconds: 0.26 } } });
    expect(databaseRpo(following, NEWEST, NOW)).to.deep.equal({ seconds: 0.26, text: "0.3 s behind the primary" });
    const mute = stateWith({ planned, data: { replication: { state: "connecting" } } });
    expect(databaseRpo(mute, NEWEST, NOW)).to.include({ seconds: 42_300 });
  });

  it("is nothing where the standby has data of its own", () => {
    const planned = { database: { target: "promoted", follows: "nobody" } } as const;
    const { seconds, text } = databaseRpo(stateWith({ planned }), NEWEST, NOW);
    expect(seconds).to.equal(undefined);
    expect(text).to.match(/^none: /);
  });

  it("is all of it where there is no dump at all", () => {
    const { seconds, text } = databaseRpo(stateWith({ data: {} }), undefined, NOW);
    expect({ seconds, text }).to.deep.equal({
      seconds: undefined,
      text: "all of it: there is no dump that can be loaded",
    });
  });

  it("can't be told where the dumps can't be looked at", () => {
    expect(databaseRpo(stateWith(), { unknown: "denied" }, NOW)).to.deep.equal({ text: "can't be told: denied" });
  });

  it("is never less than nothing, whatever the clocks say", () => {
    const begun = { ...NEWEST, dump: "20261121T140100Z" };
    expect(databaseRpo(stateWith(), begun, NOW)).to.include({ seconds: 0 });
  });
});
