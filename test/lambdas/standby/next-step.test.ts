import { expect } from "chai";
import fc from "fast-check";
import { nextStep, type Reality, type SeenData, type Step } from "../../../lambdas/standby/next-step.ts";
import type { PlanDocument } from "../../../lambdas/standby/plan-document.ts";
import { MockStandby } from "../../support/mock-standby.ts";
import { type Planned, planned, SERVER_ID } from "../../support/standby-plans.ts";

const OLD = "20261119T021500Z";
const NEW = "20261120T021500Z";
const NEWEST = "20261121T021500Z";

/** The plans that there are, by their names. */
const STOPPED = { target: "stopped", follows: "dumps" } as const;
const RUNNING = { target: "running", follows: "primary" } as const;
const DECLARED = { target: "promoted", follows: "nobody", own: true } as const;
const DRILL = { target: "promoted", follows: "nobody", own: false } as const;

function ready(data: SeenData = {}, more: Partial<Reality> = {}): Reality {
  return { server: { state: "Ready", replicationRole: "None" }, data, ...more };
}

function stopped(data: SeenData = {}, more: Partial<Reality> = {}): Reality {
  return { ...ready(data, more), server: { state: "Stopped", replicationRole: "None" } };
}

/** What the step is, in a word or two. */
function named(step: Step): string {
  if (step.kind === "load") return `load ${step.dump}`;
  return step.kind === "promote" ? `promote ${step.tenure}` : step.kind;
}

const following = { state: "following", lagSeconds: 1 } as const;
const broken = { state: "broken", lastError: "error 1062" } as const;
const swapping = { dump: OLD, swapping: true };
const asked = (more: object = {}) => ({
  request: { dump: OLD, requestedAt: "2026-11-21T10:00:00Z", discard: false, complete: true, ...more },
});

