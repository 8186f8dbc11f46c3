import { randomFillSync } from "node:crypto";
import { crc32, gzipSync } from "node:zlib";
import { DeleteObjectCommand, HeadObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { blobNameOf } from "../../../lambdas/objects/names.ts";
import { replicate } from "../../../lambdas/objects/replicate.ts";
import { S3Store } from "../../../lambdas/objects/s3-store.ts";
import { type TestContainer, useLocalClouds } from "../../support/local-clouds.ts";
import { rejection } from "../../support/rejection.ts";
import { blobStore, smallBudget } from "../../support/stores.ts";

const MIB = 1024 * 1024;

describe("copying an object", () => {
  const clouds = useLocalClouds();
  let source: S3Client;
  let bucket: string;
  let container: TestContainer;
  let target: ContainerClient;

  before(async () => {
    source = clouds.aws().s3;
    bucket = await clouds.bucket();
  });
  beforeEach(async () => {
    container = await clouds.container();
    target = await container.asWriter();
  });

  /** What becomes of a key of the bucket, or of another one. */
  const copy = async (key: string, from = bucket) =>
    (await replicate(new S3Store(source, from), blobStore(target), key, { budget: smallBudget() })).outcome;
  const read = (key: string) => target.getBlobClient(key).downloadToBuffer();

  it("makes a copy where there is none, and then finds nothing to do", async () => {
    await clouds.put(bucket, "new.txt", "one");
    expect(await copy("new.txt")).to.equal("copied");
    expect(String(await read("new.txt"))).to.equal("one");

    const { etag } = await target.getBlobClient("new.txt").getProperties();
    expect(await copy("new.txt")).to.equal("unchanged");
    expect((await target.getBlobClient("new.txt").getProperties()).etag).to.equal(etag);
  });

  it("brings a copy to the object's new state", async () => {
    await clouds.put(bucket, "changed.txt", "one");
    await copy("changed.txt");
    await clouds.put(bucket, "changed.txt", "two");
    expect(await copy("changed.txt")).to.equal("copied");
    expect(String(await read("changed.txt"))).to.equal("two");
  });

  it("copies again when only the headers of an object changed", async () => {
    await clouds.put(bucket, "headers.txt", "same", { ContentType: "text/plain" });
    await copy("headers.txt");
    await clouds.put(bucket, "headers.txt", "same", { ContentType: "text/html" });
    expect(await copy("headers.txt")).to.equal("copied");
    expect((await target.getBlobClient("headers.txt").getProperties()).contentType).to.equal("text/html");
  });

  it("hides the copy of an object that is gone", async () => {
    await clouds.put(bucket, "gone.txt", "one");
    await copy("gone.txt");
    await source.send(new DeleteObjectCommand({ Bucket: bucket, Key: "gone.txt" }));
    expect(await copy("gone.txt")).to.equal("hidden");
    const { contentLength, metadata } = await target.getBlobClient("gone.txt").getProperties();
    expect({ contentLength, gone: metadata?.dr_gone }).to.deep.equal({ contentLength: 0, gone: "yes" });
    expect(await copy("gone.txt"), "once is enough").to.equal("gone");
  });

  it("shows the copy again when the object is back", async () => {
    await clouds.put(bucket, "back.txt", "one");
    await copy("back.txt");
    await source.send(new DeleteObjectCommand({ Bucket: bucket, Key: "back.txt" }));
    await copy("back.txt");
    await clouds.put(bucket, "back.txt", "two");
    expect(await copy("back.txt")).to.equal("copied");
    expect(String(await read("back.txt"))).to.equal("two");
    expect((await target.getBlobClient("back.txt").getProperties()).metadata).to.not.have.property("dr_gone");
  });

  it("leaves what the standby wrote itself when the primary has no such object", async () => {
    await target.getBlockBlobClient("own.txt").upload("of the standby", 14);
    expect(await copy("own.txt")).to.equal("gone");
    expect(String(await read("own.txt"))).to.equal("of the standby");
  });

  it("leaves a mark of what was gone before it was copied, and writes over it when the object is there", async () => {
    expect(await copy("fleeting.txt")).to.equal("gone");
    expect((await target.getBlobClient("fleeting.txt").getProperties()).metadata).to.have.property("dr_gone", "yes");
    await clouds.put(bucket, "fleeting.txt", "here");
    expect(await copy("fleeting.txt")).to.equal("copied");
    expect(String(await read("fleeting.txt"))).to.equal("here");
  });

  it("says on the copy which state of the source it is of", async () => {
    await clouds.put(bucket, "record.txt", "one");
    const { ETag, VersionId, LastModified } = await source.send(
      new HeadObjectCommand({ Bucket: bucket, Key: "record.txt" }),
    );
    await copy("record.txt");
    const { metadata } = await target.getBlobClient("record.txt").getProperties();
    expect(VersionId).to.not.equal(undefined);
    expect(metadata).to.deep.equal({
      dr_etag: ETag?.replaceAll('"', ""),
      dr_version: VersionId,
      dr_bytes: "3",
      dr_modified: LastModified?.toISOString().replace(".000", ""),
      dr_checksum: `crc32:${crc32("one").toString(16)}`,
    });
  });

  it("copies from a bucket without versions too", async () => {
    const plain = await clouds.bucket({ versioned: false });
    await clouds.put(plain, "plain.txt", "one");
    expect(await copy("plain.txt", plain)).to.equal("copied");
    expect(await copy("plain.txt", plain)).to.equal("unchanged");
    const { metadata } = await target.getBlobClient("plain.txt").getProperties();
    expect(metadata).to.have.property("dr_etag").and.not.have.property("dr_version");
  });

  it("keeps the headers with which the content is served", async () => {
    const body = gzipSync("hello");
    await clouds.put(bucket, "served.html", body, {
      ContentType: "text/html; charset=utf-8",
      ContentEncoding: "gzip",
      ContentLanguage: "de",
      ContentDisposition: 'attachment; filename="a b.html"',
      CacheControl: "public, max-age=600",
    });
    await copy("served.html");
    expect(await target.getBlobClient("served.html").getProperties()).to.include({
      contentType: "text/html; charset=utf-8",
      contentEncoding: "gzip",
      contentLanguage: "de",
      contentDisposition: 'attachment; filename="a b.html"',
      cacheControl: "public, max-age=600",
      contentLength: body.length,
    });
  });

  describe("of any size", () => {
    for (const [what, bytes, blocks] of [
      ["0 bytes, in one request", 0, 0],
      ["1 byte, in one request", 1, 0],
      ["the most that goes in one request", 8 * MIB, 0],
      ["one byte more, in parts", 8 * MIB + 1, 3],
      ["40 MiB and a bit", 40 * MIB + 7, 11],
    ] as const) {
      it(`carries ${what}`, async () => {
        const body = randomFillSync(Buffer.alloc(bytes));
        await clouds.put(bucket, `size-${bytes}`, body);
        expect(await copy(`size-${bytes}`)).to.equal("copied");
        const { contentLength } = await target.getBlobClient(`size-${bytes}`).getProperties();
        expect(contentLength).to.equal(bytes);
        if (bytes > 0) expect((await read(`size-${bytes}`)).equals(body), "the same bytes").to.equal(true);
        const { committedBlocks = [] } = await target.getBlockBlobClient(`size-${bytes}`).getBlockList("committed");
        expect(committedBlocks).to.have.length(blocks);
      });
    }
  });

  describe("under any key", () => {
    for (const key of [
      "a folder/with spaces.txt",
      "plus+and+plus.txt",
      "percent%20and 100%.txt",
      "unicode/übergrößen-日本語-🙂.txt",
      "?query=1&more#fragment",
      "quotes'and\"brackets[]{}<>",
      "two//slashes",
      "a".repeat(1000),
    ]) {
      it(`carries ${key.slice(0, 40)}`, async () => {
        await clouds.put(bucket, key, key);
        expect(await copy(key)).to.equal("copied");
        const names: string[] = [];
        for await (const { name } of target.listBlobsFlat()) names.push(name);
        expect(names).to.deep.equal([key]);
        expect(String(await read(key))).to.equal(key);
        expect(await copy(key)).to.equal("unchanged");
      });
    }
  });

  describe("where it may not", () => {
    it("refuses to overwrite a blob that somebody else wrote, and leaves it as it is", async () => {
      await clouds.put(bucket, "foreign.txt", "from the primary");
      await target.getBlockBlobClient("foreign.txt").upload("of the standby", 14);
      const { message } = await rejection(copy("foreign.txt"));
      expect(message).to.equal(
        "the blob carries no source record, so it is not the replicator's to overwrite: bring it back by reconcile --back, or delete it",
      );
      expect(String(await read("foreign.txt"))).to.equal("of the standby");
    });

    it("gives a key that Azure would change a name of its own, so that two keys never share a copy", async () => {
      for (const key of ["back\\slash", "back/slash", "dot./dot.", "dot/dot", "folder/", "folder"]) {
        await clouds.put(bucket, key, key);
        expect(await copy(key)).to.equal("copied");
      }
      for (const key of ["back\\slash", "back/slash", "dot./dot.", "dot/dot", "folder/", "folder"]) {
        expect(String(await read(blobNameOf(key)))).to.equal(key);
        expect(await copy(key)).to.equal("unchanged");
      }
    });

    it("stops without any right, and says that it is a matter of rights", async () => {
      await clouds.put(bucket, "denied.txt", "one");
      target = await container.as();
      const { message } = await rejection(copy("denied.txt"));
      expect(message).to.equal('PUT of "denied.txt" was answered with AuthorizationPermissionMismatch (status 403)');
    });

    it("stops with the right to read only, and leaves nothing behind", async () => {
      await clouds.put(bucket, "read-only.txt", "one");
      target = await container.as("read");
      expect((await rejection(copy("read-only.txt"))).message).to.contain("AuthorizationPermissionMismatch");
      expect(await target.getBlobClient("read-only.txt").exists()).to.equal(false);
    });
  });
});
