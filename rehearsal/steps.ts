import { Listr, ListrLogger, PRESET_TIMER, ProcessOutput } from "listr2";
import type { Report } from "./tools/run.ts";

/** One step of a run: what it is called, and its work, which may tell a last word about what it found. */
export interface Step {
  title: string;
  run(report: Report): Promise<string | undefined>;
}

/** How long a step took, and its last word. */
export interface Timing {
  title: string;
  milliseconds: number;
  result: string;
}

/** Off a terminal a long step says what it is at no more often than this, in milliseconds. */
const QUIET = 5000;

/**
 * Takes the steps one after the other and shows, on standard error, which one is at work and on what.
 *
 * @param timings gets one more for each step that was taken to its end
 * @throws what the failing step throws; the steps after it are not taken
 */
export async function takeSteps(steps: Step[], timings: Timing[] = []): Promise<void> {
  const terminal = process.stderr.isTTY;
  const tasks = steps.map(({ title, run }) => ({
    title,
    task: async (_context: unknown, task: { title?: string; output?: string }) => {
      const started = performance.now();
      let said = started;
      const report: Report = (line) => {
        if (!terminal && performance.now() - said < QUIET) return;
        said = performance.now();
        task.output = line;
      };
      const result = (await run(report)) ?? "";
      if (result !== "") task.title = `${title}: ${result}`;
      timings.push({ title, milliseconds: Math.round(performance.now() - started), result });
    },
  }));
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
  await new Listr(tasks, {
    renderer: terminal ? "default" : "simple",
    rendererOptions: { timer: PRESET_TIMER, logger, collapseErrors: false, showErrorMessage: false },
    // Ctrl-C is ours: everything that was started must end first.
    registerSignalListeners: false,
  }).run();
}
