import { DeleteObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { replicate } from "../../../lambdas/objects/replicate.ts";
import { S3Store } from "../../../lambdas/objects/s3-store.ts";
import { failBack, type Returned } from "../../../operations/objects/failback.ts";
import { useLocalClouds } from "../../support/local-clouds.ts";
import { blobStore, smallBudget } from "../../support/stores.ts";

const { signal } = new AbortController();

describe("bringing back what was written at the standby", () => {
  const clouds = useLocalClouds();
  let s3: S3Client;
  let bucket: string;
  let container: ContainerClient;

  beforeEach(async () => {
    s3 = clouds.aws().s3;
    bucket = await clouds.bucket();
    container = await (await clouds.container()).asWriter();
  });

  /** An object of the primary that was replicated before the declaration. */
  async function replicated(key: string, body: string) {
    await clouds.put(bucket, key, body);
    await replicate(new S3Store(s3, bucket), blobStore(container), key, { budget: smallBudget() });
  }

  const write = (key: string, body: string) => container.getBlockBlobClient(key).upload(body, body.length);

  async function hide(key: string) {
    const etag = (await blobStore(container).look(key))?.etag ?? "";
    await blobStore(container).hide(key, undefined, { etag });
  }

  const bringBack = (since: Date, prefix = ""): Promise<Returned> => {
    const options = { prefix, since, onProgress: () => {}, signal };
    return failBack(blobStore(container), new S3Store(s3, bucket), options);
  };

  async function read(key: string): Promise<string | undefined> {
    const opened = await new S3Store(s3, bucket).open(key);
    return opened && Buffer.concat(await opened.body.toArray()).toString();
  }

  /** The declaration, a second after all that was written until now: both sides tell time in seconds. */
  async function declaration(): Promise<Date> {
    const now = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 1000 - (now % 1000) + 50));
    return new Date();
  }

  const NOTHING = { copied: 0, hidden: 0, unchanged: 0, bytes: 0, conflicts: 0, failed: 0, older: 0, named: [] };

  it("copies what is new and what changed, deletes what was hidden, and leaves the rest", async () => {
    for (const key of ["same", "changed", "deleted"]) await replicated(key, "one");
    const since = await declaration();
    await write("changed", "two!");
    await write("new", "three");
    await hide("deleted");

    expect(await bringBack(since)).to.deep.equal({ ...NOTHING, copied: 2, hidden: 1, bytes: 9 });
    expect(await Promise.all(["same", "changed", "new", "deleted"].map(read))).to.deep.equal([
      ...["one", "two!", "three"],
      undefined,
    ]);
  });

  it("finds all of it there when it is run again", async () => {
    await replicated("deleted", "one");
    const since = await declaration();
    await write("new", "three");
    await hide("deleted");
    await bringBack(since);
    expect(await bringBack(since)).to.deep.equal({ ...NOTHING, unchanged: 2 });
  });

  it("never copies over what is newer at the primary, and names it", async () => {
    await replicated("both", "one");
    const since = await declaration();
    await write("both", "the standby's");
    await clouds.put(bucket, "both", "the primary's");
    const { conflicts, named } = await bringBack(since);
    expect(conflicts).to.equal(1);
    expect(named[0]).to.have.property("reason").that.includes("decide by hand");
    expect(await read("both")).to.equal("the primary's");
  });

  it("brings no copy back that the replicator made: what was deleted at the primary stays deleted", async () => {
    await replicated("deleted", "one");
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "deleted" }));
    expect(await bringBack(new Date(0))).to.deep.equal(NOTHING);
    expect(await read("deleted")).to.equal(undefined);
  });

  it("brings back only what was written since then, and only what begins so", async () => {
    await write("before", "one");
    const since = await declaration();
    await write("a/after", "two");
    await write("b/after", "three");
    expect(await bringBack(since, "a/")).to.deep.include({ copied: 1, older: 0 });
    expect(await Promise.all(["before", "a/after", "b/after"].map(read))).to.deep.equal([undefined, "two", undefined]);
    expect(await bringBack(since), "and counts what it leaves").to.deep.include({ copied: 1, unchanged: 1, older: 1 });
  });

  it("leaves to the replicator what it brought back: the primary's again, it is copied as ever", async () => {
    const since = await declaration();
    await write("new", "three");
    await bringBack(since);
    const there = () => replicate(new S3Store(s3, bucket), blobStore(container), "new", { budget: smallBudget() });
    expect((await there()).outcome).to.equal("copied");
    await clouds.put(bucket, "new", "four");
    expect((await there()).outcome).to.equal("copied");
  });
});
