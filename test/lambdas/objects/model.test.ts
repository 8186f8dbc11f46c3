import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { GetObjectCommand, GetObjectTaggingCommand, type S3Client } from "@aws-sdk/client-s3";
import type { TokenCredential } from "@azure/identity";
import type { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { fromBlobMetadata, fromObjectMetadata } from "../../../lambdas/objects/metadata.ts";
import { blobNameOf } from "../../../lambdas/objects/names.ts";
import { compare } from "../../../lambdas/objects/reconcile.ts";
import { S3Store } from "../../../lambdas/objects/s3-store.ts";
import { log } from "../../../lambdas/shared/log.ts";
import { BucketUsers } from "../../support/bucket-users.ts";
import { CommitLog, stepBack } from "../../support/commit-log.ts";
import { useLocalClouds } from "../../support/local-clouds.ts";
import { MemoryQueue } from "../../support/memory-queue.ts";
import { Random } from "../../support/random.ts";
import { ReplicationWorkers } from "../../support/replication-workers.ts";
import { blobStore } from "../../support/stores.ts";

/** MODEL_SEED brings a run again, as far as its timing allows; MODEL_STEPS makes it longer. */
const SEED = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 32);
const STEPS = Number(process.env.MODEL_STEPS ?? 2000);

/** After so many steps everything comes to rest, and both sides are compared. */
const ROUND = 500;

/** Messages that may wait before the users do. */
const MOST_WAITING = 60;

const KEYS = [
  "plain.txt",
  "folder",
  "folder/",
  "back\\slash",
  "back/slash",
  "dots/../up.",
  "two//slashes, plus+ & 50%20?#",
  "ünï/日本語 🙂.txt",
  "⠯ already Braille",
  "line\nfeed\u0085\uf8ff",
  "~last",
  "x".repeat(1000),
];

describe("the replication of objects", () => {
  const clouds = useLocalClouds();
  const { level } = log;
  before(() => {
    log.level = "silent";
  });
  after(() => {
    log.level = level;
  });

  it(`ends with both sides equal after ${STEPS} random steps (MODEL_SEED=${SEED})`, async function () {
    this.timeout(60_000 + STEPS * 200);
    const random = new Random(SEED);
    const bucket = await clouds.bucket();
    const container = await (await clouds.container({ versioned: false })).asWriter();
    const { s3 } = clouds.aws();
    const users = new BucketUsers(s3, bucket, KEYS, random.fork());
    const queue = new MemoryQueue(random.fork());
    const commits = new CommitLog(new URL(container.url).pathname);
    const workers = new ReplicationWorkers({
      s3,
      bucket,
      container: container.url,
      credential: container.credential as TokenCredential,
      queue,
      random: random.fork(),
      onCarriedOut: (carried) => commits.note(carried),
    });
    const source = new S3Store(s3, bucket);
    const copies = blobStore(container);
    const hint = (key: string) => queue.send(eventOf(bucket, key), random.chance(0.5) ? random.below(400) : 0);
    const scan = () => compare(source, copies, { onDifference: ({ key }) => hint(key) });
    workers.start(8);

    for (let step = 1; step <= STEPS; step++) {
      for (const { key, listed } of await users.step()) {
        // What no listing shows only its event can tell.
        if (listed && random.chance(0.6)) continue;
        hint(key);
        if (random.chance(0.1)) hint(key);
      }
      if (random.chance(0.004)) workers.marker.isDeclared = true;
      else if (random.chance(0.04)) workers.marker.isDeclared = false;
      if (!workers.marker.isDeclared && random.chance(0.05)) await queue.messages().unpark();
      if (random.chance(0.003)) await scan();
      while (queue.length > MOST_WAITING) await delay(5);

      if (step % ROUND === 0 || step === STEPS) {
        workers.faults = false;
        workers.marker.isDeclared = false;
        while ((await queue.messages().unpark()) > 0);
        await workers.settle();
        await scan();
        await workers.settle();
        await expectAgreement(step);
        workers.faults = true;
      }
    }
    await workers.stop();

    async function expectAgreement(step: number): Promise<void> {
      expect(queue.deadLetters, `step ${step}`).to.deep.equal([]);
      for (const key of KEYS) {
        const history = users.history.get(key) ?? [];
        const message = `${JSON.stringify(key)} at step ${step}, of ${JSON.stringify(history.slice(-3))}`;
        const primary = await objectAt(s3, bucket, key);
        expect(primary?.content, `the emulator's own ${message}`).to.equal(digestOf(users.contents.get(key)));
        expect(await copyAt(container, key), message).to.deep.equal(primary);
        expect(stepBack(history, commits.of(blobNameOf(key))), message).to.equal(undefined);
      }
      const { digest, ...counts } = await compare(source, copies);
      const keys = users.contents.size;
      expect(counts).to.deep.equal({ keys, agreeing: keys, missing: 0, different: 0, extra: 0, foreign: 0 });
      expect(digest.copies).to.equal(digest.source);
    }
  });
});

/** An S3 event message about one key of a bucket. */
function eventOf(bucket: string, key: string): string {
  const encoded = new URLSearchParams({ key }).toString().slice("key=".length);
  const eventTime = new Date().toISOString();
  return JSON.stringify({ Records: [{ eventTime, s3: { bucket: { name: bucket }, object: { key: encoded } } }] });
}

function digestOf(content: Buffer | undefined): string | undefined {
  return content && `${content.length} bytes, ${createHash("sha256").update(content).digest("hex")}`;
}

/** What users of the primary see under a key. */
async function objectAt(s3: S3Client, Bucket: string, Key: string) {
  try {
    const found = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
    const content = Buffer.from((await found.Body?.transformToByteArray()) ?? []);
    return {
      content: digestOf(content),
      type: found.ContentType,
      encoding: found.ContentEncoding,
      language: found.ContentLanguage,
      disposition: found.ContentDisposition,
      cache: found.CacheControl,
      expires: found.ExpiresString,
      redirect: found.WebsiteRedirectLocation,
      metadata: fromObjectMetadata(found.Metadata ?? {}).metadata,
      tags: Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value])),
    };
  } catch (error) {
    if ((error as Error).name === "NoSuchKey") return undefined;
    throw error;
  }
}

/** What users of the standby see under a key: not what is hidden. */
async function copyAt(container: ContainerClient, key: string) {
  const blob = container.getBlobClient(blobNameOf(key));
  if (!(await blob.exists())) return undefined;
  const found = await blob.getProperties();
  const { metadata, tags, headers, gone } = fromBlobMetadata(found.metadata ?? {});
  if (gone) return undefined;
  const content = found.contentLength === 0 ? Buffer.alloc(0) : await blob.downloadToBuffer();
  return {
    content: digestOf(content),
    type: found.contentType,
    encoding: found.contentEncoding,
    language: found.contentLanguage,
    disposition: found.contentDisposition,
    cache: found.cacheControl,
    expires: headers.expires,
    redirect: headers.redirect,
    metadata,
    tags,
  };
}
