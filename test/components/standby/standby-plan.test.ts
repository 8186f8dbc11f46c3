import { expect } from "chai";
import fc from "fast-check";
import { DISASTERS, type Disaster, HANDING_BACK, switchedBy } from "../../../components/standby/disaster.ts";
import {
  type Capacity,
  type Course,
  type DatabasePlan,
  DEFAULT_CAPACITY,
  DEFAULT_COURSE,
  STRATEGIES,
  type StandbyPlan,
  type Strategy,
  standbyPlan,
} from "../../../components/standby/standby-plan.ts";

const CAPACITY: Capacity = { servers: { min: 4, max: 20 }, warmServers: 2 };

/** Servers, database (its state, + when it is full size, * when it has a second zone), restore, fence, check. */
const TABLE: Record<Strategy, Record<Disaster, string>> = {
  "backup-restore": {
    none: "0-0 absent+* keep --",
    database: "0-0 promoted+* restore -d",
    content: "0-0 absent+* keep c-",
    site: "4-20 promoted+* restore cd",
  },
  "pilot-light": {
    none: "0-0 stopped+ keep --",
    database: "0-0 promoted+ keep -d",
    content: "0-0 stopped+ keep c-",
    site: "4-20 promoted+ keep cd",
  },
  "warm-standby": {
    none: "2-2 running keep --",
    database: "2-2 promoted keep -d",
    content: "2-2 running keep c-",
    site: "4-20 promoted keep cd",
  },
  "active-active": {
    none: "4-20 running+* keep --",
    database: "4-20 promoted+* keep -d",
    content: "4-20 running+* keep c-",
    site: "4-20 promoted+* keep cd",
  },
};

function summary({ servers, database, restoreDatabase, fenced }: StandbyPlan): string {
  return [
    `${servers.min}-${servers.max}`,
    `${database.state}${database.size === "full" ? "+" : ""}${database.highAvailability ? "*" : ""}`,
    restoreDatabase ? "restore" : "keep",
    `${fenced.content ? "c" : "-"}${fenced.database ? "d" : "-"}`,
  ].join(" ");
}

/** How much of each thing runs, as numbers that only grow with it. */
function amounts({ servers, database, fenced }: StandbyPlan): number[] {
  const states: DatabasePlan["state"][] = ["absent", "stopped", "running", "promoted"];
  return [
    servers.min,
    servers.max,
    states.indexOf(database.state),
    Number(database.size === "full"),
    Number(fenced.content),
    Number(fenced.database),
  ];
}

const strategies = fc.constantFrom(...STRATEGIES);
const disasters = fc.constantFrom(...DISASTERS);
const capacities: fc.Arbitrary<Capacity> = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.nat({ max: 1000 }), fc.integer({ min: 1, max: 1000 }))
  .map(([min, more, warmServers]) => ({ servers: { min, max: min + more }, warmServers }));

const courses = fc.record<Course>({ handBack: fc.constantFrom(...HANDING_BACK), growDatabase: fc.boolean() });

