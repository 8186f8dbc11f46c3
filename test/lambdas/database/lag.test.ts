import { expect } from "chai";
import { errorOf, stateOf } from "../../../lambdas/database/lag.ts";
import type { ReplicaStatus } from "../../../lambdas/database/replica-status.ts";

const FOLLOWING: ReplicaStatus = {
  source: { host: "primary", port: 3306, username: "dr_replicator" },
  ...{ receiver: "Yes", applies: true, received: "", executed: "" },
};
const FAILURE = { errno: 1062, message: "Duplicate entry", transaction: "3e11fa47-71ca-11e1-9e33-c80aa9429562:7" };

describe("the state of replication", () => {
  for (const [state, status] of [
    ["none", undefined],
    ["following", FOLLOWING],
    ["connecting", { ...FOLLOWING, receiver: "Connecting", receiverFailure: { errno: 2003, message: "no route" } }],
    ["stopped", { ...FOLLOWING, applies: false }],
    ["stopped", { ...FOLLOWING, receiver: "No" }],
    ["broken", { ...FOLLOWING, applies: false, applierFailure: FAILURE }],
    // After ten attempts MySQL 8.4 tries no more (SOURCE_RETRY_COUNT).
    ["broken", { ...FOLLOWING, receiver: "No", receiverFailure: { errno: 2003, message: "no route" } }],
  ] as [string, ReplicaStatus | undefined][]) {
    it(`is ${state} of ${JSON.stringify(status)}`, () => expect(stateOf(status)).to.equal(state));
  }
  it("names transaction and mend of what went wrong", () => {
    expect(errorOf({ ...FOLLOWING, applierFailure: FAILURE })).to.match(
      /^error 1062 in transaction 3e11fa47-[0-9a-f-]+:7: Duplicate entry; a row is there that must not be: .*load the newest dump/,
    );
    expect(errorOf({ ...FOLLOWING, receiverFailure: { errno: 4242, message: "odd" } })).to.match(
      /^error 4242: odd; find out/,
    );
    expect(errorOf(FOLLOWING)).to.equal(undefined);
  });
});
