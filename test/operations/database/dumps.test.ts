import { expect } from "chai";
import fc from "fast-check";
import { BlobDumpStore } from "../../../lambdas/database/blob-dump-store.ts";
import { dumpNames } from "../../../lambdas/database/layout.ts";
import { BlobClient } from "../../../lambdas/objects/blob-client.ts";
import { faultsOf, listDumps, lookAt, lookAtAll } from "../../../operations/database/dumps.ts";
import { useLocalClouds } from "../../support/local-clouds.ts";
import { filesOf, lay, MemoryDumps, manifestOf } from "./dumps-on.ts";

const { signal } = new AbortController();
const MONDAY = manifestOf("2026-11-16T02:15:00Z", { kind: "weekly" });
const FRIDAY = manifestOf("2026-11-20T02:15:00Z");
const SATURDAY = manifestOf("2026-11-21T02:15:00Z");

describe("the dumps that there are", () => {
  it("are those with a manifest, the newest first, whatever their kind", async () => {
    const store = new MemoryDumps();
    for (const manifest of [SATURDAY, MONDAY, FRIDAY]) await lay(store, manifest);
    store.files.delete(dumpNames("daily", FRIDAY.dump).manifest);
    store.files.set("manifests/notes.txt", Buffer.from("nobody's"));
    const dumps = await listDumps(store, signal);
    expect(dumps.map(({ kind, dump }) => [kind, dump])).to.deep.equal([
      ["daily", "20261121T021500Z"],
      ["weekly", "20261116T021500Z"],
    ]);
    expect(dumps[0]?.begunAt.toISOString()).to.equal("2026-11-21T02:15:00.000Z");
  });

  it("are complete when all their files stand as their manifests tell", async () => {
    const store = new MemoryDumps();
    await lay(store, SATURDAY);
    await lay(store, FRIDAY, [dumpNames("daily", FRIDAY.dump).chunk(2)]);
    const looked = await lookAtAll(store, await listDumps(store, signal), signal);
    expect(looked.map(({ dump, faults }) => [dump, faults])).to.deep.equal([
      ["20261121T021500Z", []],
      ["20261120T021500Z", ["daily/20261120T021500Z/chunks/000002.zst is missing"]],
    ]);
  });

  it("are not complete when their manifests can't be read, and that is no reason to stop", async () => {
    const store = new MemoryDumps();
    const { manifest: name } = dumpNames("daily", SATURDAY.dump);
    store.files.set(name, Buffer.from('{"version": 2}'));
    const [dump] = await listDumps(store, signal);
    const { manifest, faults } = await lookAt(store, dump as never, signal);
    expect(manifest).to.equal(undefined);
    expect(faults[0]).to.include(`expected a dump's manifest of version 1 in ${name}`);
  });

  it("name every file that is missing or cut short, and no other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.nat()), fc.array(fc.nat()), (chunks, lost, cut) => {
        const manifest = manifestOf("2026-11-21T02:15:00Z", { chunks });
        const files = filesOf(manifest);
        const among = (numbers: number[]) => new Set(numbers.map((number) => files[number % files.length]?.name));
        const missing = among(lost);
        const short = among(cut);
        const there = files
          .filter(({ name }) => !missing.has(name))
          .map(({ name, size }) => ({ name, size: short.has(name) ? size - 1 : size }));
        const named = faultsOf(manifest, there).map((fault) => fault.split(" ")[0]);
        expect(named).to.have.members([...new Set([...missing, ...short])]);
      }),
    );
  });

  describe("in the standby's container", () => {
    const clouds = useLocalClouds();

    it("are listed and looked at by what an operator may read", async () => {
      const place = await clouds.container();
      const { url, credential } = await place.asWriter();
      const store = new BlobDumpStore(url, new BlobClient(url, credential as never));
      await lay(store, SATURDAY);
      await lay(store, FRIDAY);
      const reader = await place.as("read");
      const seen = new BlobDumpStore(url, new BlobClient(url, reader.credential as never));
      await (await place.as("delete")).getBlobClient(dumpNames("daily", FRIDAY.dump).definitions).delete();
      const looked = await lookAtAll(seen, await listDumps(seen, signal), signal);
      expect(looked.map(({ faults }) => faults)).to.deep.equal([
        [],
        ["daily/20261120T021500Z/definitions.json.zst is missing"],
      ]);
      expect(looked[0]?.manifest).to.deep.equal(SATURDAY);
    });
  });
});
