import { expect } from "chai";
import { BlobClient } from "../../../lambdas/objects/blob-client.ts";
import { BlobStore } from "../../../lambdas/objects/blob-store.ts";
import { writeHint } from "../../../lambdas/objects/events.ts";
import { RefusedError } from "../../../lambdas/objects/rest.ts";
import { BUCKET, MemoryReplicator } from "../../support/memory-replicator.ts";
import { useQuietLog } from "../../support/recorded.ts";

const KEY = "a folder/ü.txt";

const refused = (code: string, status: number) => new RefusedError("PUT", status, code);

describe("a message of the queue", () => {
  useQuietLog();
  const body = writeHint({ bucket: BUCKET, key: KEY });
  let all: MemoryReplicator;

  beforeEach(() => {
    all = new MemoryReplicator();
  });

  describe("is done with", () => {
    it("when the key was copied, which is counted with its bytes and how late it is", async () => {
      all.source.keep(KEY, "one");
      expect(await all.handle(writeHint({ bucket: BUCKET, key: KEY, at: new Date(Date.now() - 5000) }))).to.equal(true);
      expect(String(all.memory.kept.get(KEY)?.content)).to.equal("one");
      expect(all.places()).to.be.empty;
      const { Copied, Bytes, LagMilliseconds = [] } = all.counted();
      expect({ Copied, Bytes }).to.deep.equal({ Copied: [1], Bytes: [3] });
      expect(LagMilliseconds[0]).to.be.within(5000, 15_000);
    });

    it("when it comes twice: the second time there is nothing to do, and that is not late", async () => {
      all.source.keep(KEY, "one");
      await all.handle(body);
      all.counted();
      expect(await all.handle(body)).to.equal(true);
      expect(all.counted()).to.deep.equal({ Unchanged: [1] });
    });

    it("when the key vanished before anybody looked", async () => {
      expect(await all.handle(body)).to.equal(true);
      expect([...all.memory.kept.values()].map(({ state }) => state.gone)).to.deep.equal([true]);
      expect(all.places()).to.be.empty;
    });

    it("when the copy was hidden, because its source is gone", async () => {
      all.source.keep(KEY, "one");
      await all.handle(body);
      all.source.kept.delete(KEY);
      expect(await all.handle(body)).to.equal(true);
      expect(all.memory.kept.get(KEY)?.state.gone).to.equal(true);
      expect(all.counted()).to.deep.include({ Hidden: [1] });
    });

    it("when the bytes came damaged once, and right at another read", async () => {
      all.source.keep(KEY, "one", { checksum: { algorithm: "crc32", value: "7a6c86f1" } });
      let reads = 0;
      all.source.damage = (content) => (++reads === 1 ? Buffer.from("two") : content);
      expect(await all.handle(body)).to.equal(true);
      expect(String(all.memory.kept.get(KEY)?.content)).to.equal("one");
    });

    it("when S3 tests the queue", async () => {
      expect(await all.handle('{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"content"}')).to.equal(true);
      expect(all.places()).to.be.empty;
    });
  });

  describe("is set aside at once, with the reason", () => {
    const faults: [what: string, arrange: () => unknown, reason: string | RegExp][] = [
      [
        "the bytes are not those that the source tells, however often they are read",
        () => all.source.keep(KEY, "one", { checksum: { algorithm: "crc32", value: "00000000" } }),
        "expected the crc32 00000000 that the source tells, found 7a6c86f1",
      ],
      [
        "the object is archived",
        () => {
          all.source.before = () => {
            throw refused("InvalidObjectState", 403);
          };
        },
        "the object is archived; restore it at S3, and its restore brings it here (InvalidObjectState)",
      ],
      [
        "the copy is locked",
        () => {
          all.memory.before = () => {
            throw refused("BlobImmutableDueToPolicy", 409);
          };
        },
        "the copy is locked by an immutability policy (BlobImmutableDueToPolicy)",
      ],
      [
        "somebody holds a lease on the copy",
        () => {
          all.memory.before = () => {
            throw refused("LeaseIdMissing", 412);
          };
        },
        "somebody holds a lease on the copy; break it (LeaseIdMissing)",
      ],
      [
        "the standby wrote the copy itself",
        () => all.memory.keep(KEY, "of the standby"),
        "the blob carries no source record, so it is not the replicator's to overwrite: bring it back by reconcile --back, or delete it",
      ],
      [
        "the metadata is more than Azure holds",
        () => {
          all.source.keep(KEY, "one", { metadata: { long: "x".repeat(9000) } });
          all.target = new BlobStore(new BlobClient("https://nowhere.invalid/c", { getToken: async () => null }));
        },
        /^expected at most 8192 bytes of metadata, which is what Azure holds, found \d+; shorten the metadata/,
      ],
    ];
    for (const [what, arrange, reason] of faults) {
      it(`when ${what}`, async () => {
        all.source.keep(KEY, "one");
        arrange();
        expect(await all.handle(body)).to.equal(true);
        expect(all.places()).to.deep.equal(["dead letters"]);
        expect(all.messages.setAsides[0]).to.deep.include({ body, key: KEY });
        expect(all.messages.setAsides[0]?.reason).to.match(reason instanceof RegExp ? reason : /./);
        if (typeof reason === "string") expect(all.messages.setAsides[0]?.reason).to.equal(reason);
        expect(all.counted()).to.deep.equal({ SetAside: [1] });
      });
    }

    const malformed: Record<string, [body: string, reason: RegExp]> = {
      "it is no event": ["hello", /^expected an S3 event message, found hello$/],
      "its key is wrongly encoded": [body.replace("%C3", "%ZZ"), /^expected a key encoded as in a form, found /],
      "it is of another bucket": [
        writeHint({ bucket: "other", key: KEY }),
        /^expected events of bucket content, found other$/,
      ],
    };
    for (const [what, [text, reason]] of Object.entries(malformed)) {
      it(`when ${what}`, async () => {
        expect(await all.handle(text)).to.equal(true);
        expect(all.places()).to.deep.equal(["dead letters"]);
        expect(all.messages.setAsides[0]).to.deep.include({ body: text, key: undefined });
        expect(all.messages.setAsides[0]?.reason).to.match(reason);
        expect([...all.source.requests, ...all.memory.requests], "neither side is asked").to.be.empty;
      });
    }

    it("whole, when one of its keys can't be copied: the others are copied now or with the redrive", async () => {
      all.source.keep("good.txt", "good");
      const both = {
        Records: [
          { bucket: BUCKET, key: "good.txt" },
          { bucket: "other", key: KEY },
        ].flatMap((hint) => JSON.parse(writeHint(hint)).Records),
      };
      expect(await all.handle(JSON.stringify(both))).to.equal(true);
      expect(String(all.memory.kept.get("good.txt")?.content)).to.equal("good");
      expect(all.messages.setAsides.map(({ body }) => body)).to.deep.equal([JSON.stringify(both)]);
    });
  });
});
