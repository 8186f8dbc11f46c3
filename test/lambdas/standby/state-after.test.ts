import { expect } from "chai";
import type { SeenData } from "../../../lambdas/standby/next-step.ts";
import type { PlanDocument } from "../../../lambdas/standby/plan-document.ts";
import type { Run } from "../../../lambdas/standby/run.ts";
import { stateAfter } from "../../../lambdas/standby/state-after.ts";
import { readState, type StateDocument } from "../../../lambdas/standby/state-document.ts";
import { planned, SERVER_ID } from "../../support/standby-plans.ts";

const DUMP = "20261120T021500Z";
const plan = planned();
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
      version: 2,
      status: "acting",
      detail: "asked Azure to start the server",
      planned: plan,
      seen: reality.server,
      setAside: [],
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
    const next: PlanDocument = { version: 2 };
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

  describe("of a load", () => {
    const outcome = { kind: "load", dump: DUMP } as const;
    const loading = { dump: DUMP, phase: "rows", done: 3, of: 7 };
    const begun = { ...reality, data: { begun: { dump: DUMP, swapping: false } } };
    const failedLoad = { dump: DUMP, faulty: true, reached: { phase: "rows", done: 2 } };
    const broke: Run = { plan, reality: begun, outcome: new Error("chunk 3 is corrupt"), failedLoad };
    const cut: Run = { plan, reality: begun, outcome: new Error("the connection was cut") };
    const loaded: Run = { plan, reality: { ...reality, data: { loaded: DUMP, loadedAt: "now" } }, outcome };

    it("tells how far it is, and what is there when it is done", () => {
      const state = afterRuns({ plan, reality: begun, outcome, loading });
      expect(state).to.deep.include({ status: "loading", loading, data: begun.data });
      expect(state.detail).to.equal(`loads the dump ${DUMP}: rows, 3 of 7`);
      const after = afterRuns({ plan, reality: begun, outcome, loading }, loaded);
      expect(after).to.deep.include({ status: "acting", loaded: { dump: DUMP, at: "now" } });
      expect(after).not.to.have.property("loading");
    });

    it("sets a dump aside whose own fault three failures were, whatever else failed between them", () => {
      expect(afterRuns(broke, broke).setAside).to.be.empty;
      const state = afterRuns(broke, cut, broke, waited, broke);
      expect(state.setAside).to.deep.equal([{ dump: DUMP, reason: "chunk 3 is corrupt", at: minute(4).toISOString() }]);
      expect(state.detail).to.contain(`the dump ${DUMP} is set aside`);
      expect(state).not.to.have.property("failures");
    });

    it("gives no dump up for what is not its own fault", () => {
      expect(afterRuns(cut, cut, cut, cut).setAside).to.be.empty;
    });

    describe("that a server refuses for good", () => {
      const nightly = planned({ target: "stopped", follows: "dumps" });
      const refused = (done: number): Run => ({
        ...{ plan: nightly, reality: begun, outcome: new Error(`refused after ${done}`) },
        failedLoad: { dump: DUMP, faulty: false, reached: { phase: "keys", done } },
      });
      const times = (count: number, run: Run) => Array.from({ length: count }, () => run);

      it("sets its dump aside where the server runs for that alone, after an hour without a step forward", () => {
        expect(afterRuns(...times(59, refused(3))).setAside).to.be.empty;
        expect(afterRuns(...times(60, refused(3))).setAside).to.have.lengthOf(1);
        expect(afterRuns(...times(40, refused(3)), ...times(40, refused(4))).setAside).to.be.empty;
        expect(afterRuns(...times(40, refused(3)), ...times(20, refused(2))).setAside).to.have.lengthOf(1);
      });

      it("goes on trying where the server runs anyway", () => {
        expect(afterRuns(...times(90, { ...refused(3), plan })).setAside).to.be.empty;
      });

      it("sets no dump aside twice", () => {
        expect(afterRuns(...times(9, broke)).setAside).to.have.lengthOf(1);
      });
    });

    it("begins to count anew with another dump, and when one is loaded", () => {
      const other = { ...broke, failedLoad: { ...failedLoad, dump: "20261121T021500Z" } };
      expect(afterRuns(broke, broke, other, broke).setAside).to.be.empty;
      expect(afterRuns(broke, broke, loaded)).not.to.have.property("failures");
    });

    it("goes on telling of what is set aside, until a newer one is loaded", () => {
      const newer: Run = { ...loaded, reality: { ...reality, data: { loaded: "20261121T021500Z" } } };
      const aside = [broke, broke, broke];
      expect(afterRuns(...aside, settled).detail).to.contain("is set aside, for its load failed again and again");
      expect(afterRuns(...aside, newer).detail).not.to.contain("set aside");
    });
  });

  it("remembers what a server held, for as long as it is that server", () => {
    const data = { loaded: DUMP, tenure: "own" as const };
    const seen: Run = { plan, reality: { ...reality, data }, outcome: { kind: "none" } };
    expect(afterRuns(seen, failed).data).to.deep.equal(data);
    const other = planned({ serverId: `${SERVER_ID}-drill` });
    expect(afterRuns(seen, { ...failed, plan: other })).not.to.have.property("data");
    expect(afterRuns(seen, { ...settled, plan: other })).not.to.have.property("data");
  });

  it("says so for as long as a drill's writes count, and what is to be done about it", () => {
    const seen = (data: SeenData, outcome: Run["outcome"]): Run => ({ plan, reality: { ...reality, data }, outcome });
    const promote = { kind: "promote", tenure: "own" } as const;
    const said = /; what a drill wrote is among what counts now.*--discard-standby/;
    expect(afterRuns(seen({ loaded: DUMP, tenure: "lent" }, promote)).detail).to.match(said);
    expect(afterRuns(seen({ tenure: "own", drilled: true }, { kind: "none" })).detail).to.match(said);
    expect(afterRuns(seen({ loaded: DUMP }, promote)).detail).not.to.match(said);
    expect(afterRuns(seen({ tenure: "lent" }, { kind: "promote", tenure: "lent" })).detail).not.to.match(said);
  });

  it("answers an operator, and goes on to", () => {
    const request = { dump: DUMP, requestedAt: "2026-11-21T10:00:00Z", discard: false, complete: true };
    const asked = (more: object, data = {}): Run => ({
      plan,
      reality: { ...reality, data, request: { ...request, ...more } },
      outcome: { kind: "none" },
    });
    const answer = { dump: DUMP, requestedAt: request.requestedAt };
    expect(afterRuns(asked({})).restore).to.deep.equal({ ...answer, status: "waiting" });
    expect(afterRuns({ ...asked({}), outcome: { kind: "load", dump: DUMP } }).restore).to.include({
      status: "loading",
    });
    const done = asked({}, { restored: request.requestedAt });
    expect(afterRuns(done, settled).restore).to.deep.equal({ ...answer, status: "loaded" });
    const { restore } = afterRuns(asked({}, { tenure: "own" }));
    expect(restore)
      .to.include({ status: "refused" })
      .and.have.property("reason")
      .that.matches(/does not allow/);
    expect(afterRuns(asked({ complete: false })).restore)
      .to.have.property("reason")
      .that.matches(/not complete/);
  });

  it("knows since when dumps are followed", () => {
    const nightly: Run = { ...settled, plan: planned({ target: "stopped", follows: "dumps" }) };
    expect(afterRuns(nightly, nightly)).to.include({ followedSince: minute(0).toISOString() });
    expect(afterRuns(nightly, settled)).not.to.have.property("followedSince");
  });

  it("is read as it was written, and is nothing when it is spoilt", () => {
    const state = afterRuns(failed, started, waited);
    expect(readState(JSON.stringify(state))).to.deep.equal(state);
    for (const text of ["", "{}", "nothing", '{"version":1}']) expect(readState(text)).to.equal(undefined);
  });
});
