import { expect } from "chai";
import fc from "fast-check";
import { DISASTERS } from "../../../components/standby/disaster.ts";
import { STRATEGIES, standbyPlan } from "../../../components/standby/standby-plan.ts";
import { PROJECT_FOLDER, readStackSettings } from "../../../operations/stack-files.ts";
import { planIn, plannedChanges } from "../../../operations/status/next.ts";

const COURSE = { handBack: "copy", growDatabase: true } as const;

describe("what the next up has to do", () => {
  it("is nothing where the stack file plans what is deployed, whatever that is", () => {
    const plans = fc
      .tuple(fc.constantFrom(...STRATEGIES), fc.constantFrom(...DISASTERS), fc.boolean())
      .map(([strategy, disaster, drill]) => standbyPlan(strategy, disaster, drill));
    fc.assert(
      fc.property(plans, (plan) => {
        expect(plannedChanges(plan, structuredClone(plan))).to.deep.equal([]);
      }),
    );
  });

  it("is to bring up the standby, once a disaster is written into the file", () => {
    const before = standbyPlan("pilot-light", "none", false);
    const after = standbyPlan("pilot-light", "site", false);
    expect(plannedChanges(before, after)).to.deep.equal([
      "servers: none -> 3 to 12",
      "database: stopped, full, follows dumps -> promoted, full, follows nobody",
      "markers: none -> database, content, site",
      "replication kept out of: none -> content, database",
    ]);
  });

  it("is to make the database that a cold standby does not have", () => {
    const before = standbyPlan("backup-restore", "none", false);
    const after = standbyPlan("backup-restore", "database", false);
    expect(plannedChanges(before, after)[0]).to.equal("database: none -> promoted, full, follows nobody");
  });

  it("is to have a database grow, and hand back, where that was decided since", () => {
    const before = standbyPlan("warm-standby", "database", false);
    const after = standbyPlan("warm-standby", "database", false, undefined, COURSE);
    expect(plannedChanges(before, after)).to.deep.equal([
      "database: promoted, reduced, follows nobody -> promoted, full, follows nobody, hands back",
    ]);
  });

  it("is by the file's own strategy and capacity", () => {
    const [settings] = readStackSettings(PROJECT_FOLDER, "dr");
    expect(settings && planIn(settings)).to.deep.equal(standbyPlan("pilot-light", "none", false));
    const other = { strategy: "warm-standby", declareDisaster: "database", warmServers: 2, handBack: "copy" } as const;
    expect(settings && planIn({ ...settings, ...other })).to.deep.include({
      servers: { min: 2, max: 2 },
      markers: ["database"],
    });
  });
});
