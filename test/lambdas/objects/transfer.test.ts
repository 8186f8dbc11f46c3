import { randomFillSync } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import { Budget } from "../../../lambdas/objects/budget.ts";
import { checksumOf, partChecks } from "../../../lambdas/objects/checksum.ts";
import { Fenced, Unfinished } from "../../../lambdas/objects/failure.ts";
import { Corrupted } from "../../../lambdas/objects/read-whole.ts";
import { Overtaken, type State } from "../../../lambdas/objects/store.ts";
import { carryParts, type Passage } from "../../../lambdas/objects/transfer.ts";
import { MemorySide } from "../../support/memory-side.ts";
import { rejection } from "../../support/rejection.ts";
import { recordOf } from "../../support/states.ts";

const PART = 1000;
const KEY = "large.bin";

describe("carrying a large object", () => {
  let source: MemorySide;
  let target: MemorySide;
  let content: Buffer;
  let state: State;

  beforeEach(() => {
    source = new MemorySide();
    target = new MemorySide(PART);
    content = randomFillSync(Buffer.alloc(4500));
    state = source.keep(KEY, content, {
      checksum: { algorithm: "crc64nvme", value: checksumOf("crc64nvme", content) },
    });
  });

  function carry(more: Partial<Passage> = {}): Promise<void> {
    const { headers, metadata, tags } = more.state ?? state;
    const description = { headers, metadata, tags, record: recordOf(more.state ?? state) };
    return carryParts({
      ...{ source, target, key: KEY, state, description, expected: "nothing", budget: new Budget(3 * PART) },
      ...{ deadline: Number.POSITIVE_INFINITY, pull: false, afresh: false, mayWrite: async () => {} },
      ...more,
    });
  }

  const copied = () => target.kept.get(KEY)?.content;
  const requestsOf = (side: MemorySide, kind: string) => side.requests.filter((request) => request.startsWith(kind));

  it("brings all its bytes, in parts, and shows it when all are there", async () => {
    target.before = (request) => {
      if (!request.startsWith("commit")) expect(copied(), `before ${request}`).to.equal(undefined);
    };
    await carry();
    expect(copied()?.equals(content)).to.equal(true);
    expect(requestsOf(target, "write")).to.have.length(5);
    expect(requestsOf(source, "read"), "in one go").to.have.length(1);
    expect(target.kept.get(KEY)?.state.record?.checksum).to.deep.equal(state.checksum);
  });

  it("of any length, through parts of any size", async () => {
    const some = fc.uint8Array({ minLength: 1, maxLength: 5000, size: "max" });
    await fc.assert(
      fc.asyncProperty(some, fc.integer({ min: 50, max: 6000 }), async (bytes, part) => {
        target = new MemorySide(part);
        await carry({ state: source.keep(KEY, Buffer.from(bytes)), budget: new Budget(1) });
        expect(copied()?.equals(bytes)).to.equal(true);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps a checksum of what was read where the source tells none", async () => {
    await carry({ state: source.keep(KEY, content) });
    const checksum = { algorithm: "crc32", value: checksumOf("crc32", content) };
    expect(target.kept.get(KEY)?.state.record?.checksum).to.deep.equal(checksum);
  });

  describe("that comes damaged", () => {
    const damages: Record<string, [damage: (content: Buffer) => Buffer, message: RegExp]> = {
      "too short": [(bytes) => bytes.subarray(0, -1), /^expected 4500 bytes, found 4499$/],
      "short by a part": [(bytes) => bytes.subarray(0, 3000), /^expected 4500 bytes, found 3000$/],
      "too long": [(bytes) => Buffer.concat([bytes, Buffer.alloc(1)]), /^expected 4500 bytes, found 4501 and more$/],
      "with a wrong bit": [
        (bytes) => Buffer.from(bytes).fill((bytes[2500] ?? 0) ^ 1, 2500, 2501),
        /^expected the crc64nvme [0-9a-f]{16} that the source tells, found [0-9a-f]{16}$/,
      ],
    };
    for (const [what, [damage, message]] of Object.entries(damages)) {
      it(`${what} shows nothing, and says how it is damaged`, async () => {
        source.damage = damage;
        const error = await rejection(carry());
        expect(error).to.be.instanceOf(Corrupted);
        expect(error.message).to.match(message);
        expect(copied()).to.equal(undefined);
        expect(requestsOf(target, "commit")).to.be.empty;
      });
    }

    it("is noticed by its MD5 too, when that is what the source tells", async () => {
      const md5 = { algorithm: "md5", value: "0".repeat(32) } as const;
      const error = await rejection(carry({ state: { ...state, checksum: md5 } }));
      expect(error).to.be.instanceOf(Corrupted);
      expect(error.message).to.contain("expected the md5 00000000000000000000000000000000");
    });
  });

  describe("that an earlier invocation left", () => {
    /** Carries until the time is up, which is after the first part. */
    async function begin(): Promise<void> {
      expect(await rejection(carry({ deadline: 0 }))).to.be.instanceOf(Unfinished);
      target.requests.length = 0;
      source.requests.length = 0;
    }

    it("says how far it came, and got further by a part at least, however little time there was", async () => {
      const { message } = await rejection(carry({ deadline: 0 }));
      expect(message).to.equal("1 of 5 parts are there");
      expect((await rejection(carry({ deadline: 0 }))).message).to.equal("2 of 5 parts are there");
    });

    it("goes on where it stopped: no part is read or sent twice", async () => {
      await begin();
      await carry();
      expect(copied()?.equals(content)).to.equal(true);
      expect(requestsOf(target, "write")).to.deep.equal(["write 1", "write 2", "write 3", "write 4"]);
      expect(requestsOf(source, "read")).to.deep.equal([`read ${KEY} from 1000`]);
    });

    it("sends only what is missing between parts that are there", async () => {
      const { of } = partChecks("crc64nvme");
      for (const number of [0, 2, 4]) {
        const part = content.subarray(number * PART, (number + 1) * PART);
        target.ready.set(number, { content: part, id: of(part) });
      }
      await carry();
      expect(requestsOf(target, "write")).to.deep.equal(["write 1", "write 3"]);
      expect(copied()?.equals(content)).to.equal(true);
    });

    it("only has to be shown, when all parts are there", async () => {
      target.before = (request) => {
        if (request.startsWith("commit")) throw new Error("the end of the invocation");
      };
      await rejection(carry());
      target.before = () => {};
      source.requests.length = 0;
      await carry();
      expect(source.requests).to.be.empty;
      expect(copied()?.equals(content)).to.equal(true);
    });

    it("is noticed when it was damaged before, and then brought afresh", async () => {
      source.damage = (bytes) => Buffer.from(bytes).fill((bytes[0] ?? 0) ^ 1, 0, 1);
      await begin();
      source.damage = (bytes) => bytes;
      expect(await rejection(carry())).to.be.instanceOf(Corrupted);
      expect(await rejection(carry()), "what is there stays damaged").to.be.instanceOf(Corrupted);
      expect(copied()).to.equal(undefined);
      await carry({ afresh: true });
      expect(copied()?.equals(content)).to.equal(true);
    });
  });

  describe("while others are at work", () => {
    it("never shows a mixture when the object changes between the parts", async () => {
      await rejection(carry({ deadline: 0 }));
      source.keep(KEY, randomFillSync(Buffer.alloc(4500)));
      expect(await rejection(carry())).to.be.instanceOf(Overtaken);
      expect(copied()).to.equal(undefined);
    });

    it("does not write over a copy that somebody else made meanwhile", async () => {
      target.before = (request) => {
        if (request === "write 4") target.keep(KEY, "of another");
      };
      expect(await rejection(carry())).to.be.instanceOf(Overtaken);
      expect(String(copied())).to.equal("of another");
    });

    it("writes nothing more once the content is declared lost", async () => {
      let declared = false;
      const mayWrite = async () => {
        if (declared) throw new Fenced("declared");
      };
      target.before = (request) => {
        declared ||= request === "write 4";
      };
      expect(await rejection(carry({ mayWrite }))).to.be.instanceOf(Fenced);
      expect(requestsOf(target, "commit")).to.be.empty;
      expect(await rejection(carry({ mayWrite }))).to.be.instanceOf(Fenced);
      expect(requestsOf(target, "parts"), "not even begun").to.have.length(1);
    });
  });

  describe("of which a part is refused", () => {
    for (const number of [0, 2, 4]) {
      it(`fails for just that reason, shows nothing, and gives its memory back (part ${number})`, async () => {
        const budget = new Budget(3 * PART);
        target.before = async (request) => {
          if (request === `write ${number}`) throw new Error("refused");
        };
        expect((await rejection(carry({ budget }))).message).to.equal("refused");
        expect(requestsOf(target, "commit")).to.be.empty;
        expect(await budget.within(3 * PART, async () => "all of it"), "hangs if some is still out").to.equal(
          "all of it",
        );
      });
    }
  });

  it("never holds more parts at once than the budget has room for, and not all of it for one object", async () => {
    let held = 0;
    let most = 0;
    target.before = (request) => (request.startsWith("write") ? delay(2) : undefined);
    const budget = new Budget(100 * PART);
    const { take } = budget;
    budget.take = async (bytes) => {
      const release = await take.call(budget, bytes);
      most = Math.max(most, ++held);
      return () => {
        held -= 1;
        release();
      };
    };
    await carry({ budget, state: source.keep(KEY, Buffer.alloc(50 * PART)) });
    expect(most, "three on their way and one that fills").to.be.at.most(4);
    expect(held).to.equal(0);
  });
});
