import { randomFillSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { BlobError } from "../../../lambdas/objects/blob-client.ts";
import { replicate } from "../../../lambdas/objects/replicate.ts";
import { S3Store } from "../../../lambdas/objects/s3-store.ts";
import { type TestContainer, useLocalClouds } from "../../support/local-clouds.ts";
import { blobStore, smallBudget } from "../../support/stores.ts";
import { rejection } from "../../support/rejection.ts";

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

  const copy = async (source: S3Client, key: string, to = target) =>
    (await replicate(new S3Store(source, bucket), blobStore(to), key, { budget: smallBudget() })).outcome;

  /** The source, on which something happens at a moment; it gets the how-manieth time it is, from 1. */
  function sourceOn(moment: Moment, happen: (time: number) => Promise<unknown>): S3Client {
    const { s3 } = clouds.aws();
    const [when, command] = moment.split(" ");
    let time = 0;
    s3.middlewareStack.add(
      (next, context) => async (args) => {
        const ours = context.commandName === `${command}Command`;
        if (ours) time += 1;
        if (ours && when === "before") await happen(time);
        const answer = await next(args);
        if (ours && when === "after") await happen(time);
        return answer;
      },
      { step: "initialize", name: "happen" },
    );
    return s3;
  }

  describe("on the source", () => {
    for (const moment of ["before GetObject", "after GetObject"] as const) {
      it(`ends in the newest state when the object changes ${moment.toLowerCase()}`, async () => {
        await clouds.put(bucket, "moving.txt", "old");
        const source = sourceOn(moment, async (time) => {
          if (time === 1) await clouds.put(bucket, "moving.txt", "new");
        });
        expect(await copy(source, "moving.txt")).to.equal("copied");
        expect(await read("moving.txt")).to.equal("new");
        expect(await copy(source, "moving.txt")).to.equal("unchanged");
      });
    }

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
      const { VersionId } = await source.send(new HeadObjectCommand({ Bucket: bucket, Key: "twice.txt" }));
      expect(metadata?.dr_version).to.equal(VersionId);
      expect(contentType).to.equal("text/html");
    });

    it("gives the message back when the object never stands still", async () => {
      await clouds.put(bucket, "restless.txt", "0");
      const source = sourceOn("after GetObject", (time) => clouds.put(bucket, "restless.txt", String(time)));
      const { message } = await rejection(copy(source, "restless.txt"));
      expect(message).to.equal("one of both sides changed 5 times while the object was copied");
      expect(await read("restless.txt")).to.equal("4");
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
      const outcomes = await Promise.all(
        [1, 2].map(() => copy(sourceOn("before GetObject", meet), "shared.txt")),
      );
      expect(outcomes).to.have.members(["copied", "unchanged"]);
      expect(await read("shared.txt")).to.equal("one");
    });

    it("never goes back to an older state, when the one with the older is slower", async () => {
      await clouds.put(bucket, "slow.txt", "first");
      await copy(clouds.aws().s3, "slow.txt");
      await clouds.put(bucket, "slow.txt", "second");
      // The slow one has read the second state; before it writes, another one carries the third.
      const slow = sourceOn("after GetObject", async (time) => {
        if (time > 1) return;
        await clouds.put(bucket, "slow.txt", "third");
        await copy(clouds.aws().s3, "slow.txt");
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
      await copy(clouds.aws().s3, "edited.txt");
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
    it("leaves no copy of an object that came by half, and does not wait for the rest", async () => {
      // A source that promises 1,000 bytes, gives 500, and is gone.
      const server = createServer((request, response) => {
        response.writeHead(200, { etag: '"00000000000000000000000000000000"', "content-length": "1000" });
        if (request.method === "HEAD") response.end();
        else response.write("x".repeat(500), () => response.destroy());
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const source = new S3Client({
          endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          region: "eu-central-1",
          credentials: { accessKeyId: "test", secretAccessKey: "test" },
          forcePathStyle: true,
        });
        const error = await rejection(copy(source, "half.txt"));
        expect(error.message).to.match(/aborted|closed|lost/i);
        expect(await target.getBlobClient("half.txt").exists()).to.equal(false);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });

    it("says when an object may not even be looked at", async () => {
      await clouds.put(bucket, "secret.txt", "one");
      const { endpoint, region } = clouds.aws().s3.config;
      const stranger = new S3Client({
        endpoint,
        region,
        credentials: { accessKeyId: "AKIAUNKNOWNUNKNOWN00", secretAccessKey: "unknown" },
      });
      const { message } = await rejection(copy(stranger, "secret.txt"));
      expect(message).to.contain("Access Key Id");
    });

    it("gives its connection to the source back, so that failures never use them up", async () => {
      await clouds.put(bucket, "large.bin", randomFillSync(Buffer.alloc(40 * 1024 * 1024)));
      const source = clouds.s3With(1);
      const readOnly = await container.as("read");
      const error = await rejection(copy(source, "large.bin", readOnly));
      expect(error).to.be.instanceOf(BlobError).with.property("status", 403);
      // Hangs for ever if the one connection is still at the object of which nobody reads the rest.
      const look = source.send(new HeadObjectCommand({ Bucket: bucket, Key: "large.bin" }), {
        abortSignal: AbortSignal.timeout(5000),
      });
      expect((await look).ContentLength).to.equal(40 * 1024 * 1024);
    });
  });
});
