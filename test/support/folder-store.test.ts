import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { MissingError } from "../../lambdas/database/store.ts";
import { FolderStore } from "./folder-store.ts";
import { rejection } from "./rejection.ts";

describe("a folder that keeps dumps", () => {
  const { signal } = new AbortController();
  let folder: string;
  let store: FolderStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dumps-"));
    store = new FolderStore(join(folder, "store"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function* blocks(...texts: string[]) {
    for (const each of texts) yield Buffer.from(each);
  }

  it("gives back what was written, and says how much it was", async () => {
    expect(await store.write("daily/1/a", blocks("one, ", "two"), signal)).to.equal(8);
    expect(await text(await store.read("daily/1/a", signal))).to.equal("one, two");
    expect(await store.write("daily/1/a", blocks(), signal)).to.equal(0);
    expect(await text(await store.read("daily/1/a", signal))).to.equal("");
  });

  it("lists what is under a prefix by name, and nothing before there is anything", async () => {
    expect(await store.list("", signal)).to.deep.equal([]);
    for (const name of ["daily/2", "daily/10", "weekly/1"]) await store.write(name, blocks(name), signal);
    expect(await store.list("daily/", signal)).to.deep.equal([
      { name: "daily/10", size: 8 },
      { name: "daily/2", size: 7 },
    ]);
  });

  it("has nothing of what was not written to its end", async () => {
    async function* cut() {
      yield Buffer.from("half");
      throw new Error("cut");
    }
    expect((await rejection(store.write("daily/1", cut(), signal))).message).to.equal("cut");
    expect(await store.list("", signal)).to.deep.equal([]);
    expect(await rejection(store.read("daily/1", signal))).to.be.instanceOf(MissingError);
  });

  it("writes and lists nothing when it is told to end", async () => {
    const ended = AbortSignal.abort(new Error("ended"));
    await rejection(store.write("daily/1", blocks("one"), ended));
    await rejection(store.list("", ended));
    expect(await store.list("", signal)).to.deep.equal([]);
  });
});
