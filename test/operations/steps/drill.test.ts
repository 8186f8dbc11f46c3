import { expect } from "chai";
import { beginDrill, endDrill, recordDrift, recordDrill, untilRestored } from "../../../operations/steps/drill.ts";
import { FakeOperation, seenState, watching } from "../../support/fake-operation.ts";
import { rejection } from "../../support/rejection.ts";

const DUMP = "20261121T021500Z";
const planned = (target: "promoted" | "stopped") => ({ planned: { database: { target, follows: "dumps" as const } } });

describe("a drill", () => {
  let operation: FakeOperation;
  const { watch } = watching();

  beforeEach(() => {
    operation = new FakeOperation({ drill: true });
  });

  it("writes down before it begins how far the standby differs from its program, and Azure from the state", async () => {
    operation.changes = { program: { same: 80, update: 1 }, cloud: { same: 81, delete: 2 } };
    expect(await recordDrift().act(operation.real, watch)).to.equal("of the program: 1 update; of Azure: 2 delete");
    expect(operation.facts.driftBefore).to.deep.equal({ program: "1 update", cloud: "2 delete" });
    expect(operation.done, "nothing is changed").to.deep.equal([]);
  });

  it("stands the standby up, and remembers since when", async () => {
    expect(await beginDrill().act(operation.real, watch)).to.equal("2 create");
    expect(operation.done).to.deep.equal(["set dr drill=true", "up dr"]);
    expect(operation.facts.beganAt).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it("tells which dump the database serves", async () => {
    operation.states = [seenState({ ...planned("promoted"), data: { loaded: DUMP } })];
    expect(await untilRestored().act(operation.real, watch)).to.equal("plan and reality agree");
    expect(operation.facts.dump).to.equal(DUMP);
  });

  it("takes the standby down again, until the controller has done its part", async () => {
    operation.onUp = () => Object.assign(operation.dr.values, new FakeOperation().dr.values);
    operation.states = [seenState(planned("promoted")), seenState({ ...planned("stopped"), detail: "it is stopped" })];
    expect(await endDrill().act(operation.real, watch)).to.equal("2 create; it is stopped");
    expect(operation.done).to.deep.equal(["set dr drill=false", "up dr"]);
  });

  it("leaves nothing behind", async () => {
    operation.changes = { program: { same: 81 }, cloud: { same: 80, update: 1 } };
    expect(await recordDrill().act(operation.real, watch)).to.equal("nothing left behind; Azure differs by: 1 update");
    expect(operation.facts.driftAfter).to.deep.equal({ program: "nothing to change", cloud: "1 update" });
  });

  it("says so where it did, and keeps that for its report", async () => {
    operation.changes = { program: { delete: 3 }, cloud: {} };
    const recorded = Promise.resolve(recordDrill().act(operation.real, watch));
    expect((await rejection(recorded)).message).to.equal("expected a drill to leave nothing behind, found 3 delete");
    expect(operation.facts.driftAfter).to.deep.equal({ program: "3 delete", cloud: "nothing to change" });
  });
});
