import { expect } from "chai";
import fc from "fast-check";
import { type Rule, type Step, toPrimary, toStandby } from "../../../lambdas/objects/decision.ts";
import type { State } from "../../../lambdas/objects/store.ts";
import { recordOf, stateWith } from "../../support/states.ts";

const SINCE = new Date("2026-11-21T12:00:00Z");
const BEFORE = new Date("2026-11-21T11:59:59Z");

/** A copy of a state, as the replicator leaves it. */
function copyOf(source: State, more: Partial<State> = {}): State {
  return stateWith({ etag: `copy-of-${source.etag}`, tags: source.tags, record: recordOf(source), ...more });
}

const write = (expected: { etag: string } | "nothing"): Step => ({ do: "write", expected });
const hide = (etag: string): Step => ({ do: "hide", expected: { etag } });
const nothing = (outcome: "unchanged" | "gone"): Step => ({ do: "nothing", outcome });

// Few values, so that equal ones meet often.
const time = fc.constantFrom(BEFORE, SINCE, new Date("2026-11-21T12:00:01Z"));
const etag = fc.constantFrom("a", "b", "c");
const version = fc.constantFrom("", "1", "2");
const record = fc.record({ etag, version, bytes: fc.constantFrom(0, 3), modified: time });
const state = fc
  .record({
    ...{ etag, version, modified: time, bytes: fc.constantFrom(0, 3) },
    tags: fc.constantFrom<Record<string, string>[]>({}, { team: "shop" }),
    record: fc.option(record, { nil: undefined }),
    gone: fc.boolean(),
  })
  .map(stateWith);
const perhaps = fc.option(state, { nil: undefined });

/** A blob: only what the replicator wrote is ever hidden. An object of S3 never is. */
const blob = perhaps.filter((found) => !found?.gone || found.record !== undefined);
const object = perhaps.filter((found) => !found?.gone);

