import { setTimeout as delay } from "node:timers/promises";
import {
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  DescribeMapRunCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  SFNClient,
  SFNServiceException,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { z } from "zod";
import { count, size, span } from "./units.ts";

/** Milliseconds between two looks. */
const LOOK = 5000;

/** Steps of an execution that are looked at for the last one: those of a state and its tries. */
const STEPS = 50;

/** A dump that is made. */
export interface Execution {
  arn: string;
  startedAt: Date;
}

/** What the machine says at its end; absent where it says something else. */
const result = z.object({ manifest: z.string(), rows: z.number(), size: z.number(), chunks: z.number() }).partial();

/** How a dump ended. */
export interface Ended extends z.infer<typeof result> {
  /** How long it took, in milliseconds. */
  milliseconds: number;
}

/** The state machine that dumps the primary's database, each night or when it is told to. */
export class DumpMachine {
  readonly #client: Pick<SFNClient, "send">;
  readonly #arn: string;
  readonly #look: number;

  /** @param look between two looks, in milliseconds */
  constructor(client: Pick<SFNClient, "send">, arn: string, look = LOOK) {
    this.#client = client;
    this.#arn = arn;
    this.#look = look;
  }

  /** The machine of that ARN, which names its region. */
  static of(arn: string): DumpMachine {
    // Few tries: when AWS is dead, that shall be said soon.
    const requestHandler = { connectionTimeout: 5000, requestTimeout: 15_000 };
    return new DumpMachine(new SFNClient({ region: arn.split(":")[3], maxAttempts: 2, requestHandler }), arn);
  }

  /** The dump that is being made; undefined when there is none. */
  async running(signal: AbortSignal): Promise<Execution | undefined> {
    const command = new ListExecutionsCommand({ stateMachineArn: this.#arn, statusFilter: "RUNNING", maxResults: 1 });
    const { executions: [execution] = [] } = await answered(
      this.#client.send(command, { abortSignal: signal }),
      signal,
    );
    return execution?.executionArn && execution.startDate
      ? { arn: execution.executionArn, startedAt: execution.startDate }
      : undefined;
  }

  async start(signal: AbortSignal): Promise<Execution> {
    const command = new StartExecutionCommand({ stateMachineArn: this.#arn, input: "{}" });
    const { executionArn, startDate } = await answered(this.#client.send(command, { abortSignal: signal }), signal);
    if (executionArn && startDate) return { arn: executionArn, startedAt: startDate };
    throw new Error(`StartExecution of ${this.#arn} answered without an execution`);
  }

  /**
   * Follows a dump to its end.
   *
   * @throws Error when it failed, timed out or was aborted, with its reason
   */
  async follow({ arn }: Execution, onProgress: (text: string) => void, signal: AbortSignal): Promise<Ended> {
    for (;;) {
      const command = new DescribeExecutionCommand({ executionArn: arn });
      const execution = await answered(this.#client.send(command, { abortSignal: signal }), signal);
      if (execution.status === "SUCCEEDED") return endOf(execution);
      if (execution.status !== "RUNNING") {
        const portion = await this.#failedPortion(arn, signal);
        throw new Error(whyEnded(execution, portion, await this.#lastMade(signal)));
      }
      onProgress(await this.#progress(arn, signal));
      await delay(this.#look, undefined, { signal });
    }
  }

  /** When the last dump was begun that was made; undefined when none is known. */
  async #lastMade(signal: AbortSignal): Promise<Date | undefined> {
    const made = new ListExecutionsCommand({ stateMachineArn: this.#arn, statusFilter: "SUCCEEDED", maxResults: 1 });
    const { executions: [last] = [] } = await answered(this.#client.send(made, { abortSignal: signal }), signal);
    return last?.startDate;
  }

  /** What the first portion that failed said; the machine itself knows only that one did. */
  async #failedPortion(executionArn: string, signal: AbortSignal): Promise<string | undefined> {
    const options = { abortSignal: signal };
    const runs = new ListMapRunsCommand({ executionArn, maxResults: 1 });
    const { mapRuns: [run] = [] } = await answered(this.#client.send(runs, options), signal);
    if (!run?.mapRunArn) return undefined;
    const failed = new ListExecutionsCommand({ mapRunArn: run.mapRunArn, statusFilter: "FAILED", maxResults: 1 });
    const { executions: [portion] = [] } = await answered(this.#client.send(failed, options), signal);
    if (!portion?.executionArn) return undefined;
    const described = new DescribeExecutionCommand({ executionArn: portion.executionArn });
    return reasonOf(await answered(this.#client.send(described, options), signal));
  }

  /** Where it is, and how many chunks are through. */
  async #progress(executionArn: string, signal: AbortSignal): Promise<string> {
    const options = { abortSignal: signal };
    const history = new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: STEPS });
    const { events = [] } = await answered(this.#client.send(history, options), signal);
    const state = events.find(({ stateEnteredEventDetails }) => stateEnteredEventDetails)?.stateEnteredEventDetails
      ?.name;
    const where = state ?? "begun";
    if (!events.some(({ type }) => type === "MapRunStarted")) return where;
    const { mapRuns: [run] = [] } = await answered(
      this.#client.send(new ListMapRunsCommand({ executionArn, maxResults: 1 }), options),
      signal,
    );
    if (!run?.mapRunArn || run.stopDate) return where;
    const { itemCounts } = await answered(
      this.#client.send(new DescribeMapRunCommand({ mapRunArn: run.mapRunArn }), options),
      signal,
    );
    return itemCounts ? `${where}: ${count(itemCounts.succeeded ?? 0)} of ${count(itemCounts.total ?? 0)}` : where;
  }
}

/** What AWS answers. @throws Error that says so when it does not */
async function answered<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return answer.catch((error: Error) => {
    signal.throwIfAborted();
    const refused = error instanceof SFNServiceException && (error.$metadata.httpStatusCode ?? 500) < 500;
    if (refused || error.name === "CredentialsProviderError") throw error;
    throw new Error(
      `AWS does not answer (${error.message || error.name}): while it is out of reach no dump can be made. Those on Azure ` +
        "stand: `restore-database --list` shows them, and needs no AWS",
      { cause: error },
    );
  });
}

function endOf({ startDate, stopDate, output }: DescribeExecutionOutput): Ended {
  const told = result.safeParse(output === undefined ? {} : JSON.parse(output));
  return { milliseconds: (stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0), ...told.data };
}

function reasonOf({ error, cause }: DescribeExecutionOutput): string {
  return [error, cause].filter(Boolean).join(": ") || "no reason was given";
}

function whyEnded(execution: DescribeExecutionOutput, portion: string | undefined, lastMade: Date | undefined): string {
  const { status, executionArn } = execution;
  const stands = lastMade ? `The one of ${lastMade.toISOString()} stands` : "Former dumps stand";
  // What ends the machine from outside lets it clean up nothing.
  const cutOff = status === "ABORTED" || status === "TIMED_OUT";
  const replica = cutOff ? " Its replica stays until the sweeper deletes it, within the next hour or two." : "";
  const first = portion === undefined ? "" : `; the first portion that failed: ${portion}`;
  return `the dump ended as ${status}: ${reasonOf(execution)}${first}.${replica} ${stands}; the steps: ${executionArn}`;
}

/** A dump that was made, for people. */
export function renderEnded({ milliseconds, rows, size: bytes, chunks }: Ended): string {
  const what = [
    ...(rows === undefined ? [] : [`${count(rows)} rows`]),
    ...(chunks === undefined ? [] : [`in ${count(chunks)} chunks`]),
    ...(bytes === undefined ? [] : [`of ${size(bytes)}`]),
  ].join(" ");
  return (
    `Dumped in ${span(milliseconds)}${what && `: ${what}`}. The replicator carries it to Azure; ` +
    "`restore-database --list` shows when it is complete there."
  );
}
