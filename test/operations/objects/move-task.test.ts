import type { SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { moveMessages } from "../../../operations/objects/move.ts";
import { rejection } from "../../support/rejection.ts";

interface Task {
  Status: string;
  ApproximateNumberOfMessagesMoved: number;
  FailureReason?: string;
}

/** SQS as far as it moves messages by itself: each look at the task finds the next of these states. */
class TaskService {
  readonly calls: { name: string; input: Record<string, unknown> }[] = [];
  readonly #looks: Task[];
  /** What a look finds once the task was canceled. */
  canceled: Task = { Status: "CANCELLED", ApproximateNumberOfMessagesMoved: 4 };

  constructor(...looks: Task[]) {
    this.#looks = looks;
  }

  get client(): SQSClient {
    return { send: async (command: { constructor: { name: string }; input: never }) => this.#answer(command) } as never;
  }

  get names(): string[] {
    return this.calls.map(({ name }) => name);
  }

  #answer(command: { constructor: { name: string }; input: Record<string, unknown> }): object {
    const name = command.constructor.name.replace("Command", "");
    this.calls.push({ name, input: command.input });
    if (name === "GetQueueAttributes") return { Attributes: { QueueArn: `arn of ${command.input.QueueUrl}` } };
    if (name === "StartMessageMoveTask") return { TaskHandle: "a-handle" };
    if (name === "CancelMessageMoveTask") return {};
    const canceled = this.names.includes("CancelMessageMoveTask");
    return { Results: [canceled ? this.canceled : this.#looks.shift()] };
  }
}

describe("giving back what was set aside, by the service's own task", () => {
  const move = (service: TaskService, more: Partial<Parameters<typeof moveMessages>[0]> = {}) =>
    moveMessages({
      sqs: service.client,
      fromUrl: "dead letters",
      toUrl: "queue",
      onProgress: () => {},
      signal: new AbortController().signal,
      ...more,
    });

  it("names the queue that they go to: they came from none, as far as SQS knows", async () => {
    const service = new TaskService({ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 9 });
    expect(await move(service)).to.equal(9);
    const start = service.calls.find(({ name }) => name === "StartMessageMoveTask");
    expect(start?.input).to.deep.equal({ SourceArn: "arn of dead letters", DestinationArn: "arn of queue" });
  });

  it("tells how far it is", async () => {
    const told: number[] = [];
    const service = new TaskService(
      { Status: "RUNNING", ApproximateNumberOfMessagesMoved: 4 },
      { Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 9 },
    );
    await move(service, { onProgress: (moved) => told.push(moved) });
    expect(told).to.deep.equal([4, 9]);
  });

  it("cancels the task when it is told to stop, and says how far it came", async () => {
    const service = new TaskService({ Status: "RUNNING", ApproximateNumberOfMessagesMoved: 4 });
    const stop = new AbortController();
    const failure = await rejection(move(service, { onProgress: () => stop.abort(), signal: stop.signal }));
    expect(failure.message).to.equal("the move was canceled after 4 messages; run it again for the rest");
    expect(service.calls.find(({ name }) => name === "CancelMessageMoveTask")?.input).to.deep.equal({
      TaskHandle: "a-handle",
    });
  });

  it("says why a task failed", async () => {
    const failed = { Status: "FAILED", ApproximateNumberOfMessagesMoved: 1, FailureReason: "AccessDenied" };
    const failure = await rejection(move(new TaskService(failed)));
    expect(failure.message).to.include("ended as FAILED: AccessDenied after 1 messages");
  });
});
