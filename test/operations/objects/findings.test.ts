import { expect } from "chai";
import type { Difference } from "../../../lambdas/objects/comparison.ts";
import { readHints } from "../../../lambdas/objects/events.ts";
import type { Comparison } from "../../../lambdas/objects/reconcile.ts";
import { agree, Findings, renderComparison } from "../../../operations/objects/findings.ts";
import { Repair } from "../../../operations/objects/repair.ts";

const SAME = { source: "ab", copies: "ab" };

function comparison(more: Partial<Comparison> = {}): Comparison {
  return { keys: 0, agreeing: 0, missing: 0, different: 0, extra: 0, foreign: 0, digest: SAME, ...more };
}

function missing(key: string): Difference {
  return { key, kind: "missing", why: "there is no copy" };
}

describe("findings of a comparison", () => {
  it("agree when the digests of both sides do, and only then", () => {
    expect(agree(comparison())).to.equal(true);
    expect(agree(comparison({ digest: { source: "ab", copies: "cd" } }))).to.equal(false);
  });

  it("show both digests and what they mean", () => {
    const text = renderComparison(comparison({ keys: 3, agreeing: 3 }), new Findings(20));
    expect(text).to.include("Digest of the primary: ab").and.include("Digest of the copies:  ab");
    expect(text).to.match(/The two sides agree\.$/);
  });

  it("show the first keys of each kind, and how many more there are", () => {
    const findings = new Findings(2);
    for (const key of ["a", "b", "c"]) findings.add(missing(key));
    findings.add({ key: "z", kind: "extra", why: "the source is gone" });
    const text = renderComparison(comparison({ missing: 3, extra: 1, digest: { ...SAME, copies: "cd" } }), findings);
    expect(text).to.include('"a": there is no copy').and.include('"z": the source is gone').and.include("… and 1 more");
    expect(text).not.to.include('"c"');
    expect(text).to.match(/The two sides differ\.$/);
    expect(findings.list().map(({ key }) => key)).to.deep.equal(["a", "b", "z"]);
  });
});

describe("repairing what differs", () => {
  /** A queue that remembers what it was sent, request by request. */
  function remembering() {
    const sent: string[][] = [];
    return { sent, enqueue: async (bodies: string[]) => void sent.push(bodies) };
  }

  it("sends the replicator to each key that differs, whatever its name", async () => {
    const queue = remembering();
    const repair = new Repair(queue, "photos");
    for (const key of ["a b+c", "ü%20"]) await repair.add(missing(key));
    await repair.flush();
    expect(repair.sent).to.equal(2);
    expect(
      queue.sent
        .flat()
        .flatMap(readHints)
        .map(({ bucket, key }) => [bucket, key]),
    ).to.deep.equal([
      ["photos", "a b+c"],
      ["photos", "ü%20"],
    ]);
  });

  it("sends as it goes: nothing grows with the number of differences", async () => {
    const queue = remembering();
    const repair = new Repair(queue, "photos");
    for (let index = 0; index < 250; index++) await repair.add(missing(`key-${index}`));
    expect(queue.sent.map(({ length }) => length)).to.deep.equal([100, 100]);
    await repair.flush();
    expect(repair.sent).to.equal(250);
  });

  it("leaves alone what the standby wrote itself", async () => {
    const queue = remembering();
    const repair = new Repair(queue, "photos");
    await repair.add({ key: "own", kind: "foreign", why: "the standby wrote it itself" });
    await repair.flush();
    expect(queue.sent.flat()).to.deep.equal([]);
  });
});
