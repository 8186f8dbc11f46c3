import { expect } from "chai";
import fc from "fast-check";
import type { Reality, SeenData } from "../../../lambdas/standby/next-step.ts";
import { nextStep } from "../../../lambdas/standby/next-step.ts";
import { readiness } from "../../../lambdas/standby/ready.ts";
import { READY, readyPath, readyText, SWITCHED, type Switched } from "../../../lambdas/standby/ready-file.ts";
import { type Planned, planned } from "../../support/standby-plans.ts";

const DECLARED = { target: "promoted", follows: "nobody", own: true } as const;
const ALL = [...SWITCHED];

function plan(changes: Partial<Planned>, ready: Switched[] = ALL) {
  return { ...planned(changes), ready };
}

function reality(state: string, data?: SeenData): Reality {
  return { server: { state, replicationRole: "None" }, ...(data && { data }) };
}

describe("whether the standby is ready", () => {
  const table: [what: string, found: Reality | undefined, database: boolean | undefined][] = [
    ["before it was looked at", undefined, undefined],
    ["of a server that is promoted, and runs", reality("Ready", { tenure: "own" }), true],
    ["of a server that is promoted, and restarts", reality("Updating", { tenure: "own" }), undefined],
    ["of a server that is promoted, and was stopped", reality("Stopped", { tenure: "own" }), undefined],
    ["of a server that is off", reality("Stopped", { loaded: "d" }), false],
    ["of a server of which nothing is known", reality("Starting"), false],
    ["of a server that was promoted for a drill", reality("Ready", { tenure: "lent" }), false],
    ["of a copy that is still to be promoted", reality("Ready", { tenure: "own", unpromoted: true }), false],
    ["of a server that follows", reality("Ready", { replication: { state: "following" } }), false],
    ["of no server", {}, false],
  ];
  for (const [what, found, database] of table) {
    it(`is ${database ?? "not to be told"} ${what}; content always is`, () => {
      expect(readiness(plan(DECLARED), found)).to.deep.equal({ database, content: true, site: database });
    });
  }

  it("is never said of what is not declared", () => {
    const promoted = reality("Ready", { tenure: "own" });
    const nothing = { database: false, content: false, site: false };
    expect(readiness(planned(DECLARED), promoted)).to.deep.equal(nothing);
    expect(readiness({ version: 2 }, undefined), "without a look").to.deep.equal(nothing);
    expect(readiness(plan(DECLARED, ["database"]), promoted)).to.deep.equal({ ...nothing, database: true });
  });

  it("is never said of the database where the plan has another end for it, or none", () => {
    const promoted = reality("Ready", { tenure: "own" });
    expect(readiness(plan({ target: "running" }), promoted)).to.include({ database: false, site: false });
    expect(readiness({ version: 2, ready: ALL }, {})).to.include({ database: false, site: false });
  });

  it("is said exactly where nothing is left to be done, of all servers that run and hold no load", () => {
    const data = fc.record(
      { loaded: fc.constant("d"), tenure: fc.constantFrom("own", "lent"), unpromoted: fc.constant(true) },
      { requiredKeys: [] },
    ) as fc.Arbitrary<SeenData>;
    fc.assert(
      fc.property(data, fc.boolean(), fc.boolean(), (seen, own, restore) => {
        const document = plan({ ...DECLARED, own, restore });
        const found = reality("Ready", seen);
        expect(readiness(document, found).site).to.equal(nextStep(document, found).kind === "none");
      }),
    );
  });
});

describe("the file that says so", () => {
  it("has what health checks look for, at a place of its own", () => {
    expect(SWITCHED.map(readyPath)).to.deep.equal(["ready/database.json", "ready/content.json", "ready/site.json"]);
    for (const name of SWITCHED) expect(readyText(name, ALL)).to.contain(READY);
  });

  it("names what was declared lost", () => {
    for (const name of SWITCHED) {
      expect(JSON.parse(readyText(name, ALL))).to.include({ disaster: "site" });
      expect(JSON.parse(readyText(name, [name]))).to.include({ disaster: name });
    }
  });
});
