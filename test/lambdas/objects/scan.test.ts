import { DeleteObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { Replicator } from "../../../lambdas/objects/batch.ts";
import type { BlobStore } from "../../../lambdas/objects/blob-store.ts";
import { readHints } from "../../../lambdas/objects/events.ts";
import { replicate } from "../../../lambdas/objects/replicate.ts";
import { S3Store } from "../../../lambdas/objects/s3-store.ts";
import { checkItems, type Items, seekSurplus } from "../../../lambdas/objects/scan.ts";
import { Metrics } from "../../../lambdas/shared/metrics.ts";
import { type TestContainer, useLocalClouds } from "../../support/local-clouds.ts";
import { RecordedMessages, SteeredMarker, useQuietLog } from "../../support/recorded.ts";
import { blobStore, smallBudget } from "../../support/stores.ts";

describe("a scan of all keys", () => {
  useQuietLog();
  const clouds = useLocalClouds();
  let bucket: string;
  let container: TestContainer;
  let copies: BlobStore;
  let messages: RecordedMessages;
  let replicator: Replicator;

  beforeEach(async () => {
    bucket = await clouds.bucket();
    container = await clouds.container();
    copies = blobStore(await container.asWriter());
    messages = new RecordedMessages();
    const source = new S3Store(clouds.aws().s3, bucket);
    const own = { marker: new SteeredMarker(), metrics: new Metrics(), budget: smallBudget(), pull: false };
    replicator = { source, target: copies, bucket, messages, ...own };
  });

  /** Puts objects; those whose names do not begin with `new` are copied. */
  async function put(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await clouds.put(bucket, key, key);
      if (!key.startsWith("new")) await replicate(replicator.source, copies, key, { budget: smallBudget() });
    }
  }

  const remove = (Key: string) => clouds.aws().s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));

  /** The keys that messages were sent for. */
  const told = () => messages.sent.flatMap(readHints).map(({ key }) => key);

  describe("of the objects", () => {
    /** The bucket as a Distributed Map lists it. */
    async function listing(): Promise<Items> {
      const { Contents = [] } = await clouds.aws().s3.send(new ListObjectsV2Command({ Bucket: bucket }));
      return {
        Items: Contents.map(({ Key = "", Size = 0, ETag = "", LastModified = new Date(0) }) => ({
          ...{ Key, Size, Etag: ETag, StorageClass: "STANDARD" },
          LastModified: Math.floor(LastModified.getTime() / 1000),
        })),
      };
    }

    /** The bucket as an inventory has it. */
    async function inventory(): Promise<Items> {
      const { Items } = await listing();
      return {
        Items: Items.map((item) => ({
          ...{ Bucket: bucket, Key: new URLSearchParams({ key: item.Key }).toString().slice("key=".length) },
          ...{ Size: String(item.Size), ETag: "Etag" in item ? item.Etag.replaceAll('"', "") : "" },
          LastModifiedDate: new Date(Number("LastModified" in item && item.LastModified) * 1000).toISOString(),
        })),
      };
    }

    for (const [what, items] of Object.entries({ "a listing": listing, "an inventory": inventory })) {
      it(`has those looked at that have no copy, another or a hidden one, and no others (${what})`, async () => {
        await put("same.txt", "new +1 ü%.txt", "changed.txt", "back.txt", "a b/same+ü.txt");
        await clouds.put(bucket, "changed.txt", "otherwise");
        await remove("back.txt");
        await replicate(replicator.source, copies, "back.txt", { budget: smallBudget() });
        await clouds.put(bucket, "back.txt", "again");
        expect(await checkItems(replicator, await items())).to.deep.equal({ checked: 5, missing: 2, different: 1 });
        expect(told()).to.have.members(["new +1 ü%.txt", "changed.txt", "back.txt"]);
        expect(messages.sent.flatMap(readHints).every((hint) => hint.bucket === bucket)).to.equal(true);
      });
    }

    it("leaves what the standby wrote itself: it would only be set aside", async () => {
      await put("new.txt");
      const own = (await container.asWriter()).getBlockBlobClient("new.txt");
      await own.upload("of the standby", 14);
      expect(await checkItems(replicator, await listing())).to.deep.equal({ checked: 1, missing: 0, different: 0 });
      expect(told()).to.be.empty;
    });

    it("sends a message for each of many", async () => {
      await put(...Array.from({ length: 45 }, (_, index) => `new-${index}`));
      expect(await checkItems(replicator, await listing())).to.deep.equal({ checked: 45, missing: 45, different: 0 });
      expect(new Set(told()).size).to.equal(45);
    });
  });

  describe("of the copies", () => {
    const seek = (deadline = Number.POSITIVE_INFINITY, after: string | null = null, prefix?: string) =>
      seekSurplus(replicator, copies, { after, prefix }, deadline);

    it("has those looked at whose source is gone, but neither tombstones nor the standby's own", async () => {
      await put("same.txt", "gone \\.txt", "hidden.txt");
      await remove("gone \\.txt");
      await remove("hidden.txt");
      await replicate(replicator.source, copies, "hidden.txt", { budget: smallBudget() });
      await (await container.asWriter()).getBlockBlobClient("own.txt").upload("own", 3);
      expect(await seek()).to.deep.equal({ checked: 2, extra: 1, after: null });
      expect(told()).to.deep.equal(["gone \\.txt"]);
    });

    it("keeps to a prefix", async () => {
      await put("img/a", "video/a");
      await remove("img/a");
      await remove("video/a");
      expect(await seek(undefined, null, "img/")).to.deep.equal({ checked: 1, extra: 1, after: null });
      expect(told()).to.deep.equal(["img/a"]);
    });

    it("goes on in another call where the time of one was up, and comes to all", async () => {
      await put("a", "b", "c", "d", "e");
      for (const key of ["a", "c", "e"]) await remove(key);
      // Pages of one blob each, where Azure has 5,000.
      const { page } = copies;
      const keys = ["a", "b", "c", "d", "e"];
      copies.page = async (prefix, marker) => {
        const { blobs } = await page.call(copies, prefix, "");
        const at = marker === "" ? 0 : Number(marker);
        return { blobs: blobs.filter(({ key }) => key === keys[at]), next: at + 1 < keys.length ? String(at + 1) : "" };
      };
      const answers = [];
      let after: string | null = null;
      do {
        const answer = await seek(0, after);
        answers.push(answer);
        after = answer.after;
      } while (after !== null);
      expect(answers.map(({ after }) => after)).to.deep.equal(["1", "2", "3", "4", null]);
      expect(told()).to.deep.equal(["a", "c", "e"]);
    });
  });
});
