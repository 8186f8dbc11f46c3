import { expect } from "chai";
import fc from "fast-check";
import { writeHint } from "../../../lambdas/objects/events.ts";
import { RefusedError } from "../../../lambdas/objects/rest.ts";
import { MOST_TRIES } from "../../../lambdas/objects/tries.ts";
import { BUCKET, MemoryReplicator } from "../../support/memory-replicator.ts";
import { useQuietLog } from "../../support/recorded.ts";

const MIB = 1024 * 1024;
const KEY = "a folder/ü.txt";

const refused = (code: string, status: number) => new RefusedError('PUT of "a"', status, code);
const accessDenied = refused("AccessDenied", 403);

describe("a message of the queue that cannot be done with now", () => {
  useQuietLog();
  const body = writeHint({ bucket: BUCKET, key: KEY });
  let all: MemoryReplicator;

  beforeEach(() => {
    all = new MemoryReplicator();
  });

  describe("that may not be worked on", () => {
    for (const [side, deny] of [
      [
        "the source",
        () => {
          all.source.before = () => {
            throw accessDenied;
          };
        },
      ],
      [
        "the copy",
        () => {
          all.memory.before = () => {
            throw refused("AuthorizationPermissionMismatch", 403);
          };
        },
      ],
    ] as const) {
      it(`comes again nine times, in case a right is only new, and is set aside then (${side})`, async () => {
        all.source.keep(KEY, "one");
        deny();
        for (let receives = 1; receives < 10; receives++) expect(await all.handle(body, receives)).to.equal(false);
        expect(all.places()).to.deep.equal(Array(9).fill("again"));
        expect(await all.handle(body, 10)).to.equal(true);
        expect(all.messages.setAsides).to.have.length(1);
        expect(all.messages.setAsides[0]?.reason).to.match(/AccessDenied|AuthorizationPermissionMismatch/);
      });

      it(`is parked while the content is declared lost, without a try being counted (${side})`, async () => {
        all.source.keep(KEY, "one");
        deny();
        // The right is gone before the marker is read by whoever may write.
        let asked = 0;
        all.marker.says = () => ++asked > (side === "the copy" ? 1 : 0);
        expect(await all.handle(body, 99)).to.equal(true);
        expect(all.places()).to.deep.equal(["parked"]);
        expect(all.messages.parked).to.deep.equal([body]);
        expect(all.counted()).to.deep.equal({ Parked: [1] });
      });
    }

    it("is parked before anything is written, when the marker is there", async () => {
      all.source.keep(KEY, "one");
      all.marker.says = () => true;
      expect(await all.handle(body)).to.equal(true);
      expect(all.messages.parked).to.deep.equal([body]);
      expect(all.memory.kept).to.be.empty;
    });

    it("is parked rather than hide a copy, when the marker is there", async () => {
      all.source.keep(KEY, "one");
      await all.handle(body);
      all.source.kept.delete(KEY);
      all.marker.says = () => true;
      await all.handle(body);
      expect(all.messages.parked).to.deep.equal([body]);
      expect(all.memory.kept.get(KEY)?.state.gone).to.equal(false);
    });
  });

  describe("comes again", () => {
    it("when a side is throttled or broken, ever later, and never is set aside for that", async () => {
      all.source.keep(KEY, "one");
      all.memory.before = () => {
        throw refused("ServerBusy", 503);
      };
      for (const receives of [1, 5, 50, 99]) expect(await all.handle(body, receives)).to.equal(false);
      const [first, , , last] = all.messages.waits.map(({ seconds }) => seconds);
      expect(first).to.be.within(2, 5);
      expect(last).to.be.within(450, 900);
      expect(all.messages.waits[0]?.receiptHandle).to.equal("handle-1");
      expect(all.places()).to.deep.equal(Array(4).fill("again"));
      expect(all.counted()).to.deep.equal({ Retried: [1, 1, 1, 1] });
    });

    it("until the queue would set it aside without a reason: then the replicator does so with one", async () => {
      all.source.keep(KEY, "one");
      all.memory.before = () => {
        throw refused("ServerBusy", 503);
      };
      expect(await all.handle(body, MOST_TRIES - 1)).to.equal(false);
      expect(await all.handle(body, MOST_TRIES)).to.equal(true);
      expect(all.places()).to.deep.equal(["dead letters", "again"]);
      expect(all.messages.setAsides[0]?.reason).to.include("ServerBusy");
    });

    it("in the queue's own time, when even its queue does not answer: that never fails a whole batch", async () => {
      all.source.keep(KEY, "one");
      all.messages.failure = new Error("the queue does not answer");
      for (const text of ["hello", body]) {
        if (text === body) all.memory.before = () => Promise.reject(refused("ServerBusy", 503));
        expect(await all.handle(text)).to.equal(false);
      }
    });
  });

  it("about a large object goes to the queue again until the object is there, and no longer", async () => {
    const content = Buffer.alloc(9 * MIB, "large");
    all.source.keep(KEY, content);
    let rounds = 0;
    for (let next: string | undefined = body; next; next = all.messages.sent.shift()) {
      expect(await all.handle(next, 1, 0)).to.equal(true);
      expect(next, "the very message, so that it tells how late it is").to.equal(body);
      rounds += 1;
    }
    expect(rounds).to.equal(3);
    expect(all.memory.kept.get(KEY)?.content.equals(content)).to.equal(true);
    expect(all.places()).to.be.empty;
  });

  it("is in one place afterwards, whatever goes wrong when: in none only when its key is copied", async () => {
    const errors = [refused("ServerBusy", 503), refused("BlobImmutableDueToPolicy", 409), accessDenied, new Error("?")];
    const fault = fc.record({ at: fc.nat(6), error: fc.constantFrom(...errors), side: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fault,
        fc.integer({ min: 1, max: 100 }),
        fc.boolean(),
        async ({ at, error, side }, receives, declared) => {
          all = new MemoryReplicator();
          all.marker.says = () => declared;
          all.source.keep(KEY, "one");
          let requests = 0;
          (side ? all.source : all.memory).before = () => {
            if (requests++ === at) throw error;
          };
          const done = await all.handle(body, receives);
          const there = all.places();
          if (there.length === 0) expect(String(all.memory.kept.get(KEY)?.content)).to.equal("one");
          else expect(there).to.have.length(1);
          expect(done).to.equal(there[0] !== "again");
        },
      ),
    );
  });
});
