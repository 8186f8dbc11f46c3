import { setTimeout as delay } from "node:timers/promises";
import type { TokenCredential } from "@azure/core-auth";
import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import type { BlobStore } from "../../../lambdas/objects/blob-store.ts";
import { type Done, planRestore, restore, type Scope } from "../../../operations/objects/restore.ts";
import { type Summary, summarize } from "../../../operations/objects/restore-summary.ts";
import { useLocalClouds } from "../../support/local-clouds.ts";
import { rejection } from "../../support/rejection.ts";
import { blobStore } from "../../support/stores.ts";

const { signal } = new AbortController();
const ALL = { prefix: "" };

describe("restoring the standby's content", () => {
  const clouds = useLocalClouds();
  let container: ContainerClient;
  let store: BlobStore;

  beforeEach(async () => {
    container = await (await clouds.container()).asWriter();
    store = blobStore(container);
  });

  /** Writes a copy as the replicator does. */
  async function replicated(key: string, content: string, more: { metadata?: Record<string, string> } = {}) {
    const there = await store.look(key);
    const record = { etag: crypto.randomUUID(), version: "", bytes: content.length, modified: new Date(), gone: false };
    const description = {
      headers: { contentType: "text/plain" },
      metadata: {},
      tags: { team: "web" },
      ...more,
      record,
    };
    await store.put(key, Buffer.from(content), description, there ? { etag: there.etag } : "nothing");
  }

  async function hidden(key: string) {
    const there = await store.look(key);
    await store.hide(key, there?.record, { etag: there?.etag ?? "" });
  }

  /** A moment that all that was written is before, and all that will be written after. */
  async function moment(): Promise<Date> {
    await delay(5);
    const now = new Date();
    await delay(5);
    return now;
  }

  const plan = (at: Date, scope: Scope = ALL): Promise<Summary> =>
    summarize(planRestore(container, scope, at, signal), () => {});

  const carryOut = (at: Date, scope: Scope = ALL): Promise<Done> => {
    const copies = { container, credential: container.credential as TokenCredential };
    return restore(copies, planRestore(container, scope, at, signal), () => {}, signal);
  };

  async function read(key: string): Promise<string | undefined> {
    const opened = await store.open(key);
    if (!opened) return undefined;
    const chunks = await opened.body.toArray();
    return opened.state.gone ? undefined : Buffer.concat(chunks).toString();
  }

  it("brings each key back to what it was: changed, hidden and added ones", async () => {
    await replicated("changed.txt", "one");
    await replicated("deleted.txt", "here");
    await replicated("same.txt", "same");
    const at = await moment();
    await replicated("changed.txt", "two, and longer");
    await hidden("deleted.txt");
    await replicated("added.txt", "new");

    const { copy, hide, looked } = await plan(at);
    expect(looked).to.equal(4);
    expect(copy).to.deep.equal({ keys: 2, first: ["changed.txt", "deleted.txt"], bytes: 7 });
    expect(hide).to.deep.equal({ keys: 1, first: ["added.txt"] });

    expect(await carryOut(at)).to.deep.equal({ copied: 2, hidden: 1, left: 0, named: [] });
    expect(await Promise.all(["changed.txt", "deleted.txt", "same.txt", "added.txt"].map(read))).to.deep.equal([
      ...["one", "here", "same"],
      undefined,
    ]);
    const { tagCount } = await container.getBlobClient("deleted.txt").getProperties();
    expect(tagCount, "the tag of a tombstone would keep it from the public").to.equal(undefined);
  });

  it("finds nothing to do when it is run again", async () => {
    await replicated("changed.txt", "one");
    const at = await moment();
    await replicated("changed.txt", "two");
    await replicated("added.txt", "new");
    await carryOut(at);
    expect(await carryOut(at)).to.deep.equal({ copied: 0, hidden: 0, left: 0, named: [] });
  });

  it("goes back on itself: what was before it can be restored too", async () => {
    await replicated("changed.txt", "one");
    const first = await moment();
    await replicated("changed.txt", "two");
    const second = await moment();
    await carryOut(first);
    expect(await read("changed.txt")).to.equal("one");
    await carryOut(second);
    expect(await read("changed.txt")).to.equal("two");
  });

  it("keeps headers, metadata and tags, and makes the blob the standby's own", async () => {
    await replicated("page.html", "one", { metadata: { "cache-group": "a" } });
    const at = await moment();
    await replicated("page.html", "two");
    await carryOut(at);
    const state = await store.look("page.html");
    expect(state?.headers.contentType).to.equal("text/plain");
    expect(state?.metadata).to.deep.equal({ "cache-group": "a" });
    expect(state?.tags).to.deep.equal({ team: "web" });
    expect(state?.record, "without a record the replicator never overwrites it").to.equal(undefined);
  });

  it("hides as the replicator does, with the tag that keeps it from the public", async () => {
    const at = await moment();
    await replicated("added.txt", "new");
    await carryOut(at);
    const { gone, record, bytes } = (await store.look("added.txt")) ?? {};
    expect({ gone, record, bytes }).to.deep.equal({ gone: true, record: undefined, bytes: 0 });
    const { tagCount } = await container.getBlobClient("added.txt").getProperties();
    expect(tagCount).to.equal(1);
  });

  it("restores what somebody deleted, where nothing is there any more", async () => {
    const place = await clouds.container();
    container = await place.asWriter();
    store = blobStore(container);
    await replicated("deleted.txt", "here");
    const at = await moment();
    await (await place.as("delete")).getBlobClient("deleted.txt").delete();
    expect(await read("deleted.txt")).to.equal(undefined);
    await carryOut(at);
    expect(await read("deleted.txt")).to.equal("here");
  });

  it("touches only keys that begin so, or the one key", async () => {
    const at = await moment();
    const keys = ["a", "a/", "a/b", "a.", "ab"];
    for (const key of keys) await replicated(key, "new");
    expect((await plan(at, { prefix: "a/" })).hide.first).to.have.members(["a/", "a/b"]);
    expect((await plan(at, { prefix: "a." })).hide.first).to.have.members(["a."]);
    for (const key of keys) expect((await plan(at, { key })).hide.first).to.deep.equal([key]);
    expect((await plan(at, { key: "nowhere" })).looked).to.equal(0);
  });

  it("leaves a key that somebody wrote meanwhile, and says so", async () => {
    await replicated("changed.txt", "one");
    const at = await moment();
    await replicated("changed.txt", "two");
    async function* stale() {
      const steps = await Array.fromAsync(planRestore(container, ALL, at, signal));
      await replicated("changed.txt", "three");
      yield* steps;
    }
    const copies = { container, credential: container.credential as TokenCredential };
    const done = await restore(copies, stale(), () => {}, signal);
    expect(done.named).to.deep.equal([{ key: "changed.txt", reason: "somebody wrote it meanwhile" }]);
    expect(await read("changed.txt")).to.equal("three");
  });

  it("stops at once where it may not write, and says what to do", async () => {
    const place = await clouds.container();
    container = await place.asWriter();
    store = blobStore(container);
    await replicated("changed.txt", "one");
    const at = await moment();
    await replicated("changed.txt", "two");
    const reader = await place.as("read");
    const copies = { container: reader, credential: reader.credential as TokenCredential };
    const failure = await rejection(restore(copies, planRestore(reader, ALL, at, signal), () => {}, signal));
    expect(failure.message).to.include("expected the right to write the copies, found none");
    expect(await read("changed.txt")).to.equal("two");
  });

  it("touches nothing where no versions are kept: what is there would be lost", async () => {
    container = await (await clouds.container({ versioned: false })).asWriter();
    store = blobStore(container);
    const at = await moment();
    await replicated("added.txt", "new");
    const { refuse, hide } = await plan(at);
    expect(hide.keys).to.equal(0);
    expect(refuse.first[0]).to.include("added.txt: it has no versions");
  });
});
