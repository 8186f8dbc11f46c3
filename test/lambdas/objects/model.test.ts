import { setTimeout as delay } from "node:timers/promises";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import type { TokenCredential } from "@azure/identity";
import { expect } from "chai";
import pLimit from "p-limit";
import { toPrimary } from "../../../lambdas/objects/decision.ts";
import { Permanent } from "../../../lambdas/objects/failure.ts";
import { blobNameOf } from "../../../lambdas/objects/names.ts";
import { compare } from "../../../lambdas/objects/reconcile.ts";
import { replicate } from "../../../lambdas/objects/replicate.ts";
import { S3Store } from "../../../lambdas/objects/s3-store.ts";
import { log } from "../../../lambdas/shared/log.ts";
import { blobAt, digestOf, objectAt } from "../../support/both-sides.ts";
import { BucketUsers } from "../../support/bucket-users.ts";
import { CommitLog, stepBack } from "../../support/commit-log.ts";
import { ContainerUsers } from "../../support/container-users.ts";
import { faultOf, type Service } from "../../support/faults.ts";
import type { Asked } from "../../support/faulty-proxy.ts";
import { FaultySides } from "../../support/faulty-sides.ts";
import { useLocalClouds } from "../../support/local-clouds.ts";
import { MemoryQueue } from "../../support/memory-queue.ts";
import { Random } from "../../support/random.ts";
import { ReplicationWorkers } from "../../support/replication-workers.ts";
import { blobStore, smallBudget } from "../../support/stores.ts";

/** MODEL_SEED brings a run again, as far as its timing allows; MODEL_STEPS makes it longer. */
const SEED = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 32);
const STEPS = Number(process.env.MODEL_STEPS ?? 1000);

/** After so many steps everything comes to rest, and both sides are compared. */
const ROUND = 250;

/** Messages that may wait before the users do. */
const MOST_WAITING = 60;

/** What the users of both sides do before, in and after a disaster. */
const DISASTER = { before: 30, during: 60, after: 20 };

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