describe("the standby controller's next step", () => {
  const table: [what: string, plan: Partial<Planned>, reality: Reality, step: string][] = [
    ["has nothing to load", STOPPED, stopped({ loaded: NEW }, { newest: NEW }), "none"],
    ["has a newer dump to load", STOPPED, stopped({ loaded: OLD }, { newest: NEW }), "start"],
    ["was never loaded", STOPPED, stopped({}, { newest: NEW }), "start"],
    ["has no dump at all", STOPPED, stopped(), "none"],
    ["is up for a newer dump", STOPPED, ready({ loaded: OLD }, { newest: NEW }), `load ${NEW}`],
    ["is up and loaded", STOPPED, ready({ loaded: NEW }, { newest: NEW }), "stop"],
    [
      "has begun a dump, and a newer one is there",
      STOPPED,
      ready({ loaded: OLD, begun: { dump: NEW, swapping: false } }, { newest: NEWEST }),
      `load ${NEW}`,
    ],
    ["was written to in a drill", STOPPED, stopped({ loaded: NEW, tenure: "lent" }, { newest: NEW }), "start"],
    ["was written to in a drill", STOPPED, ready({ loaded: NEW, tenure: "lent" }, { newest: NEW }), `load ${NEW}`],
    ["holds writes of its own", STOPPED, ready({ loaded: OLD, tenure: "own" }, { newest: NEW }), "stop"],
    ["holds writes of its own", STOPPED, stopped({ loaded: OLD, tenure: "own" }, { newest: NEW }), "blocked"],
    ["still follows the primary", STOPPED, ready({ loaded: OLD, replication: following }, { newest: NEW }), "leave"],
    ["was stopped while a copy took its place", STOPPED, stopped({ begun: swapping }), "start"],

    ["has no dump to begin with", RUNNING, ready(), "wait-for-dump"],
    ["has a dump to begin with", RUNNING, ready({}, { newest: NEW }), `load ${NEW}`],
    ["is loaded, and nobody says from whom", RUNNING, ready({ loaded: NEW }, { newest: NEW }), "wait"],
    ["is loaded", RUNNING, ready({ loaded: NEW }, { newest: NEW, primaryKnown: true }), "follow"],
    [
      "has to be prepared",
      RUNNING,
      ready(
        { loaded: NEW, preparation: { kind: "parameter", name: "gtid_mode", value: "ON" } },
        { primaryKnown: true },
      ),
      "prepare",
    ],
    ["follows nobody, with a newer dump there", RUNNING, ready({ loaded: OLD }, { newest: NEW }), `load ${NEW}`],
    ["follows", RUNNING, ready({ loaded: NEW, replication: following }, { newest: NEW }), "none"],
    [
      "follows, with a newer dump there",
      RUNNING,
      ready({ loaded: OLD, replication: following }, { newest: NEW }),
      "accounts",
    ],
    [
      "follows, with the accounts of that",
      RUNNING,
      ready({ loaded: OLD, accounts: NEW, replication: following }, { newest: NEW }),
      "none",
    ],
    [
      "follows, with no newer dump left",
      RUNNING,
      ready({ loaded: NEW, replication: following }, { newest: OLD }),
      "none",
    ],
    ["tries to reach the primary", RUNNING, ready({ loaded: OLD, replication: { state: "connecting" } }), "none"],
    ["was told to follow no longer", RUNNING, ready({ loaded: OLD, replication: { state: "stopped" } }), "follow"],
    ["broke off", RUNNING, ready({ loaded: OLD, replication: broken }, { newest: NEW }), "follow"],
    ["was written to in a drill", RUNNING, ready({ loaded: NEW, tenure: "lent" }, { newest: NEW }), `load ${NEW}`],
    ["was written to in a drill", RUNNING, ready({ loaded: NEW, tenure: "lent" }), "wait-for-dump"],
    ["holds writes of its own", RUNNING, ready({ loaded: OLD, tenure: "own" }, { newest: NEW }), "blocked"],
    ["is off", RUNNING, stopped({ loaded: OLD }), "start"],

    ["is off", DECLARED, stopped({ loaded: OLD }, { newest: NEW }), "start"],
    ["is loaded, if not with the newest", DECLARED, ready({ loaded: OLD }, { newest: NEW }), "promote own"],
    ["follows", DECLARED, ready({ loaded: OLD, replication: following }, { newest: NEW }), "promote own"],
    ["was never loaded", DECLARED, ready({}, { newest: NEW }), `load ${NEW}`],
    ["was never loaded, with no dump there", DECLARED, ready(), "promote own"],
    ["is promoted", DECLARED, ready({ loaded: OLD, tenure: "own" }, { newest: NEW }), "none"],
    ["was promoted for a drill", DECLARED, ready({ loaded: OLD, tenure: "lent" }, { newest: NEW }), "promote own"],
    [
      "is in the midst of a load",
      DECLARED,
      ready({ loaded: OLD, begun: { dump: NEW, swapping: false } }, { newest: NEW }),
      "promote own",
    ],
    [
      "has a copy that takes its place",
      DECLARED,
      ready({ begun: { dump: NEW, swapping: true } }, { newest: NEWEST }),
      `load ${NEW}`,
    ],
    ["is loaded", DRILL, ready({ loaded: OLD }, { newest: NEW }), "promote lent"],
    ["is promoted", DRILL, ready({ loaded: OLD, tenure: "lent" }, { newest: NEW }), "none"],
    ["holds writes of its own", DRILL, ready({ loaded: OLD, tenure: "own" }, { newest: NEW }), "none"],

    ["must be restored", { ...DECLARED, restore: true }, ready({}, { newest: NEW }), `load ${NEW}`],
    ["must be restored, and there is no dump", { ...DECLARED, restore: true }, ready(), "wait-for-dump"],
    ["is restored", { ...DECLARED, restore: true }, ready({ loaded: NEW }, { newest: NEW }), "promote own"],
    [
      "is restored from a dump that is not the newest any more",
      { ...DECLARED, restore: true },
      ready({ loaded: OLD }, { newest: NEW }),
      "promote own",
    ],
    [
      "is restored, and may be written to before it is promoted",
      { ...DECLARED, restore: true },
      ready({ loaded: OLD, tenure: "own", unpromoted: true }, { newest: NEW }),
      "promote own",
    ],
    [
      "is half restored, and a newer dump is there",
      { ...DECLARED, restore: true },
      ready({ begun: { dump: OLD, swapping: false } }, { newest: NEW }),
      `load ${OLD}`,
    ],
    [
      "is loaded for a drill, and still to be promoted",
      { ...DRILL, restore: true },
      ready({ loaded: OLD, tenure: "lent", unpromoted: true }),
      "promote lent",
    ],
    [
      "is restored and serves",
      { ...DECLARED, restore: true },
      ready({ loaded: NEW, tenure: "own" }, { newest: NEWEST }),
      "none",
    ],
  ];
  for (const [what, plan, reality, step] of table) {
    const { state } = reality.server ?? {};
    const { target, own } = planned(plan).database ?? {};
    it(`is ${step} for a ${state} server that ${what} and is to be ${target}${own ? " for good" : ""}`, () => {
      expect(named(nextStep(planned(plan), reality))).to.equal(step);
    });
  }

  describe("when an operator wants a dump", () => {
    const done = { restored: "2026-11-21T10:00:00Z" };
    const wanted: [what: string, plan: Partial<Planned>, reality: Reality, step: string][] = [
      ["starts a stopped server", STOPPED, stopped({ loaded: NEW }, { newest: NEW, ...asked() }), "start"],
      ["loads it, if it is an older one", STOPPED, ready({ loaded: NEW }, { newest: NEW, ...asked() }), `load ${OLD}`],
      ["loads it once", STOPPED, ready({ loaded: OLD, ...done }, { newest: NEW, ...asked() }), "stop"],
      ["loads it anew where it was", STOPPED, ready({ loaded: OLD }, { newest: NEW, ...asked() }), `load ${OLD}`],
      ["lets own writes be", DECLARED, ready({ loaded: NEW, tenure: "own" }, asked()), "none"],
      ["loses own writes when told", DECLARED, ready({ tenure: "own" }, asked({ discard: true })), `load ${OLD}`],
      ["loads nothing where users may write at any moment", DECLARED, ready({ loaded: NEW }, asked()), "promote own"],
      ["lets a drill's writes be", DRILL, ready({ loaded: NEW, tenure: "lent" }, asked()), "none"],
      [
        "passes over what is not there",
        STOPPED,
        ready({}, { newest: NEW, ...asked({ complete: false }) }),
        `load ${NEW}`,
      ],
      ["lets a follower follow", RUNNING, ready({ loaded: NEW, replication: following }, asked()), "none"],
      ["begins anew what broke off", RUNNING, ready({ loaded: NEW, replication: broken }, asked()), "leave"],
      [
        "restores it in a disaster",
        { ...DECLARED, restore: true },
        ready({}, { newest: NEW, ...asked() }),
        `load ${OLD}`,
      ],
    ];
    for (const [what, plan, reality, step] of wanted) {
      it(what, () => expect(named(nextStep(planned(plan), reality))).to.equal(step));
    }
  });

  it("leaves alone what the plan does not speak of", () => {
    expect(nextStep({ version: 2 }, ready())).to.deep.equal({ kind: "none" });
    expect(nextStep({ version: 2 }, {})).to.deep.equal({ kind: "none" });
  });

  it("does it to the server of the plan", () => {
    expect(nextStep(planned(RUNNING), stopped())).to.deep.equal({ kind: "start", serverId: SERVER_ID });
  });

  it("is blocked, with the reason, where only people can help", () => {
    expect(nextStep(planned(RUNNING), {})).to.deep.equal({
      kind: "blocked",
      reason: `expected the server ${SERVER_ID}, found none`,
    });
    for (const state of ["Disabled", "Dropping"]) {
      const reality = { server: { state, replicationRole: "None" } };
      expect(nextStep(planned(DECLARED), reality)).to.deep.equal({ kind: "blocked", reason: `the server is ${state}` });
    }
    for (const replicationRole of ["Replica", "Source"]) {
      const reality = { ...ready(), server: { state: "Ready", replicationRole } };
      expect(nextStep(planned(STOPPED), reality)).to.have.property("kind", "blocked");
    }
    const own = nextStep(planned(STOPPED), stopped({ tenure: "own" }));
    expect(own)
      .to.have.property("reason")
      .that.matches(/writes that nobody else has.*--discard-standby/);
  });

  const plans = fc
    .record({
      plan: fc.constantFrom<Partial<Planned>>(STOPPED, RUNNING, DECLARED, DRILL),
      restore: fc.boolean(),
    })
    .map(({ plan, restore }) => planned({ ...plan, restore: restore && plan.target === "promoted" }));
  const dump = fc.constantFrom(OLD, NEW, NEWEST);
  const data: fc.Arbitrary<SeenData> = fc
    .record(
      {
        loaded: dump,
        begun: fc.record({ dump, swapping: fc.boolean() }),
        tenure: fc.constantFrom("own" as const, "lent" as const),
        restored: fc.constant("2026-11-21T10:00:00Z"),
        replication: fc.constantFrom<NonNullable<SeenData["replication"]>>(following, broken, { state: "stopped" }),
      },
      { requiredKeys: [] },
    )
    // Whose it was goes with what is replaced.
    .map(({ tenure, ...rest }) => ({ ...rest, ...(tenure && !rest.begun?.swapping && { tenure }) }));
  const request = fc.record({
    dump,
    requestedAt: fc.constant("2026-11-21T10:00:00Z"),
    discard: fc.boolean(),
    complete: fc.boolean(),
  });
  const cuts = fc.constantFrom(undefined, "before" as const, "after" as const);
  const states = fc.constantFrom("Ready", "Stopped", "Starting", "Stopping", "Updating");
  const realities: fc.Arbitrary<Reality> = fc
    .record({ state: states, data, newest: fc.option(dump), request: fc.option(request), primaryKnown: fc.boolean() })
    .map(({ state, newest, request: wanted, ...rest }) => ({
      server: { state, replicationRole: "None" },
      ...rest,
      ...(newest && { newest }),
      ...(wanted && { request: wanted }),
    }));

  it("waits while anything is under way, whatever it is called", () => {
    const moving = fc.constantFrom("Starting", "Stopping", "Updating", "Restarting", "Provisioning");
    fc.assert(
      fc.property(plans, realities, moving, (plan, reality, state) => {
        expect(nextStep(plan, { ...reality, server: { state, replicationRole: "None" } })).to.deep.equal({
          kind: "wait",
          reason: `the server is ${state}`,
        });
      }),
    );
  });

  it("never loads over writes that nobody else has, unless an operator allows it", () => {
    fc.assert(
      fc.property(plans, realities, (plan, reality) => {
        const step = nextStep(plan, reality);
        // A copy that takes its place was begun before anything could be written.
        if (step.kind !== "load" || reality.data?.tenure !== "own" || reality.data.begun?.swapping) return;
        expect(reality.request).to.include({ discard: true, dump: step.dump });
      }),
    );
  });

  it("never stops a server while a copy takes its place, and never one that is to run", () => {
    fc.assert(
      fc.property(plans, realities, (plan, reality) => {
        if (nextStep(plan, reality).kind !== "stop") return;
        expect(plan.database?.target).to.equal("stopped");
        expect(reality.data?.begun?.swapping ?? false).to.equal(false);
      }),
    );
  });

  it("loads nothing but complete dumps, and what was begun", () => {
    fc.assert(
      fc.property(plans, realities, (plan, reality) => {
        const step = nextStep(plan, reality);
        if (step.kind !== "load") return;
        const { request: wanted, newest, data: holds } = reality;
        expect([wanted?.complete && wanted.dump, newest, holds?.begun?.dump]).to.include(step.dump);
      }),
    );
  });

  it("arrives from everywhere, stays there, and does nothing twice", () => {
    fc.assert(
      fc.property(plans, realities, (plan, reality) => {
        const standby = new MockStandby(reality);
        const taken = standby.run(plan);
        expect(standby.run(plan), "nothing more to do").to.be.empty;
        // But for what a load brings anew.
        const others = taken.filter((step) => step !== "promote");
        expect(others, "nothing twice").to.have.lengthOf(new Set(others).size);
        expect(taken.join(), "nothing twice").not.to.match(/promote,promote/);
        expectArrived(plan, standby.reality);
      }),
      { numRuns: 5000 },
    );
  });

  it("never has a dump take the place of what users wrote, however plans, dumps, requests and failures come", () => {
    const chapter = fc.record({
      plan: plans,
      runs: fc.nat({ max: 4 }),
      cut: cuts,
      newest: fc.option(dump, { nil: undefined }),
      request: fc.option(request, { nil: undefined }),
      flip: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(chapter, { maxLength: 12 }), (chapters) => {
        const standby = new MockStandby(ready());
        for (const { plan, runs, cut, newest, request: wanted, flip } of chapters) {
          const { newest: _, request: __, ...rest } = standby.reality;
          standby.reality = { ...rest, ...(newest && { newest }), ...(wanted && { request: wanted }) };
          if (flip) standby.meddle();
          for (let run = 0; run < runs; run++) standby.step(plan, cut);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("arrives at the last plan, however often plans change, people interfere and loads are cut short", () => {
    const story = fc.array(fc.record({ plan: plans, runs: fc.nat({ max: 6 }), flip: fc.boolean(), cut: cuts }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(story, plans, (chapters, last) => {
        const standby = new MockStandby(ready({}, { newest: NEW, primaryKnown: true }));
        for (const { plan, runs, flip, cut } of chapters) {
          if (flip) standby.meddle();
          for (let run = 0; run < runs; run++) standby.step(plan, cut);
        }
        standby.run(last);
        expectArrived(last, standby.reality);
      }),
      { numRuns: 5000 },
    );
  });
});

/** Fails unless a standby is what its plan says, as far as it can be without people. */
function expectArrived({ database }: PlanDocument, reality: Reality): void {
  const { data = {}, server, newest } = reality;
  if (!database) return;
  expect(server?.state).to.equal(database.target === "stopped" ? "Stopped" : "Ready");
  expect(data.begun?.swapping ?? false).to.equal(false);
  if (database.target === "promoted") {
    if (database.restore && data.loaded === undefined && data.tenure === undefined) return;
    expect(data.tenure).to.be.oneOf(database.own ? ["own"] : ["own", "lent"]);
    return;
  }
  if (data.tenure === "own" || reality.request || newest === undefined) return;
  expect(data.tenure).to.equal(undefined);
  if (database.follows === "dumps") expect((data.loaded ?? "") >= newest).to.equal(true);
  if (database.follows === "primary" && reality.primaryKnown) expect(data.replication?.state).to.equal("following");
}
