import { expect } from "chai";
import { type SealArgs, sealDump } from "../../../lambdas/database/dump.ts";
import { dumpNames } from "../../../lambdas/database/layout.ts";
import { readManifest } from "../../../lambdas/database/manifest.ts";
import { MemoryDumps } from "../../support/memory-dumps.ts";
import { rejection } from "../../support/rejection.ts";

const names = dumpNames("daily", "20261121T021500Z");
const args: SealArgs = {
  ...{ dump: "20261121T021500Z", kind: "daily", schemas: ["shop"], startedAt: "2026-11-21T02:15:00Z", obstacles: [] },
  frozen: { gtid: "", server: "a", version: "8.4.7" },
};
const { signal } = new AbortController();

describe("a dump is sealed", () => {
  let store: MemoryDumps;
  const items = [1, 2, 3].map((chunk) => ({ chunk, schema: "shop", table: "orders", range: { equal: [] } }));
  const records = items.map((item) => ({ ...item, rows: 10, bytes: 100, size: 4, sha256: "ab", checksum: "7" }));
  beforeEach(() => {
    store = new MemoryDumps();
    store.files.set(names.definitions, Buffer.from("definitions"));
    store.files.set(names.plan, Buffer.from(JSON.stringify([[items[0], items[1]], [items[2]]])));
    store.files.set(names.records(1), Buffer.from(JSON.stringify(records.slice(0, 2))));
    store.files.set(names.records(3), Buffer.from(JSON.stringify(records.slice(2))));
    for (const { chunk } of items) store.files.set(names.chunk(chunk), Buffer.from("four"));
  });

  it("when all is there, by a manifest that tells of it", async () => {
    const sealed = await sealDump(store, args, signal);
    const { chunks, rows, bytes, size, definitions } = sealed;
    expect({ chunks, rows, bytes, size }).to.deep.equal({ chunks: records, rows: 30, bytes: 300, size: 12 });
    expect(definitions.size).to.equal(11);
    expect(readManifest(String(store.files.get(names.manifest)), "it")).to.deep.equal(sealed);
  });

  const lacks: [what: string, damage: () => unknown, message: RegExp][] = [
    [
      "a chunk is missing",
      () => store.files.delete(names.chunk(2)),
      /all 3 chunks .* found 1 missing .*2 of shop\.orders/,
    ],
    ["a chunk is cut short", () => store.files.set(names.chunk(3), Buffer.from("f")), /1 missing or cut short.* 3 of/],
    ["nobody wrote down what came of one", () => store.files.delete(names.records(1)), /found 2 missing/],
    ["there are no definitions", () => store.files.delete(names.definitions), /definitions/],
    ["there is no plan", () => store.files.delete(names.plan), /plan/],
  ];
  it("not when a table has rows that are in none of its chunks", async () => {
    const counted = [{ ...records[0], tableRows: 31 }, ...records.slice(1, 2)];
    store.files.set(names.records(1), Buffer.from(JSON.stringify(counted)));
    const { message } = await rejection(sealDump(store, args, signal));
    expect(message).to.match(/expected the 31 rows of shop\.orders in its chunks, found 30.*give the table a key/);
    expect(store.files.has(names.manifest)).to.equal(false);
  });

  for (const [what, damage, message] of lacks) {
    it(`not when ${what}, and has no manifest`, async () => {
      damage();
      expect((await rejection(sealDump(store, args, signal))).message).to.match(message);
      expect(store.files.has(names.manifest)).to.equal(false);
    });
  }
});