describe("what is done for a key", () => {
  const source = stateWith({ etag: "source", tags: { team: "shop" } });

  describe("from the primary to the standby", () => {
    const own = stateWith({ etag: "own" });
    const table: [what: string, source: State | undefined, copy: State | undefined, step: Step][] = [
      ["a tombstone, when there is nothing on either side", undefined, undefined, { do: "hide", expected: "nothing" }],
      ["nothing, when both agree", source, copyOf(source), nothing("unchanged")],
      ["a write, where there is no copy", source, undefined, write("nothing")],
      [
        "a write over a copy of another ETag",
        { ...source, etag: "new" },
        copyOf(source),
        write({ etag: "copy-of-source" }),
      ],
      [
        "a write over a copy of another version",
        { ...source, version: "2" },
        copyOf(source),
        write({ etag: "copy-of-source" }),
      ],
      [
        "a write over a copy of another time",
        { ...source, modified: SINCE },
        copyOf(source),
        write({ etag: "copy-of-source" }),
      ],
      [
        "a write when only the tags changed",
        { ...source, tags: {} },
        copyOf(source),
        write({ etag: "copy-of-source" }),
      ],
      [
        "a write over a tombstone, though it is of the very state that is back",
        source,
        copyOf(source, { gone: true }),
        write({ etag: "copy-of-source" }),
      ],
      ["a tombstone, when the source is gone", undefined, copyOf(source), hide("copy-of-source")],
      [
        "nothing, when the source is gone and its copy hidden",
        undefined,
        copyOf(source, { gone: true }),
        nothing("gone"),
      ],
      ["nothing, when only the standby has something of its own", undefined, own, nothing("gone")],
      [
        "a write over the very blob that the source was copied back from",
        { ...source, record: recordOf(own) },
        own,
        write({ etag: "own" }),
      ],
    ];
    for (const [what, from, copy, step] of table) {
      it(`is ${what}`, () => expect(toStandby(from, copy)).to.deep.equal(step));
    }

    it("is to refuse what the standby wrote itself, and to say so", () => {
      const refusal = toStandby(source, own);
      expect(refusal).to.have.property("do", "refuse");
      expect(refusal).to.have.property("reason").that.contains("no source record");
      const other = { ...source, record: recordOf(stateWith({ etag: "another blob" })) };
      expect(toStandby(other, own), "copied back from an earlier blob").to.have.property("do", "refuse");
    });

    it("is a write over a tombstone of the standby's own that is older, and to refuse where it is newer", () => {
      const removed = stateWith({ etag: "removed", gone: true, modified: SINCE });
      expect(toStandby({ ...source, modified: SINCE }, removed)).to.deep.equal(write({ etag: "removed" }));
      expect(toStandby({ ...source, modified: BEFORE }, removed).do).to.equal("refuse");
    });

    it("never touches a blob without a record, unless the source says that it came from that very blob", () => {
      const touched = ({ record: _, ...copy }: State, from: State | undefined) => {
        const { do: done } = toStandby(from, { ...copy, gone: false });
        const same = from?.record?.etag === copy.etag && !from.gone;
        expect(done === "write", "written").to.equal(same);
        expect(done).to.not.equal("hide");
      };
      fc.assert(fc.property(state, perhaps, touched));
    });

    it("never refuses where there is no copy", () => {
      fc.assert(fc.property(perhaps, (from) => void expect(toStandby(from, undefined).do).to.not.equal("refuse")));
    });
  });

  describe("from the standby back to the primary", () => {
    const rule = toPrimary(SINCE);
    const old = stateWith({ etag: "old", modified: BEFORE });
    const table: [what: string, source: State | undefined, copy: State | undefined, step: Step][] = [
      ["nothing, when the standby has nothing", undefined, old, nothing("unchanged")],
      [
        "nothing, when the standby's is the primary's own",
        stateWith({ record: recordOf(old) }),
        old,
        nothing("unchanged"),
      ],
      ["nothing, when it came back already", source, copyOf(source), nothing("unchanged")],
      ["a write, where the primary has nothing", source, undefined, write("nothing")],
      ["a write over what is older than the declaration", source, old, write({ etag: "old" })],
      [
        "a write over what came back from an earlier blob",
        source,
        copyOf({ ...old, modified: SINCE }, { modified: SINCE }),
        write({ etag: "copy-of-old" }),
      ],
      ["a removal, when the standby's users removed it", { ...source, gone: true }, old, hide("old")],
      ["nothing, when it is removed on both sides", { ...source, gone: true }, undefined, nothing("gone")],
    ];
    for (const [what, from, copy, step] of table) {
      it(`is ${what}`, () => expect(rule(from, copy)).to.deep.equal(step));
    }

    it("is to refuse to write over what is of the moment of the declaration, or later, and to tell both times", () => {
      const refusal = rule(source, { ...old, modified: SINCE });
      expect(refusal).to.have.property("do", "refuse");
      expect(refusal)
        .to.have.property("reason")
        .that.matches(/2026-11-21T12:00:00.000Z, .* 2026-11-21T12:00:00.000Z; decide by hand/);
    });

    it("is to refuse what users renamed since the declaration, though it came back from a blob of before", () => {
      expect(rule(source, copyOf(old, { modified: SINCE })).do).to.equal("refuse");
    });

    it("is to refuse what is of the second of the declaration: S3 tells no more, so it may be of after it", () => {
      const within = toPrimary(new Date("2026-11-21T12:00:00.900Z"));
      expect(within(source, { ...old, modified: SINCE }).do).to.equal("refuse");
      expect(within(source, old).do).to.equal("write");
    });

    it("never touches an object that users wrote since the declaration", () => {
      const held = (from: State | undefined, { record: _, ...copy }: State) => {
        fc.pre(copy.modified >= SINCE);
        expect(rule(from, { ...copy, gone: false }).do).to.be.oneOf(["nothing", "refuse"]);
      };
      fc.assert(fc.property(blob, state, held));
    });

    it("never refuses where the primary has nothing", () => {
      fc.assert(fc.property(blob, (from) => void expect(rule(from, undefined).do).to.not.equal("refuse")));
    });
  });

  /** What stands there after a step. */
  function after(step: Step, source: State | undefined, copy: State | undefined, hidden: State | undefined) {
    if (step.do === "write" && source) return copyOf(source, { etag: "written" });
    return step.do === "hide" ? hidden : copy;
  }

  it("is written only on condition that the copy is still the one that was decided on", () => {
    const conditioned = (rule: Rule) => (from: State | undefined, copy: State | undefined) => {
      const step = rule(from, copy);
      if (step.do !== "write" && step.do !== "hide") return;
      expect(step.expected).to.deep.equal(copy ? { etag: copy.etag } : "nothing");
    };
    fc.assert(fc.property(object, blob, conditioned(toStandby)));
    fc.assert(fc.property(blob, object, conditioned(toPrimary(SINCE))));
  });

  it("leaves nothing to do, once it is done", () => {
    const settled = (rule: Rule, source: State | undefined, copy: State | undefined, hidden: State | undefined) => {
      const step = rule(source, copy);
      if (step.do === "refuse") return;
      expect(rule(source, after(step, source, copy, hidden)).do).to.equal("nothing");
    };
    const tombstone = (copy?: State) => stateWith({ etag: "tombstone", bytes: 0, record: copy?.record, gone: true });
    fc.assert(fc.property(object, blob, (source, copy) => settled(toStandby, source, copy, tombstone(copy))));
    fc.assert(fc.property(blob, object, (source, copy) => settled(toPrimary(SINCE), source, copy, undefined)));
  });
});
