import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type AuditResource, readExport } from "../../policy/audit/resources.ts";
import { engineOnPath } from "../engine-on-path.ts";
import { STACKS } from "../stacks.ts";

/** Where the resources of the stacks are read. */
export interface StateSource {
  /** Folder with Pulumi.yaml and the stack files. */
  folder: string;
  /** Folder with an export of each stack, `prod.json` and so on; without it the engine is asked. */
  exports?: string | undefined;
}

/** Stacks in which a copy is; without them the audit would pass on what it did not see. */
const NEEDED = ["prod", "dr", "link"] as const;

/**
 * Reads every resource of all stacks, from their states. No cloud is asked but the one where a state is kept.
 *
 * @throws Error when the state of a stack with copies cannot be read
 */
export async function readStates({ folder, exports }: StateSource, signal: AbortSignal): Promise<AuditResource[]> {
  const read = exports === undefined ? await engineReader(folder) : fileReader(exports);
  const states: AuditResource[] = [];
  for (const stack of STACKS) {
    signal.throwIfAborted();
    try {
      states.push(...readExport(stack, await read(stack)));
    } catch (error) {
      if (!NEEDED.some((needed) => needed === stack)) continue;
      throw new Error(`the audit needs the state of stack ${stack}: ${(error as Error).message}`);
    }
  }
  return states;
}

function fileReader(folder: string): (stack: string) => Promise<unknown> {
  return async (stack) => {
    const path = join(folder, `${stack}.json`);
    const text = await readFile(path, "utf8").catch((error: Error) => {
      throw new Error(
        `expected its export in ${path}, found none (${error.message}); write it with \`pulumi stack export --stack ${stack} --file ${path}\``,
      );
    });
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new Error(`expected JSON in ${path}: ${(error as Error).message}`);
    }
  };
}

async function engineReader(folder: string): Promise<(stack: string) => Promise<unknown>> {
  const { automation, pulumiCommand } = await engineOnPath();
  const workspace = await automation.LocalWorkspace.create({ workDir: folder, pulumiCommand });
  return (stack) =>
    workspace.exportStack(stack).catch((error: Error) => {
      const complaint = error.message.split("\n").find((line) => line.trim().startsWith("error:")) ?? error.message;
      throw new Error(
        `it can't be read: log in where it is kept (\`pulumi login\`), and deploy it if it was never deployed ` +
          `(\`pulumi up --stack ${stack}\`), or give exports with --exports.\n${complaint.trim()}`,
      );
    });
}
