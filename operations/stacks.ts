import * as automation from "@pulumi/pulumi/automation/index.js";
import program from "../index.ts";

/** The stacks in the order in which they can be deployed: each reads only those before it. */
export const STACKS = ["prod", "dr", "link", "traffic"] as const;
export type StackName = (typeof STACKS)[number];

/** Where the stacks of a project are, and what the engine needs to reach them. */
export interface Project {
  /** Folder with Pulumi.yaml and the stack files. */
  folder: string;
  /** The engine's environment, over that of this process: backend, passphrase, credentials. */
  environment: Record<string, string>;
  engine: automation.PulumiCommand;
}

/** What an operation did to a stack. */
export interface Outcome {
  /** How many resources met each fate, by the engine's own words: create, update, same, delete, … */
  changes: Partial<Record<automation.OpType, number>>;
  outputs: automation.OutputMap;
}

/** What an operation tells while it runs. */
export interface Watch {
  /** One line of progress. */
  report?(line: string): void;
  /** Cancels the operation. */
  signal?: AbortSignal;
}

/** An operation that the engine ended with errors; the message has all of them. */
export class OperationFailed extends Error {
  constructor(stack: string, operation: string, problems: string[], cause: unknown) {
    super([`${operation} of stack ${stack} failed.`, ...problems].join("\n"), { cause });
  }
}

/** Opens a stack, and creates it when there is none of that name yet. Its program is this project's index.ts. */
export async function openStack(project: Project, stackName: StackName): Promise<automation.Stack> {
  return automation.LocalWorkspace.createOrSelectStack(
    { stackName, projectName: "multicloud-dr", program: () => program() },
    {
      workDir: project.folder,
      envVars: project.environment,
      pulumiCommand: project.engine,
    },
  );
}

/** Opens a stack that is there. @throws Error when there is none of that name */
export async function selectStack(project: Project, stackName: StackName): Promise<automation.Stack> {
  return automation.LocalWorkspace.selectStack(
    { stackName, projectName: "multicloud-dr", program: () => program() },
    { workDir: project.folder, envVars: project.environment, pulumiCommand: project.engine },
  );
}

/** Brings a stack to what its program and configuration say. @throws OperationFailed */
export async function up(stack: automation.Stack, watch: Watch = {}): Promise<Outcome> {
  const { summary, outputs } = await attempt(stack, "up", watch, (options) => stack.up(options));
  return { changes: summary.resourceChanges ?? {}, outputs };
}

/** What an `up` would do; nothing is changed. @throws OperationFailed */
export async function preview(stack: automation.Stack, watch: Watch = {}): Promise<Outcome["changes"]> {
  const { changeSummary } = await attempt(stack, "preview", watch, (options) => stack.preview(options));
  return changeSummary;
}

/** How the cloud differs from what the stack's state says; nothing is changed. @throws OperationFailed */
export async function drift(stack: automation.Stack, watch: Watch = {}): Promise<Outcome["changes"]> {
  const { changeSummary } = await attempt(stack, "refresh", watch, (options) => stack.previewRefresh(options));
  return changeSummary;
}

/** Removes everything of a stack. @throws OperationFailed, also when protected resources are left */
export async function destroy(stack: automation.Stack, watch: Watch = {}): Promise<Outcome> {
  const { summary } = await attempt(stack, "destroy", watch, (options) => stack.destroy(options));
  return { changes: summary.resourceChanges ?? {}, outputs: {} };
}

interface EngineOptions {
  onEvent(event: automation.EngineEvent): void;
  signal?: AbortSignal;
  suppressProgress: boolean;
  color: "never";
}

/** Runs an operation, tells each resource as it is done, and gathers the engine's errors into one. */
async function attempt<T>(
  { name }: automation.Stack,
  operation: string,
  { report, signal }: Watch,
  work: (options: EngineOptions) => Promise<T>,
): Promise<T> {
  const problems: string[] = [];
  const onEvent = ({ diagnosticEvent, resOutputsEvent }: automation.EngineEvent) => {
    if (diagnosticEvent?.severity === "error") {
      const message = diagnosticEvent.message.trim();
      const place = diagnosticEvent.urn?.includes("pulumi:pulumi:Stack") ? "" : nameOf(diagnosticEvent.urn);
      if (message !== "") problems.push(place === "" ? message : `${place}: ${message}`);
    }
    if (resOutputsEvent) report?.(`${resOutputsEvent.metadata.op} ${nameOf(resOutputsEvent.metadata.urn)}`);
  };
  signal?.throwIfAborted();
  try {
    return await work({ onEvent, signal, suppressProgress: true, color: "never" });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new OperationFailed(name, operation, problems.length > 0 ? problems : [lastWords(error)], error);
  }
}

/** What the engine's command itself complained of, when no event told. */
function lastWords(error: unknown): string {
  if (!(error instanceof automation.CommandError)) return String(error);
  const complaints = error.message.split("\n").filter((line) => line.startsWith("error:"));
  return [...new Set(complaints)].join("\n") || error.message;
}

function nameOf(urn: string | undefined): string {
  return urn?.split("::").slice(3).join("::") ?? "";
}
