import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import type { BlobStore } from "../../../lambdas/objects/blob-store.ts";
import { judge, Permanent } from "../../../lambdas/objects/failure.ts";
import { blobNameOf } from "../../../lambdas/objects/names.ts";
import { RefusedError } from "../../../lambdas/objects/rest.ts";
import { type Description, Overtaken, type State } from "../../../lambdas/objects/store.ts";
import { type TestContainer, useLocalClouds } from "../../support/local-clouds.ts";
import { rejection } from "../../support/rejection.ts";
import { recordOf, stateWith } from "../../support/states.ts";
import { blobStore } from "../../support/stores.ts";

const KEY = "a folder/ü+1.";
const MIB = 1024 * 1024;
const CHECKSUM = { algorithm: "crc32", value: "00000000" } as const;

describe("a container", () => {
  const clouds = useLocalClouds();
  let container: TestContainer;
  let client: ContainerClient;
  let store: BlobStore;

  beforeEach(async () => {
    container = await clouds.container();
    client = await container.asWriter();
    store = blobStore(client);
  });

  const object = stateWith({ etag: "source", version: "v1", bytes: 10 * MIB });
  const described = (more: Partial<Description> = {}): Description => ({
    ...{ headers: {}, metadata: {}, tags: {}, record: recordOf(object) },
    ...more,
  });
  const now = async () => (await store.look(KEY)) as State;
  const put = (text: string, more: Partial<Description> = {}) =>
    store.put(KEY, Buffer.from(text), described(more), "nothing");

  it("gives back what was written: headers, metadata, tags and the record", async () => {
    const headers = {
      ...{ contentType: "text/html", contentEncoding: "gzip", contentLanguage: "de", cacheControl: "no-store" },
      ...{ contentDisposition: "inline", expires: "Sat, 21 Nov 2026 10:00:00 GMT", redirect: "/new" },
    };
    const description = { headers, metadata: { "Cache-ID": "ü" }, tags: { team: "a b" } };
    await put("hello", { ...description, record: { ...recordOf(object), checksum: CHECKSUM } });
    const state = await now();
    expect(state).to.deep.include({ ...description, bytes: 5, gone: false });
    expect(state.record).to.deep.equal({ ...recordOf(object), checksum: CHECKSUM });
    expect(state.etag).to.not.contain('"');
    const opened = await store.open(KEY);
    expect((await opened?.body.toArray())?.join("")).to.equal("hello");
    expect(opened?.state).to.deep.include(description);
  });

  it("tells nothing of a blob that is not there", async () => {
    expect(await store.look(KEY)).to.equal(undefined);
    expect(await store.open(KEY)).to.equal(undefined);
  });

  it("tells of a blob of the standby's own that it has no record", async () => {
    await client.getBlockBlobClient(blobNameOf(KEY)).upload("own", 3);
    expect(await now()).to.deep.include({ bytes: 3, record: undefined, gone: false });
  });

  it("reads a blob from an offset on, of exactly the state that was seen", async () => {
    await put("hello");
    const state = await now();
    expect((await (await store.openAt(KEY, state, 2)).toArray()).join("")).to.equal("llo");
    await store.put(KEY, Buffer.from("world"), described(), { etag: state.etag });
    expect(await rejection(store.openAt(KEY, state, 2))).to.be.instanceOf(Overtaken);
  });

  describe("is written to", () => {
    it("only where there is nothing, when that is what was seen", async () => {
      await put("one");
      expect(await rejection(put("two"))).to.be.instanceOf(Overtaken);
    });

    it("only over the blob that was seen", async () => {
      await put("one");
      const { etag } = await now();
      await store.put(KEY, Buffer.from("two"), described(), { etag });
      expect(await rejection(store.put(KEY, Buffer.from("x"), described(), { etag }))).to.be.instanceOf(Overtaken);
      expect(await rejection(store.hide(KEY, undefined, { etag }))).to.be.instanceOf(Overtaken);
    });

    it("not while somebody holds a lease: that is for him to end, so no other look would help", async () => {
      await put("one");
      await client.getBlobClient(blobNameOf(KEY)).getBlobLeaseClient().acquireLease(60);
      const { etag } = await now();
      const error = await rejection(store.put(KEY, Buffer.from("two"), described(), { etag }));
      expect(error).to.be.instanceOf(RefusedError);
      expect(judge(error)).to.have.property("fault", "permanent");
    });

    it("not with more metadata than Azure holds, which the error tells", async () => {
      const error = await rejection(put("one", { metadata: { long: "x".repeat(9000) } }));
      expect(error).to.be.instanceOf(Permanent);
      expect(error.message).to.match(/^expected at most 8192 bytes of metadata, .* found \d+/);
      expect(await store.look(KEY)).to.equal(undefined);
    });

    it("not when it is gone itself, and that is told", async () => {
      const { url, credential } = client;
      const gone = blobStore({ url: url.replace(/content$/, "nowhere"), credential } as ContainerClient);
      const error = await rejection(gone.put(KEY, Buffer.from("one"), described(), "nothing"));
      expect(judge(error)).to.have.property("fault", "denied");
      expect(await rejection(Array.fromAsync(gone.list("")))).to.be.instanceOf(RefusedError);
    });
  });

  describe("hides a blob", () => {
    it("by a tombstone: empty, with the record, and the tag by which roles keep it from the public", async () => {
      await put("one", { metadata: { owner: "me" }, tags: { team: "shop" } });
      const { etag, record } = await now();
      await store.hide(KEY, record, { etag });
      expect(await now()).to.deep.include({ bytes: 0, gone: true, record, metadata: {}, tags: {} });
      const reader = await container.as("read", "tags/read");
      expect((await reader.getBlobClient(blobNameOf(KEY)).getTags()).tags).to.deep.equal({ dr_gone: "yes" });
    });

    it("and shows it again without that tag, when it is written again", async () => {
      await put("one");
      await store.hide(KEY, recordOf(object), { etag: (await now()).etag });
      await store.put(KEY, Buffer.from("two"), described(), { etag: (await now()).etag });
      expect(await now()).to.deep.include({ bytes: 3, gone: false });
      const reader = await container.as("read", "tags/read");
      expect((await reader.getBlobClient(blobNameOf(KEY)).getTags()).tags).to.deep.equal({});
    });
  });

  describe("takes a large blob in parts", () => {
    const part = (number: number) => Buffer.alloc(number === 2 ? 2 * MIB : 4 * MIB, number + 1);
    const ids = ["00000000000000aa", "00000000000000bb", "00000000000000cc"];

    it("which show when all are there, with the checksum of all in the record", async () => {
      const parts = await store.parts(KEY, object, described({ tags: { team: "shop" } }));
      for (const number of [2, 0, 1]) await parts.write(number, part(number), ids[number] ?? "");
      expect(await store.look(KEY)).to.equal(undefined);
      await parts.commit(ids, CHECKSUM, "nothing");
      expect(await now()).to.deep.include({ bytes: 10 * MIB, tags: { team: "shop" } });
      expect((await now()).record?.checksum).to.deep.equal(CHECKSUM);
      const content = await client.getBlobClient(blobNameOf(KEY)).downloadToBuffer();
      expect(content.equals(Buffer.concat([part(0), part(1), part(2)]))).to.equal(true);
    });

    it("and knows those again that are there, with what each was written with", async () => {
      const parts = await store.parts(KEY, object, described());
      await parts.write(0, part(0), ids[0] ?? "");
      await parts.write(2, part(2), ids[2] ?? "");
      const again = await store.parts(KEY, object, described());
      expect([...again.there].sort()).to.deep.equal([
        [0, ids[0]],
        [2, ids[2]],
      ]);
    });

    it("and takes none for there that is of another state of the object, or of another length", async () => {
      const other = await store.parts(KEY, { ...object, version: "v2" }, described());
      await other.write(0, part(0), ids[0] ?? "");
      const short = await store.parts(KEY, object, described());
      await short.write(1, Buffer.alloc(1), ids[1] ?? "");
      expect((await store.parts(KEY, object, described())).there).to.be.empty;
    });

    it("and only where they were expected", async () => {
      const parts = await store.parts(KEY, object, described());
      for (const number of [0, 1, 2]) await parts.write(number, part(number), ids[number] ?? "");
      await client.getBlockBlobClient(blobNameOf(KEY)).upload("of another", 10);
      expect(await rejection(parts.commit(ids, CHECKSUM, "nothing"))).to.be.instanceOf(Overtaken);
      expect((await now()).bytes).to.equal(10);
    });
  });

  describe("is listed", () => {
    it("by the keys, with the records, tombstones and blobs of the standby's own among them", async () => {
      await put("one");
      await store.put("gone", Buffer.from("x"), described(), "nothing");
      await store.hide("gone", recordOf(object), { etag: (await store.look("gone"))?.etag ?? "" });
      await client.getBlockBlobClient("own & <1>").upload("own", 3);
      const found = await Array.fromAsync(store.list(""));
      expect(found.map(({ key, gone, record }) => ({ key, gone, of: record?.etag }))).to.have.deep.members([
        { key: KEY, gone: false, of: "source" },
        { key: "gone", gone: true, of: "source" },
        { key: "own & <1>", gone: false, of: undefined },
      ]);
      const { etag, bytes, modified } = await now();
      expect(found.find(({ key }) => key === KEY)).to.deep.include({ etag, bytes, modified });
    });

    it("by a prefix of keys, though names are written otherwise at its end", async () => {
      for (const key of ["img/a", "img/", "img.", "imgs", "img", "video"]) {
        await store.put(key, Buffer.from(key), described(), "nothing");
      }
      const keysOf = async (prefix: string) => (await Array.fromAsync(store.list(prefix))).map(({ key }) => key);
      expect(await keysOf("img/")).to.have.members(["img/a", "img/"]);
      expect(await keysOf("img.")).to.have.members(["img."]);
      expect(await keysOf("img")).to.have.members(["img/a", "img/", "img.", "imgs", "img"]);
    });
  });
});
