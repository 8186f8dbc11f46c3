import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { DeleteObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { replicate } from "../../../lambdas/objects/replicate.ts";
import { RefusedError } from "../../../lambdas/objects/rest.ts";
import { S3Store } from "../../../lambdas/objects/s3-store.ts";
import type { Source } from "../../../lambdas/objects/store.ts";
import { type TestContainer, useLocalClouds } from "../../support/local-clouds.ts";
import { rejection } from "../../support/rejection.ts";
import { blobStore, smallBudget } from "../../support/stores.ts";

/** When something else happens: before the source is asked, or after it has answered. */
type Moment = "before HeadObject" | "before GetObject" | "after GetObject";

describe("copying an object while others are at work", () => {
  const clouds = useLocalClouds();
  let bucket: string;
  let container: TestContainer;
  let target: ContainerClient;

  before(async () => {
    bucket = await clouds.bucket();
  });
  beforeEach(async () => {
    container = await clouds.container();
    target = await container.asWriter();
  });

  const read = async (key: string) => String(await target.getBlobClient(key).downloadToBuffer());

  const primary = () => new S3Store(clouds.aws().s3, bucket);
  const copy = async (source: Source, key: string, to = target) =>
    (await replicate(source, blobStore(to), key, { budget: smallBudget() })).outcome;

  /** The source, on which something happens at a moment; it gets the how-manieth time it is, from 1. */
  function sourceOn(moment: Moment, happen: (time: number) => Promise<unknown>): Source {
    const source = primary();
    const [when, command] = moment.split(" ");
    let time = 0;
    const on = async <T>(name: string, ask: () => Promise<T>): Promise<T> => {
      if (name !== command) return ask();
      time += 1;
      if (when === "before") await happen(time);
      const answer = await ask();
      if (when === "after") await happen(time);
      return answer;
    };
    return {
      look: (key) => on("HeadObject", () => source.look(key)),
      open: (key) => on("GetObject", () => source.open(key)),
      openAt: (key, state, offset) => on("GetObject", () => source.openAt(key, state, offset)),
    };
  }

  describe("on the source", () => {
    for (const moment of ["before GetObject", "after GetObject"] as const) {
      it(`ends in the newest state when the object changes ${moment.toLowerCase()}`, async () => {
        await clouds.put(bucket, "moving.txt", "old");
        const source = sourceOn(moment, async (time) => {
          if (time === 1) await clouds.put(bucket, "moving.txt", "new");
        });
        await copy(source, "moving.txt");
        // Of the change there is an event too.
        await copy(source, "moving.txt");
        expect(await read("moving.txt")).to.equal("new");
        expect(await copy(source, "moving.txt")).to.equal("unchanged");
      });
    }

    it("sees for itself what changes during a write that takes long", async () => {
      await clouds.put(bucket, "slow.txt", "old");
      const source = sourceOn("after GetObject", async (time) => {
        if (time > 1) return;
        await clouds.put(bucket, "slow.txt", "new");
      });
      const slow = blobStore(target);
      const put = slow.put.bind(slow);
      slow.put = async (...args) => {
        await delay(1100);
        return put(...args);
      };
      const { outcome } = await replicate(source, slow, "slow.txt", { budget: smallBudget() });
      expect(outcome).to.equal("copied");
      expect(await read("slow.txt")).to.equal("new");
    });

    it("writes on the copy the state that was read, not the one that was seen before", async () => {
      await clouds.put(bucket, "twice.txt", "same", { ContentType: "text/plain" });
      // The same bytes have the same ETag, so the read goes through, and it is of the newer version.
      let reads = 0;
      const source = sourceOn("before GetObject", async (time) => {
        reads = time;
        if (time === 1) await clouds.put(bucket, "twice.txt", "same", { ContentType: "text/html" });
      });
      await copy(source, "twice.txt");
      expect(reads, "a second read would be for a record that is out of date").to.equal(1);
      const { metadata, contentType } = await target.getBlobClient("twice.txt").getProperties();
      const { VersionId } = await clouds.aws().s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "twice.txt" }));
      expect(metadata?.dr_version).to.equal(VersionId);
      expect(contentType).to.equal("text/html");
    });

    it("gives the message back when somebody else is always faster", async () => {
      await clouds.put(bucket, "restless.txt", "0");
      const source = primary();
      let time = 0;
      // Before each write there is a newer state, and somebody else has brought it.
      const hurried = async <T>(opened: T): Promise<T> => {
        await clouds.put(bucket, "restless.txt", String(++time));
        await copy(primary(), "restless.txt");
        await clouds.put(bucket, "restless.txt", "newer still");
        return opened;
      };
      const late: Source = {
        look: (key) => source.look(key),
        openAt: async (key, state, offset) => hurried(await source.openAt(key, state, offset)),
        open: async (key) => hurried(await source.open(key)),
      };
      const { message } = await rejection(copy(late, "restless.txt"));
      expect(message).to.equal("one of both sides changed 5 times while the object was copied");
      expect(await read("restless.txt")).to.equal("5");
    });
  });

  describe("that ends", () => {
    it("does not bring back what was deleted, and was never copied, while it was read", async () => {
      await clouds.put(bucket, "fleeting.txt", "one");
      const source = sourceOn("after GetObject", async (time) => {
        if (time > 1) return;
        await clouds.aws().s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "fleeting.txt" }));
        expect(await copy(primary(), "fleeting.txt"), "the event of the deletion").to.equal("gone");
      });
      expect(await copy(source, "fleeting.txt")).to.equal("gone");
      expect((await target.getBlobClient("fleeting.txt").getProperties()).metadata).to.have.property("dr_gone");
    });
  });

  describe("on the copy", () => {
    it("ends in one right copy when two work on one key, and both know", async () => {
      await clouds.put(bucket, "shared.txt", "one");
      // Neither reads before both have seen that there is no copy yet.
      const { promise: bothHere, resolve: go } = Promise.withResolvers<void>();
      let here = 0;
      const meet = async (time: number) => {
        if (time === 1 && ++here === 2) go();
        await bothHere;
      };
      const outcomes = await Promise.all([1, 2].map(() => copy(sourceOn("before GetObject", meet), "shared.txt")));
      expect(outcomes).to.have.members(["copied", "unchanged"]);
      expect(await read("shared.txt")).to.equal("one");
    });

    it("never goes back to an older state, when the one with the older is slower", async () => {
      await clouds.put(bucket, "slow.txt", "first");
      await copy(primary(), "slow.txt");
      await clouds.put(bucket, "slow.txt", "second");
      // The slow one has read the second state; before it writes, another one carries the third.
      const slow = sourceOn("after GetObject", async (time) => {
        if (time > 1) return;
        await clouds.put(bucket, "slow.txt", "third");
        await copy(primary(), "slow.txt");
      });
      await copy(slow, "slow.txt");
      expect(await read("slow.txt")).to.equal("third");
    });

    it("does not overwrite what the standby writes between the look and the write", async () => {
      await clouds.put(bucket, "taken.txt", "from the primary");
      const source = sourceOn("before GetObject", async (time) => {
        if (time === 1) await target.getBlockBlobClient("taken.txt").upload("of the standby", 14);
      });
      const { message } = await rejection(copy(source, "taken.txt"));
      expect(message).to.contain("not the replicator's to overwrite");
      expect(await read("taken.txt")).to.equal("of the standby");
    });

    it("does not overwrite what the standby writes over a copy between the look and the write", async () => {
      await clouds.put(bucket, "edited.txt", "one");
      await copy(primary(), "edited.txt");
      await clouds.put(bucket, "edited.txt", "two");
      const source = sourceOn("after GetObject", async (time) => {
        if (time === 1) await target.getBlockBlobClient("edited.txt").upload("of the standby", 14);
      });
      const { message } = await rejection(copy(source, "edited.txt"));
      expect(message).to.contain("not the replicator's to overwrite");
      expect(await read("edited.txt")).to.equal("of the standby");
    });
  });

  describe("when something breaks", () => {
    const ETAG = '"00000000000000000000000000000000"';
    let server: Server;
    afterEach(() => {
      server?.closeAllConnections();
      server?.close();
    });

    /** A bucket with one object of so many bytes, which it gives as it is told to. */
    async function bucketWith(bytes: number, give: (response: ServerResponse) => void): Promise<S3Store> {
      server = createServer((request, response) => {
        response.writeHead(200, { etag: ETAG, "content-length": String(bytes) });
        if (request.method === "HEAD") response.end();
        else give(response);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const credentials = { accessKeyId: "test", secretAccessKey: "test" };
      return new S3Store(new S3Client({ endpoint, region: "eu-central-1", credentials }), bucket);
    }

    it("leaves no copy of an object that came by half, and does not wait for the rest", async () => {
      const source = await bucketWith(1000, (response) => response.write("x".repeat(500), () => response.destroy()));
      const error = await rejection(copy(source, "half.txt"));
      expect(error.message).to.match(/aborted|closed|lost/i);
      expect(await target.getBlobClient("half.txt").exists()).to.equal(false);
    });

    it("says when an object may not even be looked at", async () => {
      await clouds.put(bucket, "secret.txt", "one");
      const { endpoint, region } = clouds.aws().s3.config;
      const credentials = { accessKeyId: "AKIAUNKNOWNUNKNOWN00", secretAccessKey: "unknown" };
      const stranger = new S3Store(new S3Client({ endpoint, region, credentials }), bucket);
      const { message } = await rejection(copy(stranger, "secret.txt"));
      expect(message).to.equal('GET of "secret.txt" was answered with InvalidAccessKeyId (status 403)');
    });

    it("gives its connections to the source back, so that failures never use them up", async () => {
      const bytes = 9 * 1024 * 1024;
      const content = Buffer.alloc(bytes);
      const source = await bucketWith(bytes, (response) => response.end(content));
      const readOnly = await container.as("read");
      // One more than there are connections.
      for (let time = 0; time < 65; time++) {
        const error = await rejection(copy(source, "large.bin", readOnly));
        expect(error).to.be.instanceOf(RefusedError).with.property("status", 403);
      }
      expect((await source.look("large.bin"))?.bytes).to.equal(bytes);
    });
  });
});
