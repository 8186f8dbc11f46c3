import { expect } from "chai";
import fc from "fast-check";
import type { Difference } from "../../../lambdas/objects/comparison.ts";
import { blobNameOf } from "../../../lambdas/objects/names.ts";
import { type CompareOptions, type Comparison, compare } from "../../../lambdas/objects/reconcile.ts";
import type { State } from "../../../lambdas/objects/store.ts";
import { ListedSide } from "../../support/listed-side.ts";
import { rejection } from "../../support/rejection.ts";
import { recordOf, stateWith } from "../../support/states.ts";

/** How the standby orders blobs: by their names, which are not always the keys, and by UTF-16 like JavaScript. */
function byName(one: string, other: string): number {
  const [first, second] = [blobNameOf(one), blobNameOf(other)];
  return first < second ? -1 : first > second ? 1 : 0;
}

describe("the comparison of both sides", () => {
  let source: ListedSide;
  let copies: ListedSide;

  beforeEach(() => {
    source = new ListedSide();
    copies = new ListedSide(byName);
  });

  /** An object, and its copy as the replicator leaves it. */
  function both(key: string, more: Partial<State> = {}, of: Partial<State> = {}): State {
    const state = source.put(key, more);
    copies.put(key, { etag: `copy of ${state.etag}`, bytes: state.bytes, record: recordOf(state), ...of });
    return state;
  }

  /** The comparison, and what it found: each key, and how it differs. */
  async function compared(options: CompareOptions = {}): Promise<Comparison & { found: Record<string, string> }> {
    const found: Record<string, string> = {};
    const onDifference = ({ key, kind, why }: Difference) => {
      expect(found, "told once").to.not.have.property(key);
      found[key] = `${kind}: ${why}`;
    };
    return { ...(await compare(source, copies, { onDifference, ...options })), found };
  }

  const agreed = ({ digest }: Comparison) => digest.source === digest.copies;

  it("of nothing is agreement", async () => {
    const result = await compared();
    expect(result).to.deep.include({ keys: 0, agreeing: 0, missing: 0, different: 0, extra: 0, foreign: 0 });
    expect(agreed(result)).to.equal(true);
  });

  it("proves agreement by one digest, without a look at any key", async () => {
    for (const key of ["a", "b/c", "ü"]) both(key);
    const result = await compared();
    expect(result).to.deep.include({ keys: 3, agreeing: 3, missing: 0, different: 0, extra: 0, found: {} });
    expect(result.digest.source).to.match(/^[0-9a-f]{64}$/);
    expect(agreed(result)).to.equal(true);
    expect([...source.looks, ...copies.looks]).to.be.empty;
  });

  const ten = new Date("2026-11-21T10:00:00Z");
  const md5 = (value: string) => ({ algorithm: "md5", value: value.repeat(32) }) as const;
  const damaged = { etag: "a".repeat(32), checksum: md5("a") };
  const cases: [what: string, arrange: () => unknown, kind: string][] = [
    ["no copy", () => source.put("k"), "missing: there is no copy"],
    ["a hidden copy", () => both("k", {}, { gone: true }), "missing: the copy is hidden"],
    [
      "a copy of another ETag",
      () => both("k", { etag: "new" }, { record: recordOf(stateWith({ etag: "old" })) }),
      "different: the copy is of ETag old, the source's is new",
    ],
    [
      "a copy of another time",
      () => both("k", {}, { record: recordOf(stateWith({ modified: new Date(0) })) }),
      `different: the copy is of 1970-01-01T00:00:00.000Z, the source is of ${ten.toISOString()}`,
    ],
    ["a copy of another length", () => both("k", {}, { bytes: 2 }), "different: the copy has 2 bytes, the source 3"],
    [
      "a copy with other bytes",
      () => both("k", damaged, { checksum: md5("b") }),
      `different: the copy's bytes have the MD5 ${"b".repeat(32)}, the source's ${"a".repeat(32)}`,
    ],
    [
      "a blob of the standby's own",
      () => both("k", {}, { record: undefined }),
      "foreign: the standby wrote it, or hid it, itself",
    ],
    ["a copy of what is gone", () => copies.put("k", { record: recordOf(stateWith()) }), "extra: the source is gone"],
  ];
  for (const [what, arrange, kind] of cases) {
    it(`tells of ${what}, between keys that agree`, async () => {
      both("j");
      both("l");
      arrange();
      const result = await compared();
      expect(result.found).to.deep.equal({ k: kind });
      expect(result[kind.slice(0, kind.indexOf(":")) as Difference["kind"]]).to.equal(1);
      expect(result.agreeing).to.equal(2);
      expect(agreed(result)).to.equal(false);
    });
  }

  it("takes a tombstone of what is gone for agreement, and what only the standby has for its own", async () => {
    copies.put("hidden", { record: recordOf(stateWith()), gone: true });
    copies.put("own");
    const result = await compared();
    expect(result).to.deep.include({ keys: 0, extra: 0, foreign: 1, found: {} });
    expect(agreed(result)).to.equal(true);
  });

  it("looks at the keys with a prefix only, and at every one of them", async () => {
    for (const key of ["img", "img/a", "img/b", "video"]) source.put(key);
    expect(Object.keys((await compared({ prefix: "img/" })).found)).to.have.members(["img/a", "img/b"]);
  });

  describe("while users write", () => {
    it("looks again before it tells of a difference: what was copied meanwhile agrees", async () => {
      const state = source.put("k");
      source.before = () => copies.put("k", { record: recordOf(state) });
      copies.before = () => {};
      const result = await compared();
      expect(result.found).to.be.empty;
      expect(result.agreeing).to.equal(1);
      expect(agreed(result)).to.equal(true);
    });

    it("does not tell of what was deleted meanwhile on both sides", async () => {
      both("k", { etag: "new" }, { record: recordOf(stateWith({ etag: "old" })) });
      const look = source.look.bind(source);
      source.look = (key) => {
        source.states.delete(key);
        copies.states.delete(key);
        return look(key);
      };
      const { found, digest } = await compared();
      expect(found).to.be.empty;
      expect(digest.source).to.equal(digest.copies);
    });

    it("tells of a copy whose source was deleted meanwhile", async () => {
      both("k", { etag: "new" }, { record: recordOf(stateWith({ etag: "old" })) });
      const look = source.look.bind(source);
      source.look = (key) => {
        source.states.delete(key);
        return look(key);
      };
      expect((await compared()).found).to.deep.equal({ k: "extra: the source is gone" });
    });
  });

  // Names whose order differs between the sides, and names that stand for other keys.
  const key = fc.oneof(
    fc.constantFrom("a", "a/", "a.", "a-", "b\\", "b/", "🙂", "\uff01", "\ue000", "z"),
    fc.string({ unit: fc.constantFrom("a", "/", ".", "-", "🙂", "\uffe5", "⠯", "\\"), minLength: 1, maxLength: 4 }),
  );
  const fate = fc.constantFrom("agree", "agree", "missing", "different", "hidden", "extra", "tombstone", "own");

  it("comes to equal digests when and only when the sides agree, whatever the orders of their names", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(key, fate), { selector: ([key]) => key, maxLength: 40, size: "max" }),
        async (all) => {
          source = new ListedSide();
          copies = new ListedSide(byName);
          for (const [key, fate] of all) {
            if (fate === "agree") both(key);
            if (fate === "missing") source.put(key);
            if (fate === "different") both(key, {}, { record: recordOf(stateWith({ etag: "old" })) });
            if (fate === "hidden") both(key, {}, { gone: true });
            if (fate === "extra") copies.put(key, { record: recordOf(stateWith()) });
            if (fate === "tombstone") copies.put(key, { record: recordOf(stateWith()), gone: true });
            if (fate === "own") copies.put(key);
          }
          const count = (...fates: string[]) => all.filter(([, fate]) => fates.includes(fate)).length;
          const result = await compared();
          expect(result).to.deep.include({
            keys: count("agree", "missing", "different", "hidden"),
            agreeing: count("agree"),
            missing: count("missing", "hidden"),
            different: count("different"),
            extra: count("extra"),
            foreign: count("own"),
          });
          expect(agreed(result)).to.equal(count("missing", "different", "hidden", "extra") === 0);
        },
      ),
      { numRuns: 300 },
    );
  });

  describe("that cannot go on", () => {
    it("fails with what a look failed with", async () => {
      for (let count = 0; count < 100; count++) source.put(`key-${count}`);
      copies.look = async () => {
        throw new Error("throttled");
      };
      expect((await rejection(compared())).message).to.equal("throttled");
    });

    it("stops when it is told to", async () => {
      both("a");
      const reason = new Error("interrupted");
      expect(await rejection(compared({ signal: AbortSignal.abort(reason) }))).to.equal(reason);
    });

    it("fails with what its listener fails with, so that no difference is lost", async () => {
      source.put("a");
      const onDifference = async () => {
        throw new Error("the queue did not take it");
      };
      expect((await rejection(compared({ onDifference }))).message).to.equal("the queue did not take it");
    });
  });
});
