import { expect } from "chai";
import fc from "fast-check";
import {
  CARRIED_PREFIXES,
  DUMP_KINDS,
  dumpId,
  dumpNames,
  dumpOf,
  momentOf,
  recordsOf,
  STANDBY_COPIES,
  STANDBY_COPY,
  WORK,
} from "../../../lambdas/database/layout.ts";

describe("a dump's names", () => {
  const names = dumpNames("daily", "20261121T021500Z");

  it("are these", () => {
    expect(names.manifest).to.equal("manifests/daily/20261121T021500Z.json");
    expect(names.definitions).to.equal("daily/20261121T021500Z/definitions.json.zst");
    expect(names.chunk(7)).to.equal("daily/20261121T021500Z/chunks/000007.zst");
    expect(names.plan).to.equal("work/20261121T021500Z/plan.json");
    expect(names.records(7)).to.equal("work/20261121T021500Z/records/000007.json");
  });
  it("keep the order of the chunks, up to a million of them", () => {
    const numbers = [1, 2, 9, 10, 99, 100, 99_999, 100_000, 999_999];
    expect(numbers.map(names.chunk).toSorted()).to.deep.equal(numbers.map(names.chunk));
  });
  it("are carried to the standby, all but what is needed only while it is made", () => {
    const isCarried = (name: string) => CARRIED_PREFIXES.some((prefix) => name.startsWith(prefix));
    for (const kind of DUMP_KINDS) {
      const { chunk, definitions, manifest, plan, records } = dumpNames(kind, "20261121T021500Z");
      for (const name of [manifest, definitions, chunk(1)]) expect(isCarried(name), name).to.equal(true);
      for (const name of [plan, records(1)]) {
        expect(isCarried(name), name).to.equal(false);
        expect(name.startsWith(WORK)).to.equal(true);
      }
    }
  });
  it("list the records of one dump only", () => {
    expect(names.records(1).startsWith(recordsOf("daily", "20261121T021500Z"))).to.equal(true);
    expect(recordsOf("daily", "20261121T021500Z").endsWith("/")).to.equal(true);
  });
  it("keep a copy of the standby's own data apart: it is none of the primary's dumps, and nothing of it is elsewhere", () => {
    const copy = dumpNames(STANDBY_COPY, "20261121T021500Z");
    expect(copy.manifest).to.equal("standby/manifests/20261121T021500Z.json");
    expect(dumpOf(copy.manifest)).to.equal(undefined);
    for (const name of [copy.manifest, copy.definitions, copy.plan, copy.chunk(1), copy.records(1)]) {
      expect(name.startsWith(STANDBY_COPIES), name).to.equal(true);
      for (const prefix of CARRIED_PREFIXES) expect(name.startsWith(prefix), name).to.equal(false);
    }
  });
  it("tell of which dump a manifest is", () => {
    for (const kind of DUMP_KINDS) {
      const { manifest } = dumpNames(kind, "20261121T021500Z");
      expect(dumpOf(manifest)).to.deep.equal({ kind, dump: "20261121T021500Z" });
    }
  });
  for (const name of [
    "manifests/hourly/20261121T021500Z.json",
    "manifests/daily/20261121T021500Z.json.tmp",
    "x/manifests/daily/20261121T021500Z.json",
    "manifests/daily/today.json",
    "daily/20261121T021500Z/definitions.json.zst",
  ]) {
    it(`take ${name} for no manifest`, () => expect(dumpOf(name)).to.equal(undefined));
  }
});

describe("a dump's id", () => {
  const moment = fc.date({
    min: new Date("1970-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59Z"),
    noInvalidDate: true,
  });

  it("is the moment at which it was begun, to the second", () => {
    expect(dumpId(new Date("2026-11-21T02:15:00.999Z"))).to.equal("20261121T021500Z");
    fc.assert(
      fc.property(moment, (at) => {
        const { dump } = dumpOf(dumpNames("daily", dumpId(at)).manifest) ?? { dump: "" };
        expect(momentOf(dump).getTime()).to.equal(Math.floor(at.getTime() / 1000) * 1000);
      }),
    );
  });
  it("keeps the order of dumps", () => {
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        if (a <= b) expect(dumpId(a) <= dumpId(b)).to.equal(true);
      }),
    );
  });
});
