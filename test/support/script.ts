import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../rehearsal/project.ts";

/** What a process said and how it ended. */
export interface Outcome {
  stdout: string;
  stderr: string;
  code: number | null;
}

/**
 * Runs a few lines of TypeScript in a process of their own, for what depends on the environment at import, or
 * on what the process's outputs are.
 *
 * @param module module below the root that the lines have as `module`
 * @param lines the lines, which may wait
 */
export function runScript(module: string, lines: string, environment: NodeJS.ProcessEnv): Promise<Outcome> {
  const source = `const module = await import(${JSON.stringify(pathToFileURL(join(ROOT, module)).href)});\n${lines}`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", source], {
    cwd: ROOT,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const outcome: Outcome = { stdout: "", stderr: "", code: null };
  child.stdout.on("data", (chunk) => {
    outcome.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    outcome.stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ ...outcome, code }));
  });
}
