import type { SFNClient } from "@aws-sdk/client-sfn";
import { SFNServiceException } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { DumpMachine, renderEnded } from "../../../operations/database/dump-machine.ts";
import { trustIn } from "../../rehearsal/aws/inline-function.ts";
import { useLocalAws } from "../../rehearsal/aws/local-aws.ts";
import { rejection } from "../../support/rejection.ts";

const { signal } = new AbortController();
const ARN = "arn:aws:states:eu-west-1:111122223333:stateMachine:dump";
const EXECUTION = { arn: `${ARN}:night`, startedAt: new Date("2026-11-21T02:15:00Z") };

/** A client that answers each command by its name; with a list, one after the other and the last for ever. */
function answering(answers: Record<string, unknown[]>) {
  const asked: { name: string; input: Record<string, unknown> }[] = [];
  const send = async (command: { constructor: { name: string }; input: object }) => {
    const name = command.constructor.name.replace(/Command$/, "");
    asked.push({ name, input: command.input as Record<string, unknown> });
    const list = answers[name] ?? [];
    const answer = list.length > 1 ? list.shift() : list[0];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, machine: new DumpMachine({ send } as unknown as SFNClient, ARN, 1) };
}

const entered = (name: string) => ({ type: "TaskStateEntered", stateEnteredEventDetails: { name } });

