import { randomBytes } from "node:crypto";
import { Agent } from "node:https";
import { buffer, text } from "node:stream/consumers";
import type { TokenCredential } from "@azure/identity";
import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { BlobDumpStore } from "../../../lambdas/database/blob-dump-store.ts";
import { dumpNames } from "../../../lambdas/database/layout.ts";
import { MissingError } from "../../../lambdas/database/store.ts";
import { BlobClient } from "../../../lambdas/objects/blob-client.ts";
import { BlobStore } from "../../../lambdas/objects/blob-store.ts";
import { blobNameOf } from "../../../lambdas/objects/names.ts";
import { type Asked, type Fault, FaultyProxy } from "../../support/faulty-proxy.ts";
import { useLocalAzure } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";

/** Storage Blob Data Owner: tombstones have tags. */
const OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
const MEGABYTE = 2 ** 20;

describe("a container of dumps", () => {
  const azure = useLocalAzure();
  const { signal } = new AbortController();
  let container: ContainerClient;
  let client: BlobClient;
  let store: BlobDumpStore;
  /** The same container, where every request may go wrong. */
  let faulty: BlobDumpStore;
  let choose: (asked: Asked) => Fault | undefined;
  let proxy: FaultyProxy;

  before(async () => {
    const made = await azure.container();
    const principal = crypto.randomUUID();
    await azure.assign(principal, azure.builtInRole(OWNER), made.container.id);
    container = azure.containerAs(principal, String(made.account.properties.accountName));
    const credential = container.credential as TokenCredential;
    client = new BlobClient(container.url, credential);
    store = new BlobDumpStore(container.url, client);
    const { origin, pathname } = new URL(container.url);
    const agent = new Agent({ ca: azure.certificate.certificate, rejectUnauthorized: false });
    proxy = new FaultyProxy({ behind: origin, agent, onDeath: () => {}, choose: (asked) => choose(asked) });
    faulty = new BlobDumpStore("faulty", new BlobClient(`${await proxy.start()}${pathname}`, credential));
  });
  after(() => proxy.close());
  beforeEach(() => {
    choose = () => undefined;
  });

  async function* blocks(...all: Buffer[]): AsyncGenerator<Buffer> {
    yield* all;
  }

  it("has dumps under their own names", () => {
    const names = dumpNames("daily", "20261121T021500Z");
    for (const name of [names.manifest, names.definitions, names.chunk(7)]) expect(blobNameOf(name)).to.equal(name);
    expect(store.place).to.equal(container.url);
  });

  it("gives what was written, tells its size, and writes over what is there", async () => {
    expect(await store.write("daily/a", blocks(Buffer.from("one"), Buffer.from(" two")), signal)).to.equal(7);
    expect(await text(await store.read("daily/a", signal))).to.equal("one two");
    expect(await store.write("daily/a", blocks(Buffer.from("three")), signal)).to.equal(5);
    expect(await text(await store.read("daily/a", signal))).to.equal("three");
  });

  it("writes what is larger than a block in blocks, and what is empty as nothing", async () => {
    const large = Array.from({ length: 20 }, () => randomBytes(MEGABYTE));
    expect(await store.write("daily/large", blocks(...large), signal)).to.equal(20 * MEGABYTE);
    const { committedBlocks } = await container.getBlockBlobClient("daily/large").getBlockList("committed");
    expect(committedBlocks?.map(({ size }) => size)).to.deep.equal([8, 8, 4].map((each) => each * MEGABYTE));
    expect((await buffer(await store.read("daily/large", signal))).equals(Buffer.concat(large))).to.equal(true);
    expect(await store.write("daily/empty", blocks(), signal)).to.equal(0);
    expect(await text(await store.read("daily/empty", signal))).to.equal("");
  });

  it("shows nothing of what was not written to its end", async () => {
    async function* broken() {
      yield Buffer.from("half");
      throw new Error("the dump ended");
    }
    expect((await rejection(store.write("daily/half", broken(), signal))).message).to.equal("the dump ended");
    expect(await rejection(store.read("daily/half", signal))).to.be.instanceOf(MissingError);
  });

  it("lists what begins so, and nothing that is hidden", async () => {
    for (const name of ["weekly/2", "weekly/1", "weekly/gone"]) {
      await store.write(name, blocks(Buffer.from("12")), signal);
    }
    const blobs = new BlobStore(client);
    const { etag } = (await blobs.look("weekly/gone")) ?? { etag: "" };
    await blobs.hide("weekly/gone", undefined, { etag });
    const listed = await store.list("weekly/", signal);
    expect(listed.map(({ name, size }) => ({ name, size }))).to.deep.equal([
      { name: "weekly/1", size: 2 },
      { name: "weekly/2", size: 2 },
    ]);
    for (const { writtenAt } of listed) expect(Date.now() - Number(writtenAt)).to.be.within(-2000, 60_000);
    expect(await rejection(store.read("weekly/gone", signal))).to.be.instanceOf(MissingError);
    expect((await rejection(store.read("weekly/never", signal))).message).to.match(/has no weekly\/never/);
  });

  describe("that is read while connections are cut", () => {
    const content = randomBytes(3 * MEGABYTE);

    before(() => store.write("daily/cut", blocks(content), signal));

    it("gives all of it, from where it was cut", async () => {
      let cuts = 0;
      choose = ({ method }) => (method === "GET" && ++cuts <= 4 ? { kind: "cut", when: "answering" } : undefined);
      expect((await buffer(await faulty.read("daily/cut", signal))).equals(content)).to.equal(true);
      expect(cuts).to.equal(5);
    });

    it("mixes no two versions", async () => {
      let first = true;
      choose = () => {
        if (!first) return undefined;
        first = false;
        return { kind: "cut", when: "answering" };
      };
      const body = await faulty.read("daily/cut", signal);
      await store.write("daily/cut", blocks(randomBytes(3 * MEGABYTE)), signal);
      expect((await rejection(buffer(body))).message).to.match(/can't be read on at \d+ of \d+ bytes: somebody has/);
      await store.write("daily/cut", blocks(content), signal);
    });

    it("ends at once when it is told to", async () => {
      const abort = new AbortController();
      const body = await store.read("daily/cut", abort.signal);
      const reading = rejection(buffer(body));
      abort.abort();
      expect((await reading).name).to.equal("AbortError");
    });
  });
});
