import { hostname, userInfo } from "node:os";
import type { ContainerClient } from "@azure/storage-blob";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type { StandbyPlan } from "../components/standby/standby-plan.ts";
import { azureOperator } from "./azure-operator.ts";
import { Control } from "./database/control.ts";
import { type Outputs, outputsOf, requireSameWorkload, StackReader, textIn } from "./outputs.ts";
import type { StackName } from "./stacks.ts";
import { upAgain } from "./up-again.ts";

/** What an operation is told at its beginning. */
export interface OperationArgs {
  /** Folder with Pulumi.yaml and the stack files. */
  folder: string;
  /** Which one, where the stacks have several. */
  workload?: string;
  /** Who operates, for people. @default the user of this machine */
  by?: string;
  why?: string;
}

/** What every runbook works with: the stacks of one workload, and the standby's control container. */
export class Operation {
  readonly folder: string;
  readonly workload: string;
  readonly by: string;
  readonly why: string;
  readonly container: ContainerClient;
  readonly control: Control;
  /** What it finds out, for its report. */
  readonly facts: Record<string, unknown> = {};
  readonly #reader: StackReader;
  readonly #listed: boolean;
  #dr: Outputs;
  readonly #stacks = new Map<StackName, Promise<Stack>>();

  private constructor(args: OperationArgs, reader: StackReader, dr: Outputs, container: ContainerClient) {
    this.folder = args.folder;
    this.workload = dr.workload;
    this.by = args.by ?? `${userInfo().username}@${hostname()}`;
    this.why = args.why ?? "";
    this.container = container;
    this.control = new Control(container);
    this.#reader = reader;
    this.#listed = dr.listed;
    this.#dr = dr;
  }

  /** Reads stack `dr`, and nothing of AWS. @throws Error when it is not deployed */
  static async open(args: OperationArgs): Promise<Operation> {
    const reader = await StackReader.open(args.folder);
    const [dr, { ContainerClient }, credential] = await Promise.all([
      reader.read("dr", args.workload),
      import("@azure/storage-blob"),
      azureOperator(),
    ]);
    return new Operation(args, reader, dr, new ContainerClient(textIn(dr, "controlEndpoint"), credential));
  }

  /** Outputs of stack `dr`, as its last `up` left them. */
  get dr(): Outputs {
    return this.#dr;
  }

  /** What runs at the standby by the last `up`. */
  get plan(): StandbyPlan {
    return this.#dr.values.plan as StandbyPlan;
  }

  /** Outputs of another stack, of this workload. @throws Error when it can't be read */
  async read(stack: StackName): Promise<Outputs> {
    const outputs = await this.#reader.read(stack, this.#listed ? this.workload : undefined);
    requireSameWorkload(this.#dr, outputs);
    return outputs;
  }

  /** Sets keys of this workload in a stack file, by their names without namespace. */
  async set(stack: StackName, values: Record<string, string>): Promise<void> {
    const opened = await this.stack(stack);
    const prefix = this.#listed ? `multicloud-dr:workloads.${this.workload}.` : "multicloud-dr:";
    const config = Object.entries(values).map(([key, value]) => [prefix + key, { value }]);
    await opened.setAllConfig(Object.fromEntries(config), true);
  }

  /**
   * Brings a stack to what its stack file says.
   *
   * @returns how many resources met which fate
   * @throws OperationFailed
   */
  async up(stack: StackName, watch: { report(line: string): void; signal: AbortSignal }): Promise<string> {
    const { changes, outputs } = await upAgain(await this.stack(stack), watch);
    const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
    if (stack === "dr") this.#dr = outputsOf("dr", values, this.#listed ? this.workload : undefined);
    return renderChanges(changes);
  }

  /** A stack as the engine has it. @throws Error when there is no engine, or no such stack */
  stack(name: StackName): Promise<Stack> {
    const opened = this.#stacks.get(name) ?? this.#open(name);
    this.#stacks.set(name, opened);
    return opened;
  }

  async #open(name: StackName): Promise<Stack> {
    // Loaded here only, for it brings along the program and every SDK that this needs.
    const [{ selectStack }, { PulumiCommand }] = await Promise.all([
      import("./stacks.ts"),
      import("@pulumi/pulumi/automation/index.js"),
    ]);
    return selectStack({ folder: this.folder, environment: {}, engine: await PulumiCommand.get() }, name);
  }
}

/** @example "2 create, 1 update" */
export function renderChanges(changes: Partial<Record<string, number>>): string {
  const told = Object.entries(changes).filter(([operation]) => operation !== "same");
  return told.map(([operation, count]) => `${count} ${operation}`).join(", ") || "nothing to change";
}
