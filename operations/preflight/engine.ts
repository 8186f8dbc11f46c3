import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { PulumiCommand, Workspace } from "@pulumi/pulumi/automation/index.js";

/** More than the state of any stack, in bytes. */
const LARGEST = 1024 ** 3;

/** The engine, and where it works. */
export interface Engine {
  command: PulumiCommand;
  workspace: Workspace;
}

/** The command `pulumi` of the PATH. @throws Error when there is none that can be used */
export async function automationEngine(): Promise<PulumiCommand> {
  const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  return PulumiCommand.get();
}

/** @param folder where Pulumi.yaml and the stack files are */
export async function openEngine(folder: string): Promise<Engine> {
  const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
  const command = await automationEngine();
  return { command, workspace: await LocalWorkspace.create({ workDir: folder, pulumiCommand: command }) };
}

/** The state of stack dr as the engine exports it, with its secrets encrypted. @throws Error when it can't be read */
export async function exportedState({ command }: Engine, folder: string, signal: AbortSignal): Promise<string> {
  // Not by the Automation API, which has the engine open the secrets.
  const args = ["stack", "export", "--stack", "dr", "--non-interactive"];
  const { stdout } = await promisify(execFile)(command.command, args, { cwd: folder, signal, maxBuffer: LARGEST });
  return stdout;
}
