import { randomFillSync } from "node:crypto";
import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { type Options, replicate } from "../../../lambdas/objects/replicate.ts";
import { S3Store } from "../../../lambdas/objects/s3-store.ts";
import { type TestContainer, useLocalClouds } from "../../support/local-clouds.ts";
import { rejection } from "../../support/rejection.ts";
import { blobStore, smallBudget } from "../../support/stores.ts";

const MIB = 1024 * 1024;

describe("copying a large object", () => {
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

  const source = () => new S3Store(clouds.aws().s3, bucket);
  const copy = async (key: string, options: Partial<Options> = {}) =>
    (await replicate(source(), blobStore(target), key, { budget: smallBudget(), ...options })).outcome;
  const uncommitted = async (key: string) =>
    (await target.getBlockBlobClient(key).getBlockList("uncommitted")).uncommittedBlocks ?? [];

  async function expectSame(key: string, body: Buffer) {
    expect((await target.getBlobClient(key).downloadToBuffer()).equals(body), "the same bytes").to.equal(true);
  }

  it("goes on in another invocation where the time was up", async () => {
    const body = randomFillSync(Buffer.alloc(20 * MIB + 5));
    await clouds.put(bucket, "long.bin", body);
    for (let parts = 1; parts <= 5; parts++) {
      const { message } = await rejection(copy("long.bin", { deadline: 0 }));
      expect(message).to.equal(`${parts} of 6 parts are there`);
      expect(await uncommitted("long.bin")).to.have.length(parts);
      expect(await target.getBlobClient("long.bin").exists(), "shown before it is whole").to.equal(false);
    }
    expect(await copy("long.bin", { deadline: 0 })).to.equal("copied");
    await expectSame("long.bin", body);
  });

  it("begins anew when the object has changed between two invocations", async () => {
    await clouds.put(bucket, "changed.bin", randomFillSync(Buffer.alloc(10 * MIB)));
    await rejection(copy("changed.bin", { deadline: 0 }));
    const body = randomFillSync(Buffer.alloc(10 * MIB));
    await clouds.put(bucket, "changed.bin", body);
    expect(await copy("changed.bin")).to.equal("copied");
    await expectSame("changed.bin", body);
  });

  for (const content of ["small", ""]) {
    it(`gives way to ${content === "" ? "an empty" : "a small"} object that took its place half-way`, async () => {
      await clouds.put(bucket, "shrunk.bin", randomFillSync(Buffer.alloc(10 * MIB)));
      await rejection(copy("shrunk.bin", { deadline: 0 }));
      await clouds.put(bucket, "shrunk.bin", content);
      expect(await copy("shrunk.bin")).to.equal("copied");
      await expectSame("shrunk.bin", Buffer.from(content));
    });
  }

  for (const ChecksumAlgorithm of ["CRC32", "CRC64NVME"] as const) {
    it(`tells the ${ChecksumAlgorithm} of the whole, put together from those of the parts of two invocations`, async () => {
      const body = randomFillSync(Buffer.alloc(10 * MIB));
      await clouds.put(bucket, "sum.bin", body, { ChecksumAlgorithm });
      await rejection(copy("sum.bin", { deadline: 0 }));
      await copy("sum.bin");
      const told = (await source().look("sum.bin"))?.checksum;
      expect(told?.algorithm).to.equal(ChecksumAlgorithm.toLowerCase());
      const { metadata } = await target.getBlobClient("sum.bin").getProperties();
      expect(metadata?.dr_checksum).to.equal(`${told?.algorithm}:${told?.value}`);
    });
  }

  describe("by the target's own fetching", () => {
    it("brings the bytes without reading them here", async () => {
      const body = randomFillSync(Buffer.alloc(10 * MIB));
      await clouds.put(bucket, "pulled.bin", body, { ChecksumAlgorithm: "CRC64NVME" });
      const store = source();
      store.openAt = () => Promise.reject(new Error("read here"));
      const { outcome } = await replicate(store, blobStore(target), "pulled.bin", {
        budget: smallBudget(),
        pull: true,
      });
      expect(outcome).to.equal("copied");
      await expectSame("pulled.bin", body);
      const { metadata } = await target.getBlobClient("pulled.bin").getProperties();
      const told = (await source().look("pulled.bin"))?.checksum;
      expect(metadata?.dr_checksum, "checked all the same").to.equal(`crc64nvme:${told?.value}`);
    });

    it("streams what the target cannot fetch", async () => {
      const body = randomFillSync(Buffer.alloc(10 * MIB));
      await clouds.put(bucket, "refused.bin", body);
      const store = source();
      store.sign = async () => "https://127.0.0.1:1/nobody-is-here";
      const warnings: string[] = [];
      const { outcome } = await replicate(store, blobStore(target, warnings), "refused.bin", {
        budget: smallBudget(),
        pull: true,
      });
      expect(outcome).to.equal("copied");
      expect(warnings).to.have.length.within(1, 3);
      expect(warnings[0]).to.contain("CannotVerifyCopySource");
      await expectSame("refused.bin", body);
    });

    it("streams an object whose URL is too long to be fetched from", async () => {
      const key = `${"long/".repeat(199)}key`;
      const body = randomFillSync(Buffer.alloc(9 * MIB));
      await clouds.put(bucket, key, body);
      const store = source();
      const sign = store.sign.bind(store);
      store.sign = async (...args) => `${await sign(...args)}&${"x".repeat(1000)}`;
      expect((await replicate(store, blobStore(target), key, { budget: smallBudget(), pull: true })).outcome).to.equal(
        "copied",
      );
      await expectSame(key, body);
    });
  });
});
