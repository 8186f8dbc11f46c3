import { expect } from "chai";
import { REPORT, reportOf } from "../../../lambdas/standby/report.ts";
import { stateAfter } from "../../../lambdas/standby/state-after.ts";
import type { StateDocument } from "../../../lambdas/standby/state-document.ts";
import { type Planned, planned } from "../../support/standby-plans.ts";

const NOON = new Date("2026-11-21T12:00:00Z");

function settled(plan: Partial<Planned>, data = {}, changes: Partial<StateDocument> = {}): StateDocument {
  const server = { state: "Ready", replicationRole: "None" };
  const run = { plan: planned(plan), reality: { server, data }, outcome: { kind: "none" } as const };
  return { ...stateAfter(undefined, run, new Date("2026-11-21T06:00:00Z")), ...changes };
}

const reported = (state: StateDocument | undefined) => JSON.parse(reportOf(state, NOON));

describe("the controller's report", () => {
  const nightly = { target: "stopped", follows: "dumps" } as const;

  it("is one line, by whose beginning alarms find it", () => {
    for (const state of [undefined, settled(nightly)]) {
      expect(reportOf(state, NOON).startsWith(REPORT)).to.equal(true);
      expect(reportOf(state, NOON)).not.to.contain("\n");
    }
  });

  it("tells of a run that left the work to another one", () => {
    expect(reported(undefined)).to.deep.equal({ report: "standby", status: "busy", detail: "another run acts" });
  });

  it("tells how old the data are: since their dump, or since dumps are followed", () => {
    expect(reported(settled(nightly, { loaded: "20261120T100000Z" }))).to.include({ follows: "dumps", ageHours: 26 });
    expect(reported(settled(nightly))).to.include({ ageHours: 6 });
    expect(reported(settled({ target: "promoted" }, { loaded: "20261120T100000Z" }))).not.to.have.property("ageHours");
  });

  it("tells how far behind the primary they are", () => {
    const replication = { state: "following", lagSeconds: 61.5 };
    expect(reported(settled({ follows: "primary" }, { replication }))).to.include({ lagSeconds: 61.5 });
    expect(reported(settled({ follows: "primary" }))).not.to.have.property("lagSeconds");
  });

  it("tells that the primary is not followed, whatever keeps it, and only where it is to be", () => {
    const live = (data: object) => reported(settled({ follows: "primary" }, data));
    for (const state of ["connecting", "stopped", "broken"] as const) {
      expect(live({ replication: { state } }), state).to.include({ followsNot: true });
    }
    expect(live({ loaded: "20261120T100000Z" }), "waits for link").to.include({ followsNot: true });
    expect(live({ replication: { state: "following" } })).not.to.have.property("followsNot");
    for (const plan of [nightly, { target: "promoted" } as const]) {
      expect(reported(settled(plan))).not.to.have.property("followsNot");
    }
  });

  it("counts the dumps that can't be loaded, and are newer than what is", () => {
    const setAside = ["20261119T021500Z", "20261121T021500Z"].map((dump) => ({ dump, reason: "corrupt", at: "now" }));
    expect(reported(settled(nightly, { loaded: "20261120T021500Z" }, { setAside }))).to.include({ setAside: 1 });
  });
});
