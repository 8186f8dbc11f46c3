import { expect } from "chai";
import fc from "fast-check";
import { momentOf } from "../../../lambdas/database/layout.ts";
import { WrongUsage } from "../../../operations/command.ts";
import { choose, newestOf, readWanted, renderFaults } from "../../../operations/database/choice.ts";
import type { Dump, LookedAt } from "../../../operations/database/dumps.ts";
import { rejection } from "../../support/rejection.ts";
import { manifestOf } from "./dumps-on.ts";

const NOW = new Date("2026-11-21T14:00:00Z");

/** Dumps of nights in November, the newest first, and whoever looks at them. */
function nights(days: number[], broken: number[] = []) {
  const dumps: Dump[] = days
    .toSorted((one, other) => other - one)
    .map((day) => {
      const { kind, dump } = manifestOf(`2026-11-${String(day).padStart(2, "0")}T02:15:00Z`);
      return { kind, dump, begunAt: momentOf(dump) };
    });
  const look = async (dump: Dump): Promise<LookedAt> => ({
    ...dump,
    manifest: manifestOf(dump.begunAt.toISOString()),
    faults: broken.includes(dump.begunAt.getUTCDate()) ? [`${dump.dump} lacks something`] : [],
  });
  return { dumps, look };
}

async function chosen(from: string, { dumps, look }: ReturnType<typeof nights>) {
  const choice = await choose(dumps, readWanted(from, NOW), look);
  return [choice.chosen.dump, ...choice.passedOver.map(({ dump }) => dump)];
}

describe("which dump is meant", () => {
  it("is the newest complete one with latest; what is newer and is not complete is told", async () => {
    expect(await chosen("latest", nights([19, 20, 21]))).to.deep.equal(["20261121T021500Z"]);
    const twoBroken = nights([18, 19, 20, 21], [20, 21]);
    const passed = ["20261121T021500Z", "20261120T021500Z"];
    expect(await chosen("latest", twoBroken)).to.deep.equal(["20261119T021500Z", ...passed]);
  });

  it("is the newest complete one that was begun by a moment", async () => {
    expect(await chosen("2026-11-20T02:15:00Z", nights([19, 20, 21]))).to.deep.equal(["20261120T021500Z"]);
    expect(await chosen("2026-11-20T02:14:59Z", nights([19, 20, 21]))).to.deep.equal(["20261119T021500Z"]);
    expect(await chosen("2026-11-20T04:00:00+02:00", nights([19, 20, 21]))).to.deep.equal(["20261119T021500Z"]);
  });

  it("is never newer than the moment, and nothing complete lies between", async () => {
    const day = fc.integer({ min: 1, max: 20 });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(day, { minLength: 1 }), fc.uniqueArray(day), day, async (days, broken, by) => {
        const there = nights(days, broken);
        const best = Math.max(...days.filter((one) => one <= by && !broken.includes(one)));
        const found = choose(
          there.dumps,
          { by: new Date(`2026-11-${String(by).padStart(2, "0")}T12:00:00Z`) },
          there.look,
        );
        if (best === Number.NEGATIVE_INFINITY) expect((await rejection(found)).message).to.include("found none");
        else expect((await found).chosen.begunAt.getUTCDate()).to.equal(best);
      }),
    );
  });

  it("is one that is named by its id or its manifest, and then no other", async () => {
    expect(await chosen("20261119T021500Z", nights([19, 20, 21]))).to.deep.equal(["20261119T021500Z"]);
    expect(await chosen("manifests/daily/20261119T021500Z.json", nights([19, 20]))).to.deep.equal(["20261119T021500Z"]);
    const failure = await rejection(chosen("20261121T021500Z", nights([19, 20, 21], [21])));
    expect(failure.message).to.match(/20261121T021500Z is not complete[\s\S]*lacks something/);
    expect((await rejection(chosen("20261101T021500Z", nights([19])))).message).to.include("found none of that id");
  });

  it("is not one of another kind than its manifest's name says", async () => {
    const failure = await rejection(chosen("manifests/weekly/20261119T021500Z.json", nights([19, 20])));
    expect(failure.message).to.equal(
      "--from: expected manifests/daily/20261119T021500Z.json, for that dump is a daily one, found " +
        "manifests/weekly/20261119T021500Z.json",
    );
  });

  it("is none where there is none, and the reasons are told", async () => {
    expect((await rejection(chosen("latest", nights([])))).message).to.include("expected a dump on Azure, found none");
    const early = await rejection(chosen("2026-11-18T00:00:00Z", nights([19, 20])));
    expect(early.message).to.include("the oldest of 2 was begun at 2026-11-19T02:15:00.000Z");
    expect((await rejection(chosen("latest", nights([20], [20])))).message).to.include(
      "20261120T021500Z lacks something",
    );
  });

  for (const text of ["", "newest", "2026-11-21", "2026-11-21T02:15:00", "2027-01-01T00:00:00Z", "manifests/x.json"]) {
    it(`is not said by ${JSON.stringify(text)}`, () => {
      expect(() => readWanted(text, NOW)).to.throw(WrongUsage, /^--from: expected/);
    });
  }

  it("is told with its first faults, and how many more there are", () => {
    const faults = Array.from({ length: 25 }, (_, index) => `chunk ${index} is missing`);
    const lines = renderFaults({ faults } as LookedAt).split("\n");
    expect(lines.length).to.equal(11);
    expect(lines.at(-1)).to.equal("  … and 15 more");
  });
});

describe("the newest dump that the controller would load by itself", () => {
  it("is complete, not set aside, and of no date that is still to come", async () => {
    const { dumps, look } = nights([18, 19, 20, 23], [20]);
    const newest = async (...aside: string[]) =>
      (
        await newestOf(
          dumps,
          aside.map((dump) => ({ dump, reason: "" })),
          look,
          NOW,
        )
      )?.dump;
    expect(await newest()).to.equal("20261119T021500Z");
    expect(await newest("20261119T021500Z")).to.equal("20261118T021500Z");
    expect(await newest("20261119T021500Z", "20261118T021500Z")).to.equal(undefined);
  });
});
