import { expect } from "chai";
import { dumpNames } from "../../../lambdas/database/layout.ts";
import { CompleteDumps } from "../../../lambdas/standby/complete-dumps.ts";
import { MemoryDumps } from "../../support/memory-dumps.ts";
import { rejection } from "../../support/rejection.ts";

const OLD = "20261119T021500Z";
const NEW = "20261120T021500Z";
const NEWEST = "20261121T021500Z";
const signal = new AbortController().signal;

describe("complete dumps", () => {
  let store: MemoryDumps;
  let dumps: CompleteDumps;

  beforeEach(() => {
    store = new MemoryDumps();
    dumps = new CompleteDumps(store, () => new Date("2026-11-21T12:00:00Z"));
  });

  const newest = async (...without: string[]) => (await dumps.newest(without, signal)).newest?.dump;
  const notices = async () => (await dumps.newest([], signal)).notices;

  it("are none where there are none", async () => {
    expect(await newest()).to.equal(undefined);
    expect(await dumps.find(OLD, signal)).to.equal(undefined);
  });

  it("are told apart by their time, whatever their kind", async () => {
    store.add(NEWEST, { kind: "weekly" });
    store.add(NEW);
    store.add(OLD, { kind: "monthly" });
    expect(await newest()).to.equal(NEWEST);
    expect(await newest(NEWEST)).to.equal(NEW);
    expect((await dumps.find(OLD, signal))?.kind).to.equal("monthly");
  });

  const missing: [what: string, name: string][] = [
    ["a chunk", dumpNames("daily", NEWEST).chunk(2)],
    ["its definitions", dumpNames("daily", NEWEST).definitions],
    ["its manifest", dumpNames("daily", NEWEST).manifest],
  ];
  for (const [what, name] of missing) {
    it(`are not those that lack ${what}, until it comes`, async () => {
      store.add(NEW);
      store.add(NEWEST, { without: [name] });
      expect(await newest()).to.equal(NEW);
      store.add(NEWEST);
      expect(await newest()).to.equal(NEWEST);
    });
  }

  it("are not those with a file of another size, or a manifest that is none", async () => {
    store.add(NEW);
    store.add(NEWEST);
    store.files.set(dumpNames("daily", NEWEST).chunk(1), Buffer.from("half"));
    expect(await newest()).to.equal(NEW);
    store.add(NEWEST);
    expect(await notices(), "what is missing may come").to.deep.equal([]);
    store.files.set(dumpNames("daily", NEWEST).manifest, Buffer.from("{"));
    dumps = new CompleteDumps(store);
    expect(await newest()).to.equal(NEW);
    expect((await notices())[0]).to.match(/the daily dump 20261121T021500Z is passed over: expected a dump's manifest/);
  });

  it("are not those whose manifest is another's", async () => {
    store.add(NEW);
    const text = store.files.get(dumpNames("daily", NEW).manifest) as Buffer;
    store.files.set(dumpNames("daily", NEWEST).manifest, text);
    expect(await newest()).to.equal(NEW);
    expect((await notices())[0]).to.match(/is passed over: .* is the manifest of the daily dump 20261120T021500Z/);
  });

  it("are not those whose date is still to come: such a one would be the newest whatever comes", async () => {
    store.add(NEWEST);
    store.add("20261121T125900Z");
    expect(await newest(), "clocks may differ").to.equal("20261121T125900Z");
    store.add("20261121T130100Z");
    store.add("29991121T021500Z");
    expect(await newest()).to.equal("20261121T125900Z");
    expect(await notices()).to.deep.equal([
      "the daily dump 29991121T021500Z is passed over, for its date is still to come",
      "the daily dump 20261121T130100Z is passed over, for its date is still to come",
    ]);
    expect((await dumps.find("29991121T021500Z", signal))?.dump, "whoever names it").to.equal("29991121T021500Z");
  });

  it("fail where the store can't be read: that says nothing of a dump", async () => {
    store.add(NEW);
    store.add(NEWEST);
    store.read = () => Promise.reject(new Error("the store is away"));
    expect((await rejection(newest())).message).to.equal("the store is away");
  });

  it("are looked into once: then one request for the manifests is enough", async () => {
    store.add(NEWEST);
    for (let look = 1; look <= 3; look++) await newest();
    expect(store.listed.filter((prefix) => prefix !== "manifests/")).to.deep.equal([`daily/${NEWEST}/`]);
  });
});