describe("standbyPlan", () => {
  for (const strategy of STRATEGIES) {
    for (const disaster of DISASTERS) {
      it(`has the standby of ${strategy} ready for ${disaster}: ${TABLE[strategy][disaster]}`, () => {
        const plan = standbyPlan(strategy, disaster, false, CAPACITY);
        expect(summary(plan)).to.equal(TABLE[strategy][disaster]);
        expect(plan.markers).to.deep.equal(switchedBy(disaster));
        expect(plan.serves).to.deep.equal(switchedBy(disaster));
      });

      it(`runs the drill of ${disaster} with ${strategy} as the real one, tells nobody, and lets content replicate`, () => {
        const rehearsed = disaster === "none" ? "site" : disaster;
        const real = standbyPlan(strategy, rehearsed, false, CAPACITY);
        const keeping = strategy === "backup-restore" ? "disposable" : "protected";
        const rehearsal = {
          ...real,
          markers: [],
          serves: [],
          fenced: { ...real.fenced, content: false },
          database: { ...real.database, keeping, own: false },
        };
        expect(standbyPlan(strategy, disaster, true, CAPACITY)).to.deep.equal(rehearsal);
      });
    }
  }

  it("takes a site along with its content and its database", () => {
    expect(standbyPlan("pilot-light", "site", false).markers).to.deep.equal(["database", "content", "site"]);
  });

  it("never writes a marker in a drill, nor that anything is ready", () => {
    fc.assert(
      fc.property(strategies, disasters, capacities, courses, (strategy, disaster, capacity, course) => {
        const { markers, serves } = standbyPlan(strategy, disaster, true, capacity, course);
        expect([...markers, ...serves]).to.be.empty;
      }),
    );
  });

  it("never has less because more is lost, whatever the capacity", () => {
    const worse: [Disaster, Disaster][] = [
      ["none", "database"],
      ["none", "content"],
      ["database", "site"],
      ["content", "site"],
    ];
    fc.assert(
      fc.property(strategies, fc.constantFrom(...worse), capacities, (strategy, [less, more], capacity) => {
        const before = amounts(standbyPlan(strategy, less, false, capacity));
        const after = amounts(standbyPlan(strategy, more, false, capacity));
        after.forEach((amount, index) => {
          expect(amount).to.be.at.least(before[index] ?? 0);
        });
      }),
    );
  });

  it("has a dearer strategy never run less than a cheaper one, whatever is declared", () => {
    fc.assert(
      fc.property(disasters, fc.boolean(), capacities, (disaster, drill, capacity) => {
        const plans = STRATEGIES.map((strategy) => standbyPlan(strategy, disaster, drill, capacity));
        plans.slice(1).forEach((plan, index) => {
          const cheaper = plans[index] as StandbyPlan;
          expect(plan.servers.min).to.be.at.least(cheaper.servers.min);
          expect(plan.servers.max).to.be.at.least(cheaper.servers.max);
          expect(amounts(plan)[2]).to.be.at.least(amounts(cheaper)[2] ?? 0);
        });
      }),
    );
  });

  it("never takes a database away, and never decides anew about its second zone: that would replace the server", () => {
    fc.assert(
      fc.property(strategies, disasters, disasters, fc.boolean(), (strategy, from, to, drill) => {
        const before = standbyPlan(strategy, from, false).database;
        const after = standbyPlan(strategy, to, drill).database;
        expect(after.highAvailability).to.equal(before.highAvailability);
        if (strategy !== "backup-restore") expect(after.state).to.not.equal("absent");
        else if (to === "site" || to === "database") expect(after.state).to.equal("promoted");
      }),
    );
  });

  it("protects a database that stands, and keeps one that was made in a disaster, but not one of a drill", () => {
    fc.assert(
      fc.property(strategies, disasters, fc.boolean(), (strategy, disaster, drill) => {
        const { keeping } = standbyPlan(strategy, disaster, drill).database;
        const made = strategy === "backup-restore";
        expect(keeping).to.equal(made ? (drill ? "disposable" : "retained") : "protected");
      }),
    );
  });

  it("follows dumps where it is stopped, the primary where it runs, and nobody once it is promoted or gone", () => {
    const follows = { absent: "nobody", stopped: "dumps", running: "primary", promoted: "nobody" };
    fc.assert(
      fc.property(strategies, disasters, fc.boolean(), (strategy, disaster, drill) => {
        const { database } = standbyPlan(strategy, disaster, drill);
        expect(database.follows).to.equal(follows[database.state]);
      }),
    );
  });

  it("has writes count exactly where the database is promoted for good: a drill's go with it", () => {
    fc.assert(
      fc.property(strategies, disasters, fc.boolean(), (strategy, disaster, drill) => {
        const { database } = standbyPlan(strategy, disaster, drill);
        expect(database.own).to.equal(database.state === "promoted" && !drill);
      }),
    );
  });

  it("fences content exactly while it is declared lost, and a database that is promoted, in a drill too", () => {
    fc.assert(
      fc.property(strategies, disasters, fc.boolean(), (strategy, disaster, drill) => {
        const { fenced, markers, database } = standbyPlan(strategy, disaster, drill);
        expect(fenced.content).to.equal(markers.includes("content"));
        if (!drill) expect(fenced.database).to.equal(markers.includes("database"));
        expect(database.state === "promoted").to.equal(fenced.database);
      }),
    );
  });

  it("keeps no more servers warm than the load needs", () => {
    const { servers } = standbyPlan("warm-standby", "none", false, { servers: { min: 2, max: 3 }, warmServers: 9 });
    expect(servers).to.deep.equal({ min: 2, max: 2 });
  });

  describe("by what is decided while a disaster is declared", () => {
    const planOf = (strategy: Strategy, disaster: Disaster, course: Partial<Course>, drill = false) =>
      standbyPlan(strategy, disaster, drill, DEFAULT_CAPACITY, { ...DEFAULT_COURSE, ...course });

    it("keeps a database as small as it stood, for users must not wait for its restart, until it is asked to grow", () => {
      fc.assert(
        fc.property(strategies, fc.constantFrom("database", "site"), (strategy, disaster) => {
          const kept = planOf(strategy, disaster, {});
          expect(kept.database.size).to.equal(planOf(strategy, "none", {}).database.size);
          const grown = planOf(strategy, disaster, { growDatabase: true });
          expect(grown).to.deep.equal({ ...kept, database: { ...kept.database, size: "full" } });
        }),
      );
    });

    it("has the database alone hand back while it is copied: users stay, and nothing is let in from the primary", () => {
      fc.assert(
        fc.property(strategies, fc.constantFrom("database", "site"), (strategy, disaster) => {
          const declared = planOf(strategy, disaster, {});
          const copied = planOf(strategy, disaster, { handBack: "copy" });
          expect(declared.database.handsBack).to.equal(false);
          expect(copied).to.deep.equal({ ...declared, database: { ...declared.database, handsBack: true } });
        }),
      );
    });

    it("takes nothing but the markers away once the names move back: the standby serves until all have gone", () => {
      fc.assert(
        fc.property(strategies, disasters, (strategy, disaster) => {
          const copied = planOf(strategy, disaster, { handBack: "copy" });
          expect(planOf(strategy, disaster, { handBack: "move" })).to.deep.equal({ ...copied, markers: [] });
        }),
      );
    });

    it("hands no database back that did not take writes which count", () => {
      fc.assert(
        fc.property(strategies, disasters, fc.boolean(), courses, (strategy, disaster, drill, course) => {
          const { database } = planOf(strategy, disaster, course, drill);
          expect(database.handsBack).to.equal(database.own && course.handBack !== "no");
        }),
      );
    });

    it("changes nothing while nothing is declared", () => {
      fc.assert(
        fc.property(strategies, courses, (strategy, course) => {
          expect(planOf(strategy, "none", course)).to.deep.equal(planOf(strategy, "none", {}));
        }),
      );
    });
  });

  it("comes back to exactly the former plan when the declaration is taken back", () => {
    fc.assert(
      fc.property(strategies, disasters, fc.boolean(), capacities, (strategy, disaster, drill, capacity) => {
        const before = structuredClone(standbyPlan(strategy, "none", false, capacity));
        standbyPlan(strategy, disaster, drill, capacity);
        expect(standbyPlan(strategy, "none", false, capacity)).to.deep.equal(before);
      }),
    );
  });
});
