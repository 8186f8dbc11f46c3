import { expect } from "chai";
import fc from "fast-check";
import type { AslState } from "../../../components/replication/asl.ts";
import { dumpPlan } from "../../../components/replication/dump-plan.ts";
import { leadsTo, type Rule, reachable, waitsOf } from "./asl-graph.ts";

const lambda = (name: string) => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;
const ARGS = {
  databaseIdentifier: "shop-db",
  replicaPrefix: "shop-dump",
  bucketName: "shop-dumps",
  prepareArn: lambda("shop-primary"),
  dumpArn: lambda("shop-dump"),
  concurrency: 20,
  tags: { Name: "shop-dump", Purpose: "standby" },
};
const DELETE = "Delete the replica";

/** A state that calls something, as far as the tests look at it. */
interface Call extends AslState {
  Resource: string;
  Arguments: Record<string, unknown>;
  Retry: Rule[];
  Catch: (Rule & { Assign?: Record<string, string> })[];
  Assign: Record<string, unknown>;
}

describe("the plan of a dump", () => {
  const machine = dumpPlan(ARGS);
  const { StartAt, States } = machine;
  const stateOf = <T extends AslState = Call>(name: string) => States[name] as T;
  const names = Object.keys(States);
  const map = stateOf("Dump the chunks") as Call & {
    ItemProcessor: { ProcessorConfig: object; StartAt: string; States: Record<string, Call> };
  };
  const tasks = names.filter((name) => stateOf(name).Type === "Task");
  const calls = [...tasks.map((name) => stateOf(name)), ...Object.values(map.ItemProcessor.States)];
  const payloadOf = (name: string) => stateOf(name).Arguments.Payload as Record<string, unknown>;

  it("goes from the primary over a replica to a dump, and to the replica's end", () => {
    const way = [StartAt];
    for (let next = stateOf(StartAt).Next; next; next = stateOf(String(next)).Next) way.push(String(next));
    expect(way).to.deep.equal([
      ...["Begin", "Prepare the primary", "Look at the primary", "Create the replica", "Wait for the replica"],
      ...["Look at the replica", "Is the replica there"],
    ]);
    expect(stateOf("Is the replica there").Choices).to.deep.include({
      Condition: "{% $status = 'available' and $endpoint != null %}",
      Next: "Freeze the replica",
    });
    const rest = ["Freeze the replica", "Plan the chunks", "Dump the chunks", "Seal the dump", DELETE];
    for (const [index, name] of rest.slice(0, -1).entries()) expect(stateOf(name).Next).to.equal(rest[index + 1]);
  });

  it("has a replica of its own in every execution, in the primary's security groups and unprotected", () => {
    expect(stateOf("Begin").Assign).to.deep.include({
      replica: "{% 'shop-dump-' & $replace($states.context.Execution.StartTime, /[^0-9]/, '') %}",
    });
    expect(stateOf("Look at the primary").Arguments).to.deep.equal({ DbInstanceIdentifier: "shop-db" });
    expect(stateOf("Create the replica")).to.deep.include({
      Resource: "arn:aws:states:::aws-sdk:rds:createDBInstanceReadReplica",
      Arguments: {
        DbInstanceIdentifier: "{% $replica %}",
        SourceDBInstanceIdentifier: "shop-db",
        VpcSecurityGroupIds: "{% $groups %}",
        PubliclyAccessible: false,
        AutoMinorVersionUpgrade: false,
        DeletionProtection: false,
        Tags: [
          { Key: "Name", Value: "shop-dump" },
          { Key: "Purpose", Value: "standby" },
        ],
      },
    });
    expect(stateOf(DELETE).Arguments).to.deep.equal({
      DbInstanceIdentifier: "{% $replica %}",
      SkipFinalSnapshot: true,
      DeleteAutomatedBackups: true,
    });
  });

  it("asks the functions what they understand", () => {
    const there = { host: "{% $endpoint.Address %}", port: "{% $number($endpoint.Port) %}" };
    const state = { startedAt: "{% $startedAt %}", frozen: "{% $frozen %}", obstacles: "{% $obstacles %}" };
    const dump = { dump: "{% $dump %}", kind: "{% $kind %}" };
    expect(stateOf("Prepare the primary").Arguments).to.deep.equal({
      FunctionName: ARGS.prepareArn,
      Payload: { action: "prepare" },
    });
    expect(payloadOf("Freeze the replica")).to.deep.equal({ action: "freeze", ...there });
    expect(payloadOf("Plan the chunks")).to.deep.equal({ action: "plan", ...there, startedAt: state.startedAt });
    expect(payloadOf("Seal the dump")).to.deep.equal({ action: "seal", ...there, ...state, ...dump });
    expect(map.ItemSelector).to.deep.equal({
      ...{ action: "portion", ...there, ...dump },
      portion: "{% $states.context.Map.Item.Value %}",
    });
  });

  describe("its chunks", () => {
    const [chunk] = Object.values(map.ItemProcessor.States);

    it("are those of the plan in the bucket, many at once, and none may fail", () => {
      expect(map.ItemReader).to.deep.equal({
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "JSON" },
        Arguments: { Bucket: "shop-dumps", Key: "{% $states.input.plan %}" },
      });
      expect(map).to.include({ MaxConcurrency: 20, ToleratedFailureCount: 0 });
      expect(map.ItemProcessor.ProcessorConfig).to.deep.equal({ Mode: "DISTRIBUTED", ExecutionType: "STANDARD" });
      expect(chunk?.Arguments).to.deep.equal({ FunctionName: ARGS.dumpArn, Payload: "{% $states.input %}" });
    });

    it("know no variables of the machine, which they can't see, and keep no results", () => {
      expect(JSON.stringify(map.ItemProcessor).replaceAll("$states", "")).to.not.match(/\$\w/);
      expect(chunk?.Output).to.deep.equal([]);
      expect(map.ResultWriter).to.deep.equal({ WriterConfig: { Transformation: "FLATTEN", OutputType: "JSON" } });
      expect(map.Output).to.deep.equal({});
    });
  });

  describe("when something fails", () => {
    const failing = names.filter((name) => stateOf(name).Catch && name !== DELETE);

    it("deletes the replica, whatever it was, and says the first reason", () => {
      expect(failing).to.have.members([...tasks.filter((name) => name !== DELETE), "Dump the chunks"]);
      for (const name of failing) {
        expect(stateOf(name).Catch.at(-1), name).to.deep.equal({
          ErrorEquals: ["States.ALL"],
          Assign: { failure: "{% $failure ? $failure : $states.errorOutput %}" },
          Next: DELETE,
        });
      }
      expect(stateOf("Failed")).to.deep.equal({
        Type: "Fail",
        Error: "{% $failure.Error %}",
        Cause: "{% $failure.Cause %}",
      });
    });

    it("ends well only where there was no failure and the replica is gone", () => {
      expect(names.filter((name) => leadsTo(stateOf(name)).includes("Done"))).to.deep.equal(["Is there a dump"]);
      expect(stateOf("Is there a dump")).to.deep.include({
        Choices: [{ Condition: "{% $failure = null %}", Output: "{% $sealed %}", Next: "Done" }],
        Default: "Failed",
      });
    });

    it("takes a replica that is there already for its own, and one that is not there for deleted", () => {
      expect(stateOf("Create the replica").Catch[0]).to.deep.equal({
        ErrorEquals: ["Rds.DbInstanceAlreadyExistsException"],
        Next: "Wait for the replica",
      });
      expect(stateOf(DELETE).Catch[0]).to.deep.equal({
        ErrorEquals: ["Rds.DbInstanceNotFoundException"],
        Next: "Is there a dump",
      });
    });

    it("waits an hour for an instance whose state allows neither a replica nor its deletion", () => {
      for (const name of ["Create the replica", DELETE]) {
        const [rule] = stateOf(name).Retry;
        expect(rule?.ErrorEquals).to.deep.equal(["Rds.InvalidDbInstanceStateException"]);
        expect(waitsOf(rule).reduce((sum, seconds) => sum + seconds)).to.equal(60 * 60);
      }
    });

    it("waits four hours for the replica, and not for one that will never come", () => {
      const { Choices } = stateOf("Is the replica there") as AslState & { Choices: { Condition: string }[] };
      const condition = String(Choices[1]?.Condition);
      expect(condition).to.contain("$looks >= 240");
      expect(stateOf("Wait for the replica")).to.include({ Seconds: 60 });
      const broken = new RegExp(/\/(.*)\//.exec(condition)?.[1] ?? "");
      for (const status of ["failed", "incompatible-network", "storage-full", "deleting"]) {
        expect(status).to.match(broken);
      }
      for (const status of ["creating", "modifying", "backing-up", "available"]) expect(status).to.not.match(broken);
    });

    it("gives a replica two hours to catch up, and tries nothing again that is a mistake of ours", () => {
      const [behind, mistakes] = stateOf("Freeze the replica").Retry;
      expect(behind?.ErrorEquals).to.deep.equal(["BehindError"]);
      expect(waitsOf(behind).reduce((sum, seconds) => sum + seconds)).to.equal(2 * 60 * 60);
      expect(mistakes?.ErrorEquals).to.include.members(["TypeError", "States.QueryEvaluationError"]);
      for (const call of calls.filter(({ Resource }) => Resource.includes("lambda"))) {
        expect(call.Retry.find(({ ErrorEquals }) => ErrorEquals.includes("TypeError"))?.MaxAttempts).to.equal(0);
      }
    });

    it("tries everything else again for a quarter of an hour", () => {
      for (const { Retry } of calls) {
        const rule = Retry.at(-1);
        expect(rule?.ErrorEquals).to.deep.equal(["States.ALL"]);
        expect(waitsOf(rule).reduce((sum, seconds) => sum + seconds)).to.be.within(15 * 60, 25 * 60);
      }
    });

    it("waits for no call without end, and ends before the next night", () => {
      for (const call of calls) {
        expect(call.TimeoutSeconds).to.equal(call.Resource.includes("lambda") ? 15 * 60 + 30 : 60);
      }
      expect(machine.TimeoutSeconds).to.equal(20 * 60 * 60);
    });
  });

  it("keeps every state within reach, leads to none that is not there, and names them as the language takes it", () => {
    fc.assert(
      fc.property(
        fc.record({
          databaseIdentifier: fc.stringMatching(/^[a-z][a-z0-9]{0,30}$/),
          replicaPrefix: fc.stringMatching(/^[a-z][a-z0-9]{0,30}$/),
          concurrency: fc.integer({ min: 1, max: 1000 }),
          tags: fc.dictionary(fc.string(), fc.string(), { maxKeys: 5 }),
        }),
        (args) => {
          const plan = dumpPlan({ ...ARGS, ...args });
          expect(reachable(plan)).to.have.members(Object.keys(plan.States));
          for (const name of Object.keys(plan.States)) expect(name).to.match(/^[\w ]{1,80}$/);
          expect((plan.States["Dump the chunks"] as AslState).MaxConcurrency).to.equal(args.concurrency);
        },
      ),
    );
  });

  it("leads from every state that may have made a replica through its deletion", () => {
    // Without that state nothing ends any more, but what comes after it.
    const without: Record<string, AslState> = { ...States, [DELETE]: { Type: "Succeed" } };
    const ends = reachable({ ...machine, States: without }).filter(
      (name) => leadsTo(without[name] as AslState).length === 0,
    );
    expect(ends).to.deep.equal([DELETE]);
  });
});
