import { expect } from "chai";
import fc from "fast-check";
import type { AslState } from "../../../components/replication/asl.ts";
import { sweepPlan } from "../../../components/replication/sweep-plan.ts";
import { leadsTo, type Rule, reachable } from "./asl-graph.ts";

const machineArn = "arn:aws:states:eu-west-1:111122223333:stateMachine:shop-dumps";

describe("the plan of a sweep", () => {
  const machine = sweepPlan({ machineArn, replicaPrefix: "shop-dump" });
  const stateOf = (name: string) => machine.States[name] as AslState;
  const map = stateOf("Delete what is left") as AslState & {
    ItemProcessor: { States: Record<string, AslState & { Retry: Rule[]; Catch: Rule[] }> };
  };
  const deletion = map.ItemProcessor.States["Delete a replica"];

  it("looks for replicas by pages that fit into a state, to the last one", () => {
    expect(stateOf("List the instances")).to.deep.include({
      Resource: "arn:aws:states:::aws-sdk:rds:describeDBInstances",
      Arguments: "{% $merge([{'MaxRecords': 20}, $marker = '' ? {} : {'Marker': $marker}]) %}",
    });
    expect(stateOf("Are there more").Choices).to.deep.include({
      Condition: "{% $marker != '' %}",
      Next: "List the instances",
    });
  });

  it("takes for its own what has the prefix and a dump's moment after it, and nothing else", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z][a-z0-9]{0,40}$/),
        fc.stringMatching(/^[a-z0-9-]{1,30}$/),
        (prefix, rest) => {
          const { States } = sweepPlan({ machineArn, replicaPrefix: prefix });
          const { found } = (States["List the instances"] as AslState).Assign as { found: string };
          const pattern = new RegExp(/\/(.*)\//.exec(found)?.[1] ?? "");
          expect(`${prefix}-20261121021500123`).to.match(pattern);
          if (!/^-\d{17}$/.test(rest)) expect(`${prefix}${rest}`).to.not.match(pattern);
          expect(`a${prefix}-20261121021500123`).to.not.match(pattern);
        },
      ),
    );
  });

  it("looks whether a dump is at work after it has found replicas, with a minute between, and leaves them then", () => {
    expect(stateOf("Are there more").Default).to.equal("Wait for the list of dumps");
    expect(stateOf("Wait for the list of dumps")).to.include({ Seconds: 60, Next: "Look for a dump at work" });
    expect(stateOf("Look for a dump at work")).to.deep.include({
      Resource: "arn:aws:states:::aws-sdk:sfn:listExecutions",
      Arguments: { StateMachineArn: machineArn, StatusFilter: "RUNNING", MaxResults: 1 },
      Next: "Is a dump at work",
    });
    expect(stateOf("Is a dump at work")).to.deep.include({
      Choices: [{ Condition: "{% $states.input.running > 0 %}", Next: "Done" }],
      Default: "Delete what is left",
    });
  });

  it("leaves to the next hour what can't be deleted yet, and takes what is gone for deleted", () => {
    const known = ["Rds.DbInstanceNotFoundException", "Rds.InvalidDbInstanceStateException"];
    expect(deletion?.Retry[0]).to.deep.equal({ ErrorEquals: known, MaxAttempts: 0 });
    expect(deletion?.Catch).to.deep.equal([{ ErrorEquals: known, Next: "Not now" }]);
    expect(deletion?.Arguments).to.deep.equal({
      DbInstanceIdentifier: "{% $states.input %}",
      SkipFinalSnapshot: true,
      DeleteAutomatedBackups: true,
    });
  });

  it("fails, and so alarms, when anything else is in the way", () => {
    for (const state of Object.values(machine.States)) expect(state).to.not.have.property("Catch");
  });

  it("waits for no call without end, is done before the next one, and keeps every state within reach", () => {
    expect(machine.TimeoutSeconds).to.be.below(60 * 60);
    const tasks = [...Object.values(machine.States), ...Object.values(map.ItemProcessor.States)];
    for (const task of tasks.filter(({ Type }) => Type === "Task")) expect(task.TimeoutSeconds).to.equal(60);
    expect(reachable(machine)).to.have.members(Object.keys(machine.States));
    expect(leadsTo(stateOf("Done"))).to.deep.equal([]);
  });
});
