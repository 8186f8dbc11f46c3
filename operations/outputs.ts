import type { Workspace } from "@pulumi/pulumi/automation/index.js";
import { engineOnPath } from "./engine-on-path.ts";
import type { StackName } from "./stacks.ts";

/** The outputs of one workload of a stack. */
export interface Outputs {
  stack: StackName;
  workload: string;
  /** Whether its stack file lists workloads, and so has keys of each. */
  listed: boolean;
  values: Record<string, unknown>;
}

/** The outputs of stacks, from their states: no cloud is asked but the one where a state is kept. */
export class StackReader {
  readonly #workspace: Workspace;

  private constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /**
   * @param folder where Pulumi.yaml and the stack files are
   * @throws Error when there is no engine
   */
  static async open(folder: string): Promise<StackReader> {
    const { automation, pulumiCommand } = await engineOnPath();
    return new StackReader(await automation.LocalWorkspace.create({ workDir: folder, pulumiCommand }));
  }

  /**
   * Reads what a stack says of one workload.
   *
   * @param workload which, where the stack has several
   * @throws Error when the stack is not deployed, or has no such workload
   */
  async read(stack: StackName, workload?: string): Promise<Outputs> {
    const outputs = await this.#workspace.stackOutputs(stack).catch((error: Error) => {
      throw new Error(
        `the outputs of stack ${stack} can't be read: log in where its state is kept (\`pulumi login\`), and deploy it if ` +
          `it was never deployed (\`pulumi up --stack ${stack}\`).\n${complaintOf(error)}`,
      );
    });
    const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
    return outputsOf(stack, values, workload);
  }
}

/** What the engine complained of, out of all that its command said. */
function complaintOf({ message }: Error): string {
  const complaints = message.split("\n").filter((line) => line.trim().startsWith("error:"));
  return complaints.map((line) => line.trim()).join("\n") || message.trim();
}

/**
 * Finds a workload among a stack's outputs: they are its own where the stack has one workload, else under its name.
 *
 * @throws Error when there is none of that name, or several to choose from
 */
export function outputsOf(stack: StackName, values: Record<string, unknown>, workload?: string): Outputs {
  const listed = typeof values.workload !== "string";
  const all = listed ? (values as Record<string, Outputs["values"]>) : { [String(values.workload)]: values };
  const names = Object.keys(all).sort();
  if (names.length === 0) {
    throw new Error(`expected the outputs of stack ${stack}, found none; deploy it: \`pulumi up --stack ${stack}\``);
  }
  if (workload === undefined && names.length > 1) {
    throw new Error(`expected --workload with one of ${names.join(", ")}, for stack ${stack} has several, found none`);
  }
  const name = workload ?? (names[0] as string);
  const found = all[name];
  if (found) return { stack, workload: name, listed, values: found };
  throw new Error(`--workload: expected one of stack ${stack}, ${names.join(", ")}, found ${name}`);
}

/** An output that has to be there. @throws Error when it is not */
export function textIn({ stack, workload, values }: Outputs, output: string): string {
  const found = values[output];
  if (typeof found === "string" && found !== "") return found;
  throw new Error(
    `stack ${stack} has no output ${output} of workload ${workload}: deploy it as it is now, with \`pulumi up --stack ${stack}\``,
  );
}

/** Two stacks' outputs are put to use together only when they are of one workload. @throws Error when they are not */
export function requireSameWorkload(one: Outputs, other: Outputs): void {
  if (one.workload === other.workload) return;
  throw new Error(
    `expected one workload in both stacks, found ${one.workload} in ${one.stack} and ${other.workload} in ${other.stack}; ` +
      "name it with --workload",
  );
}
