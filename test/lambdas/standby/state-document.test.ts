import { expect } from "chai";
import type { PlanDocument } from "../../../lambdas/standby/plan-document.ts";
import { type Run, readState, type StateDocument, stateAfter } from "../../../lambdas/standby/state-document.ts";

const SERVER_ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.DBforMySQL/flexibleServers/shop";
const plan: PlanDocument = { version: 1, database: { serverId: SERVER_ID, target: "running", restore: false } };
const reality = { server: { state: "Stopped", replicationRole: "None" } };

const minute = (count: number) => new Date(Date.UTC(2026, 0, 1, 0, count));

/** The state after runs that came a minute apart. */
function afterRuns(...runs: Run[]): StateDocument {
  const end = runs.reduce<StateDocument | undefined>(
    (state, run, index) => stateAfter(state, run, minute(index)),
    undefined,
  );
  if (!end) throw new Error("there were no runs");
  return end;
}

const started: Run = { plan, reality, outcome: { kind: "start", serverId: SERVER_ID } };
const waited: Run = { plan, reality, outcome: { kind: "wait", reason: "the server is Starting" } };
const failed: Run = { plan, outcome: new Error("Azure is down") };
const settled: Run = { plan, reality, outcome: { kind: "none" } };

describe("the controller's state document", () => {
  it("tells what was planned, seen and done", () => {
    const at = minute(0).toISOString();
    expect(afterRuns(started)).to.deep.equal({
      version: 1,
      status: "acting",
      detail: "asked Azure to start the server",
      planned: plan,
      seen: reality.server,
      done: { action: "start", at },
      since: at,
      attempt: 1,
      at,
    });
  });

  it("counts the runs that end alike, from the first one on", () => {
    const state = afterRuns(started, waited, waited, waited);
    expect(state).to.include({ status: "waiting", attempt: 3, since: minute(1).toISOString() });
    expect(state.detail).to.equal("the server is Starting");
    expect(state.done).to.deep.equal({ action: "start", at: minute(0).toISOString() });
  });

  it("counts anew for a new plan", () => {
    const next: PlanDocument = { version: 1 };
    expect(afterRuns(settled, settled, { plan: next, reality: {}, outcome: { kind: "none" } })).to.include({
      attempt: 1,
      since: minute(2).toISOString(),
    });
  });

  it("keeps the last failure when it is over", () => {
    const state = afterRuns(failed, failed, settled);
    expect(state.status).to.equal("settled");
    expect(state.lastError).to.deep.equal({ message: "Azure is down", at: minute(1).toISOString() });
  });

  it("tells of a run that did not even find a plan", () => {
    const state = afterRuns({ outcome: new Error("no plan") });
    expect(state).to.deep.include({ status: "failed", detail: "no plan", attempt: 1 });
    expect(state).not.to.have.any.keys("planned", "seen", "done");
  });

  it("says so when nothing but the data is missing", () => {
    expect(afterRuns({ plan, reality, outcome: { kind: "wait-for-dump" } }).status).to.equal("waiting-for-dump");
  });

  it("is read as it was written, and is nothing when it is spoilt", () => {
    const state = afterRuns(failed, started, waited);
    expect(readState(JSON.stringify(state))).to.deep.equal(state);
    for (const text of ["", "{}", "nothing", '{"version":2}']) expect(readState(text)).to.equal(undefined);
  });
});
