import { expect } from "chai";
import fc from "fast-check";
import { nextStep, type Reality, type SeenServer } from "../../../lambdas/standby/next-step.ts";
import type { PlanDocument } from "../../../lambdas/standby/plan-document.ts";

const SERVER_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforMySQL/flexibleServers/shop";

type Target = NonNullable<PlanDocument["database"]>["target"];

function planned(target: Target, restore = false): PlanDocument {
  return { version: 1, database: { serverId: SERVER_ID, target, restore } };
}

function seen(state: string, replicationRole = "None"): Reality {
  return { server: { state, replicationRole } };
}

describe("the standby controller's next step", () => {
  const table: [target: Target, state: string, role: string, restore: boolean, kind: string][] = [
    ["stopped", "Stopped", "None", false, "none"],
    ["stopped", "Ready", "None", false, "stop"],
    ["stopped", "Ready", "Replica", false, "blocked"],
    ["stopped", "Ready", "Source", false, "blocked"],
    ["running", "Stopped", "None", false, "start"],
    ["running", "Ready", "None", false, "none"],
    ["running", "Ready", "Replica", false, "none"],
    ["running", "Ready", "None", true, "wait-for-dump"],
    ["promoted", "Stopped", "None", false, "start"],
    ["promoted", "Stopped", "Replica", false, "start"],
    ["promoted", "Stopped", "None", true, "start"],
    ["promoted", "Ready", "None", false, "none"],
    ["promoted", "Ready", "Source", false, "none"],
    ["promoted", "Ready", "Replica", false, "none"],
    ["promoted", "Ready", "None", true, "wait-for-dump"],
  ];
  for (const [target, state, role, restore, kind] of table) {
    it(`is ${kind} for a ${role} that is ${state} and is to be ${target}${restore ? ", restored" : ""}`, () => {
      expect(nextStep(planned(target, restore), seen(state, role)).kind).to.equal(kind);
    });
  }

  it("leaves alone what the plan does not speak of", () => {
    expect(nextStep({ version: 1 }, seen("Ready"))).to.deep.equal({ kind: "none" });
    expect(nextStep({ version: 1 }, {})).to.deep.equal({ kind: "none" });
  });

  it("does it to the server of the plan", () => {
    expect(nextStep(planned("running"), seen("Stopped"))).to.deep.equal({ kind: "start", serverId: SERVER_ID });
  });

  it("is blocked, with the reason, where only people can help", () => {
    expect(nextStep(planned("running"), {})).to.deep.equal({
      kind: "blocked",
      reason: `expected the server ${SERVER_ID}, found none`,
    });
    for (const state of ["Disabled", "Dropping"]) {
      expect(nextStep(planned("promoted"), seen(state))).to.deep.equal({
        kind: "blocked",
        reason: `the server is ${state}`,
      });
    }
  });

  const target = fc.constantFrom<Target>("stopped", "running", "promoted");
  const role = fc.constantFrom("None", "Replica", "Source");

  it("waits while anything is under way, whatever it is called", () => {
    const moving = fc.oneof(fc.constantFrom("Starting", "Stopping", "Updating", "Restarting", "Provisioning"));
    fc.assert(
      fc.property(target, fc.boolean(), moving, role, (wanted, restore, state, replicationRole) => {
        expect(nextStep(planned(wanted, restore), seen(state, replicationRole))).to.deep.equal({
          kind: "wait",
          reason: `the server is ${state}`,
        });
      }),
    );
  });

  const anyState = fc.oneof(
    fc.constantFrom("Ready", "Stopped", "Updating", "Starting", "Disabled", "Dropping"),
    fc.string(),
  );

  it("is the same for a server that is to be promoted as for one that is to be running", () => {
    fc.assert(
      fc.property(fc.boolean(), anyState, role, (restore, state, replicationRole) => {
        const reality = seen(state, replicationRole);
        expect(nextStep(planned("promoted", restore), reality)).to.deep.equal(
          nextStep(planned("running", restore), reality),
        );
      }),
    );
  });

  it("never stops a server that the plan has running or promoted", () => {
    const up = fc.constantFrom<Target>("running", "promoted");
    fc.assert(
      fc.property(up, fc.boolean(), anyState, role, (wanted, restore, state, replicationRole) => {
        expect(nextStep(planned(wanted, restore), seen(state, replicationRole)).kind).not.to.equal("stop");
      }),
    );
  });

  it("arrives from everywhere, stays there, and asks for nothing twice", () => {
    const state = fc.constantFrom("Ready", "Stopped", "Starting", "Stopping", "Updating");
    fc.assert(
      fc.property(target, fc.boolean(), state, role, (wanted, restore, at, as) => {
        fc.pre(wanted !== "stopped" || as === "None");
        const plan = planned(wanted, restore);
        const cloud = new Cloud({ state: at, replicationRole: as });
        const asked = cloud.run(plan);
        expect(asked, "no action twice").to.have.lengthOf(new Set(asked).size);
        const { kind } = nextStep(plan, { server: cloud.server });
        expect(kind).to.equal(restore && wanted !== "stopped" ? "wait-for-dump" : "none");
        expect(cloud.server.state).to.equal(wanted === "stopped" ? "Stopped" : "Ready");
        expect(cloud.run(plan), "nothing more to do").to.be.empty;
      }),
    );
  });

  it("arrives at the last plan, however often plans change and people interfere on the way", () => {
    const meddling = fc.array(
      fc.record({ plan: fc.tuple(target, fc.boolean()), runs: fc.nat({ max: 3 }), flip: fc.boolean() }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(meddling, target, (story, last) => {
        const cloud = new Cloud({ state: "Ready", replicationRole: "None" });
        for (const { plan, runs, flip } of story) {
          if (flip) cloud.meddle();
          for (let run = 0; run < runs; run++) cloud.step(planned(...plan));
        }
        cloud.run(planned(last));
        expect(cloud.server.state).to.equal(last === "stopped" ? "Stopped" : "Ready");
      }),
    );
  });
});

/** Azure as the controller finds it: what was asked for is under way at the next look, and done at the one after. */
class Cloud {
  server: SeenServer;

  constructor(server: SeenServer) {
    this.server = server;
  }

  /** One run of the controller, and a while. Returns what it asked for. */
  step(plan: PlanDocument): string | undefined {
    const { kind } = nextStep(plan, { server: this.server });
    const { replicationRole } = this.server;
    const settled: Record<string, string> = { Starting: "Ready", Stopping: "Stopped", Updating: "Ready" };
    if (kind === "start") this.server = { state: "Starting", replicationRole };
    else if (kind === "stop") this.server = { state: "Stopping", replicationRole };
    else this.server = { state: settled[this.server.state] ?? this.server.state, replicationRole };
    return ["start", "stop"].includes(kind) ? kind : undefined;
  }

  /** Runs until nothing is asked for any longer, which must be soon. */
  run(plan: PlanDocument): string[] {
    return Array.from({ length: 8 }, () => this.step(plan)).filter((action) => action !== undefined);
  }

  /** Somebody starts or stops the server by hand, or Azure does after 30 days. */
  meddle(): void {
    if (this.server.state === "Ready") this.server = { ...this.server, state: "Stopping" };
    else if (this.server.state === "Stopped") this.server = { ...this.server, state: "Starting" };
  }
}
