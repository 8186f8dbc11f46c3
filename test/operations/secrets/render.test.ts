import { expect } from "chai";
import type { Comparison } from "../../../lambdas/secrets/drift.ts";
import { renderComparison, summaryOf } from "../../../operations/secrets/render.ts";
import { problemsOf } from "../../../operations/status/problems.ts";
import { renderStatus } from "../../../operations/status/render.ts";
import { factsWith } from "../status/all-well.ts";

const DRIFTED: Comparison = {
  secrets: 12,
  drift: [
    { secret: "shop/api", kind: "stale", version: "v2", copied: "v1" },
    { secret: "shop/new", kind: "missing", version: "v1" },
    { secret: "shop/old", kind: "extra", copied: "v9" },
  ],
};

describe("how secrets stand, for people", () => {
  it("is one word where all agree", () => {
    expect(renderComparison({ secrets: 12, drift: [] })).to.equal(
      "12 secrets cross, and every copy is as it should be.",
    );
    expect(summaryOf({ secrets: 12, drift: [] })).to.equal("12 secrets, each as at the primary");
  });

  it("names each that differs by its kind, with the versions' ids", () => {
    expect(renderComparison(DRIFTED).split("\n")).to.deep.equal([
      "12 secrets cross. Copies that differ:",
      "  missing (no copy yet): 1",
      '      "shop/new", version v1 at the primary',
      "  stale (the copy is of another version, or its tags are others): 1",
      '      "shop/api", version v2 at the primary, v1 in the vault',
      "  extra (the copy can be read, and its source is gone or not tagged any more): 1",
      '      "shop/old", v9 in the vault',
    ]);
    expect(summaryOf(DRIFTED)).to.equal("12 secrets; 1 missing: shop/new; 1 stale: shop/api; 1 extra: shop/old");
  });

  it("names five of many in a line", () => {
    const drift = Array.from({ length: 8 }, (_, index) => ({ secret: `s${index}`, kind: "missing" as const }));
    expect(summaryOf({ secrets: 8, drift })).to.equal("8 secrets; 8 missing: s0, s1, s2, s3, s4 and 3 more");
  });
});

describe("the status of secrets", () => {
  const lineOf = (secrets: Parameters<typeof factsWith>[0]) =>
    renderStatus(factsWith(secrets), [])
      .split("\n")
      .find((line) => /^ {2}vault /.test(line)) ?? "";

  it("says how many follow, that none do, or why it can't be told", () => {
    expect(lineOf({})).to.match(/3 secrets, each as at the primary$/);
    expect(lineOf({ secrets: null })).to.match(/no secrets follow$/);
    expect(lineOf({ secrets: { unknown: "no answer within 2.5 s" } })).to.match(
      /can't be told: no answer within 2.5 s$/,
    );
  });

  it("is amiss where copies differ, and only there", () => {
    expect(problemsOf(factsWith())).to.deep.equal([]);
    expect(problemsOf(factsWith({ secrets: null }))).to.deep.equal([]);
    expect(problemsOf(factsWith({ secrets: { unknown: "dead" } }))).to.deep.equal([]);
    const [problem, ...others] = problemsOf(factsWith({ secrets: DRIFTED }));
    expect(others).to.be.empty;
    expect(problem).to.include({
      subject: "secrets",
      problem: "copies differ: 12 secrets; 1 missing: shop/new; 1 stale: shop/api; 1 extra: shop/old",
    });
  });
});