describe("the machine that dumps the primary's database", () => {
  it("is started with nothing but the moment", async () => {
    const { machine, asked } = answering({
      StartExecution: [{ executionArn: EXECUTION.arn, startDate: EXECUTION.startedAt }],
    });
    expect(await machine.start(signal)).to.deep.equal(EXECUTION);
    expect(asked).to.deep.equal([{ name: "StartExecution", input: { stateMachineArn: ARN, input: "{}" } }]);
  });

  it("tells of a dump that is being made already", async () => {
    const execution = { executionArn: EXECUTION.arn, startDate: EXECUTION.startedAt };
    expect(await answering({ ListExecutions: [{ executions: [execution] }] }).machine.running(signal)).to.deep.equal(
      EXECUTION,
    );
    expect(await answering({ ListExecutions: [{ executions: [] }] }).machine.running(signal)).to.equal(undefined);
  });

  it("is followed by its states, and in the map by its chunks", async () => {
    const running = { status: "RUNNING" };
    const output = JSON.stringify({
      manifest: "manifests/daily/20261121T021500Z.json",
      rows: 3000,
      size: 1.5e9,
      chunks: 40,
    });
    const stopDate = new Date(EXECUTION.startedAt.getTime() + 95 * 60_000);
    const { machine } = answering({
      DescribeExecution: [
        ...Array(4).fill(running),
        { status: "SUCCEEDED", startDate: EXECUTION.startedAt, stopDate, output },
      ],
      GetExecutionHistory: [
        { events: [{ type: "ExecutionStarted" }] },
        { events: [{ type: "TaskScheduled" }, entered("Create the replica")] },
        { events: [{ type: "MapRunStarted" }, entered("Dump the chunks")] },
        { events: [entered("Seal the dump"), { type: "MapRunSucceeded" }, { type: "MapRunStarted" }] },
      ],
      ListMapRuns: [{ mapRuns: [{ mapRunArn: "run" }] }, { mapRuns: [{ mapRunArn: "run", stopDate }] }],
      DescribeMapRun: [{ itemCounts: { succeeded: 12, total: 40 } }],
    });
    const told: string[] = [];
    const ended = await machine.follow(EXECUTION, (text) => told.push(text), signal);
    expect(told).to.deep.equal(["begun", "Create the replica", "Dump the chunks: 12 of 40", "Seal the dump"]);
    expect(ended).to.deep.equal({ milliseconds: 95 * 60_000, ...JSON.parse(output) });
    expect(renderEnded(ended)).to.include("Dumped in 1 h 35 min: 3,000 rows in 40 chunks of 1.5 GB.");
  });

  it("says why a dump failed, and which one stands", async () => {
    const startDate = new Date("2026-11-20T02:15:00Z");
    const { machine, asked } = answering({
      DescribeExecution: [{ status: "FAILED", error: "BehindError", cause: "90 s behind" }],
      ListMapRuns: [{ mapRuns: [] }],
      ListExecutions: [{ executions: [{ executionArn: "made", startDate }] }],
    });
    const { message } = await rejection(machine.follow(EXECUTION, () => {}, signal));
    expect(message).to.equal(
      `the dump ended as FAILED: BehindError: 90 s behind. The one of ${startDate.toISOString()} stands; the steps: undefined`,
    );
    expect(asked.at(-1)?.input).to.include({ stateMachineArn: ARN, statusFilter: "SUCCEEDED" });
  });

  it("says of one that was ended from outside that its replica stays for a while", async () => {
    for (const status of ["ABORTED", "TIMED_OUT"]) {
      const { machine } = answering({
        ...{ DescribeExecution: [{ status }], ListMapRuns: [{ mapRuns: [] }], ListExecutions: [{ executions: [] }] },
      });
      const { message } = await rejection(machine.follow(EXECUTION, () => {}, signal));
      expect(message).to.include(
        `ended as ${status}: no reason was given. Its replica stays until the sweeper deletes it, within the next hour or two. ` +
          "Former dumps stand",
      );
    }
  });

  it("says what the first portion that failed said, of which the machine itself knows nothing", async () => {
    const { machine } = answering({
      DescribeExecution: [
        { status: "FAILED", error: "States.ExceedToleratedFailureThreshold" },
        { status: "FAILED", error: "Error", cause: "no space" },
      ],
      ListMapRuns: [{ mapRuns: [{ mapRunArn: "run" }] }],
      ListExecutions: [{ executions: [{ executionArn: "portion" }] }],
    });
    const { message } = await rejection(machine.follow(EXECUTION, () => {}, signal));
    expect(message).to.include("FailureThreshold; the first portion that failed: Error: no space.");
  });

  it("says that no dump can be made while AWS is out of reach, and where those that stand are", async () => {
    const unreachable = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
    const broken = serviceError(503);
    for (const error of [unreachable, broken]) {
      const { machine } = answering({ StartExecution: [error] });
      const { message } = await rejection(machine.start(signal));
      expect(message).to.include("AWS does not answer").and.include("restore-database --list");
    }
  });

  it("does not take a refusal for an outage, nor that nobody is signed in", async () => {
    const { machine } = answering({ StartExecution: [serviceError(400)] });
    expect((await rejection(machine.start(signal))).message).to.equal("status 400");
    const nobody = Object.assign(new Error("Could not load credentials"), { name: "CredentialsProviderError" });
    const signedOut = answering({ StartExecution: [nobody] }).machine;
    expect((await rejection(signedOut.start(signal))).message).to.equal("Could not load credentials");
  });

  it("ends with whatever ends the process", async () => {
    const interruption = new AbortController();
    const { machine } = answering({
      DescribeExecution: [{ status: "RUNNING" }],
      GetExecutionHistory: [{ events: [] }],
    });
    const followed = machine.follow(EXECUTION, () => interruption.abort(), interruption.signal);
    expect((await rejection(followed)).name).to.equal("AbortError");
  });

  describe("on the local AWS", () => {
    const aws = useLocalAws();

    it("is started, found running, and followed to its end", async () => {
      const role = await aws.deploy("aws:iam/role:Role", {
        name: "dumps",
        assumeRolePolicy: trustIn("states.amazonaws.com"),
      });
      const output = { manifest: "m", rows: 1, size: 2, chunks: 3 };
      const definition = JSON.stringify({
        StartAt: "Wait",
        States: { Wait: { Type: "Wait", Seconds: 30, Next: "End" }, End: { Type: "Pass", Result: output, End: true } },
      });
      const { id } = await aws.deploy("aws:sfn/stateMachine:StateMachine", {
        ...{ name: "dump", type: "STANDARD", roleArn: role.properties.arn, definition },
      });
      const machine = new DumpMachine(aws.cloud.sfn, id, 50);
      expect(await machine.running(signal)).to.equal(undefined);
      const execution = await machine.start(signal);
      expect((await machine.running(signal))?.arn).to.equal(execution.arn);
      expect(await machine.follow(execution, () => {}, signal)).to.include(output);
    });
  });
});

function serviceError(httpStatusCode: number): Error {
  const message = `status ${httpStatusCode}`;
  return new SFNServiceException({ name: "Refused", $fault: "client", message, $metadata: { httpStatusCode } });
}