describe("the replication of objects, by random", () => {
  const clouds = useLocalClouds();
  const { level } = log;
  let stop = async () => {};
  before(() => {
    log.level = "silent";
  });
  afterEach(async () => {
    await stop();
    stop = async () => {};
  });
  after(() => {
    log.level = level;
  });

  it(`ends with both sides equal after ${STEPS} steps (MODEL_SEED=${SEED})`, async function () {
    this.timeout(60_000 + STEPS * 200);
    const random = new Random(SEED);
    const { s3 } = clouds.aws();
    const bucket = await clouds.bucket();
    const container = await (await clouds.container({ versioned: false })).asWriter();
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
    /** Keys of which the last event was dropped. */
    const unheard = new Set<string>();
    const scan = async () => {
      const keys: string[] = [];
      await compare(source, copies, { onDifference: ({ key }) => void keys.push(key) });
      for (const key of keys) hint(key);
      return keys;
    };
    workers.start(8);
    stop = () => workers.stop();

    for (let step = 1; step <= STEPS; step++) {
      for (const { key, listed } of await users.step()) {
        unheard.add(key);
        // What no listing shows only its event can tell.
        if (listed && random.chance(0.6)) continue;
        unheard.delete(key);
        hint(key);
        if (random.chance(0.1)) hint(key);
      }
      if (random.chance(0.004)) workers.marker.isDeclared = true;
      else if (random.chance(0.04)) workers.marker.isDeclared = false;
      if (!workers.marker.isDeclared && random.chance(0.05)) await queue.messages().unpark();
      if (random.chance(0.003)) await scan();
      while (queue.length > MOST_WAITING) await delay(5);
      if (step % ROUND === 0 || step === STEPS) await rest(`at step ${step}`);
    }

    /** Lets everything be done, with nothing going wrong any more, and expects both sides to be equal. */
    async function rest(when: string): Promise<void> {
      workers.faults = false;
      workers.marker.isDeclared = false;
      while ((await queue.messages().unpark()) > 0);
      await workers.settle();
      const late = [...workers.late].map((path) => commits.blobOf(path));
      const excused = (key: string) => unheard.has(key) || late.includes(blobNameOf(key));
      const found = await scan();
      expect(
        found.filter((key) => !excused(key)),
        `what events alone did not bring ${when}`,
      ).to.deep.equal([]);
      unheard.clear();
      workers.late.clear();
      await workers.settle();

      expect(queue.deadLetters, when).to.deep.equal([]);
      for (const key of KEYS) {
        const history = users.history.get(key) ?? [];
        const message = `${JSON.stringify(key)} ${when}, lastly ${JSON.stringify(history.slice(-3))}`;
        const object = await objectAt(s3, bucket, key);
        const content = users.contents.get(key);
        expect(object?.content, `the emulator's own ${message}`).to.equal(content && digestOf(content));
        expect(await blobAt(container, key), message).to.deep.equal(object);
        expect(stepBack(history, commits.of(blobNameOf(key))), message).to.equal(undefined);
      }
      const { digest, ...counts } = await compare(source, copies);
      const keys = users.contents.size;
      expect(counts).to.deep.equal({ keys, agreeing: keys, missing: 0, different: 0, extra: 0, foreign: 0 });
      expect(digest.copies).to.equal(digest.source);
      workers.faults = true;
    }
  });

  const disasters = Math.ceil(STEPS / 500);
  it(`brings back what the standby wrote in each of ${disasters} disasters (MODEL_SEED=${SEED})`, async function () {
    this.timeout(60_000 + disasters * 60_000);
    const random = new Random(SEED);
    const { s3 } = clouds.aws();
    const bucket = await clouds.bucket();
    const within = await clouds.container({ versioned: false });
    const container = await within.as("read", "write", "add/action", "delete", "tags/write");
    const primary = new BucketUsers(s3, bucket, KEYS, random.fork());
    const objects = new S3Store(s3, bucket);
    const blobs = blobStore(container);
    const credential = container.credential as TokenCredential;

    for (let disaster = 1; disaster <= disasters; disaster++) {
      const when = `disaster ${disaster}`;
      for (let step = 0; step < DISASTER.before; step++) await primary.step();
      await forward(when);

      // Times are of whole seconds, and a timer may be a little early.
      await delay(1010 - (Date.now() % 1000));
      const since = new Date(Math.floor(Date.now() / 1000) * 1000);
      const versions = await versionsNow();
      const standby = new ContainerUsers(container, KEYS, random.fork());
      for (let step = 0; step < DISASTER.during; step++) {
        await (random.chance(0.8) ? standby.step() : primary.step());
      }

      const written = await versionsNow();
      const before = await seen();
      const refused = await back(since);
      const after = await seen();
      for (const [index, key] of KEYS.entries()) {
        const message = `${JSON.stringify(key)} in ${when}`;
        const edited = standby.edited.has(key);
        const conflict = edited && written[index] !== undefined && written[index] !== versions[index];
        const expected = edited && !conflict ? before[index]?.blob : before[index]?.object;
        expect(refused.includes(key), `whether ${message} is refused`).to.equal(conflict);
        expect(after[index]?.blob, `${message}, at the standby`).to.deep.equal(before[index]?.blob);
        expect(after[index]?.object, message).to.deep.equal(expected);
      }

      // Somebody decides.
      for (const key of refused) {
        if (random.chance(0.5)) await container.deleteBlob(blobNameOf(key));
        else await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      }
      expect(await back(since), `refused after ${when}`).to.deep.equal([]);
      await forward(`after ${when}`);
      for (let step = 0; step < DISASTER.after; step++) await primary.step();
      await forward(`later after ${when}`);
    }

    /** Version of each object. */
    async function versionsNow(): Promise<(string | undefined)[]> {
      return Promise.all(KEYS.map(async (key) => (await objects.look(key))?.version));
    }

    /** What users see on each side. */
    async function seen() {
      return Promise.all(
        KEYS.map(async (key) => ({ object: await objectAt(s3, bucket, key), blob: await blobAt(container, key) })),
      );
    }

    /** From the standby to the primary, while much goes wrong. @returns the keys that were refused */
    async function back(since: Date): Promise<string[]> {
      const faults = random.fork();
      const choose = (service: Service, asked: Asked) => faultOf(faults, service, asked);
      const sides = await FaultySides.start({ s3, bucket, container: container.url, credential, choose });
      const refused = new Set<string>();
      const limit = pLimit(6);
      const bring = async (key: string) => {
        for (let tries = 1; ; tries++) {
          try {
            await replicate(sides.blobs, sides.objects, key, { rule: toPrimary(since), budget: smallBudget() });
            return;
          } catch (error) {
            if (error instanceof Permanent) return void refused.add(key);
            if (tries === 50) throw error;
          }
        }
      };
      const own: string[] = [];
      for await (const { key, record, modified } of blobs.list("")) {
        if (!record && modified >= since) own.push(key);
      }
      await Promise.all([...own, ...own].map((key) => limit(() => bring(key))));
      await sides.close();
      return KEYS.filter((key) => refused.has(key));
    }

    /** From the primary to the standby; both are equal then. */
    async function forward(when: string): Promise<void> {
      for (const key of KEYS) await replicate(objects, blobs, key, { budget: smallBudget() });
      for (const [index, { object, blob }] of (await seen()).entries()) {
        expect(blob, `${JSON.stringify(KEYS[index])} ${when}`).to.deep.equal(object);
      }
      const { digest, keys, agreeing } = await compare(objects, blobs);
      expect({ agreeing, digest: digest.copies }, when).to.deep.equal({ agreeing: keys, digest: digest.source });
      await primary.lookAround();
    }
  });
});

/** An S3 event message about one key of a bucket. */
function eventOf(bucket: string, key: string): string {
  const encoded = new URLSearchParams({ key }).toString().slice("key=".length);
  const eventTime = new Date().toISOString();
  return JSON.stringify({ Records: [{ eventTime, s3: { bucket: { name: bucket }, object: { key: encoded } } }] });
}
