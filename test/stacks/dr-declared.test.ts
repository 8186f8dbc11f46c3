import { expect } from "chai";
import { DISASTERS, type Disaster, switchedBy } from "../../components/standby/disaster.ts";
import {
  type Course,
  DEFAULT_CAPACITY,
  STRATEGIES,
  type StandbyPlan,
  type Strategy,
  standbyPlan,
} from "../../components/standby/standby-plan.ts";
import { deployDr, difference } from "../support/dr-stack.ts";
import { type Registrations, settled } from "../support/mocks.ts";
import { plannedChanges } from "../support/planned-changes.ts";

describe("the dr stack when a disaster is declared", () => {
  for (const strategy of STRATEGIES) {
    for (const disaster of DISASTERS) {
      for (const drill of [false, true]) {
        it(`changes of ${strategy} what the plan says and nothing else: ${drill ? "drill of " : ""}${disaster}`, async () => {
          await expectOnlyPlanned(strategy, disaster, drill);
        });
      }
    }
  }

  const peaceful = new Map<Strategy, Registrations>();

  /** The standby of a strategy while nothing happens. */
  async function inPeace(strategy: Strategy): Promise<Registrations> {
    const known = peaceful.get(strategy) ?? (await deployDr({ strategy })).resources;
    peaceful.set(strategy, known);
    return known;
  }

  async function expectOnlyPlanned(strategy: Strategy, disaster: Disaster, drill: boolean) {
    const before = await inPeace(strategy);
    const { resources: after } = await deployDr({ strategy, declareDisaster: disaster, drill });
    expectChanges(before, after, standbyPlan(strategy, "none", false), standbyPlan(strategy, disaster, drill));
  }

  function expectChanges(before: Registrations, after: Registrations, was: StandbyPlan, is: StandbyPlan) {
    const planned = plannedChanges("shop", was, is);
    const { come, go, change } = difference(before, after);
    expect(come.sort(), "what comes").to.deep.equal(planned.create);
    expect(go.sort(), "what goes").to.deep.equal(planned.delete);
    // The mocks do not see into an asset, which is what the plan is written from.
    expect(change.sort(), "what changes").to.deep.equal(
      planned.change.filter((name) => name !== "shop-controller-plan"),
    );
  }

  for (const strategy of STRATEGIES) {
    it(`changes of ${strategy} what the plan says while it grows and hands back, and nothing else`, async () => {
      const course: Course[] = [
        { handBack: "no", growDatabase: false },
        { handBack: "no", growDatabase: true },
        { handBack: "copy", growDatabase: true },
        { handBack: "move", growDatabase: true },
      ];
      let was: { plan: StandbyPlan; resources: Registrations } | undefined;
      for (const each of course) {
        const plan = standbyPlan(strategy, "site", false, DEFAULT_CAPACITY, each);
        const { resources } = await deployDr({ strategy, declareDisaster: "site", ...each });
        if (was) expectChanges(was.resources, resources, was.plan, plan);
        was = { plan, resources };
      }
    });
  }

  it("never makes a database anew: what Azure fixes at birth stays as it was", async () => {
    for (const strategy of STRATEGIES.filter((one) => one !== "backup-restore")) {
      const before = await inPeace(strategy);
      const { resources: after } = await deployDr({ strategy, declareDisaster: "site" });
      for (const key of ["serverName", "version", "highAvailability", "network", "administratorLogin"]) {
        const valueIn = (all: Registrations) => all.named("shop-database-server").inputs[key];
        expect(valueIn(after), `${key} with ${strategy}`).to.deep.equal(valueIn(before));
      }
    }
  });

  it("is undone to the letter when it is taken back", async () => {
    for (const strategy of STRATEGIES) {
      const before = await inPeace(strategy);
      const { resources: after } = await deployDr({ strategy });
      expect(difference(before, after)).to.deep.equal({ come: [], go: [], change: [] });
    }
  });

  it("is told to the world with who and why, and without a clock", async () => {
    const why = "eu-west-1 is down";
    const { resources: declared } = await deployDr({
      declareDisaster: "site",
      declareWhy: why,
      declareBy: "on-call",
    });
    const markers = declared.customs.filter(({ name }) => /^shop-marker-(site|content|database)$/.test(name));
    expect(markers).to.have.length(3);
    for (const { inputs } of markers) {
      const { text } = inputs.source as { text: Promise<string> };
      expect(JSON.parse(await text)).to.deep.equal({ declared: true, disaster: "site", why, by: "on-call" });
    }
  });

  it("is told to other stacks, and changes nothing else that they read", async () => {
    const before = (await settled((await deployDr()).result)).shop;
    for (const declareDisaster of DISASTERS) {
      const { result } = await deployDr({ declareDisaster });
      const { declaredDisaster, plan, ...rest } = (await settled(result)).shop ?? {};
      expect(declaredDisaster).to.equal(declareDisaster);
      expect(plan?.markers).to.deep.equal(switchedBy(declareDisaster));
      expect({ ...rest, declaredDisaster: "none", plan: before?.plan }).to.deep.equal(before);
    }
  });
});
