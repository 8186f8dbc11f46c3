import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Journal } from "../operations/runbook/journal.ts";
import { ROOT } from "./project.ts";
import type { Stage } from "./stage.ts";
import type { Timeline } from "./timeline.ts";
import type { Report } from "./tools/run.ts";

/** What a command of `npm run dr` came to. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A command that is at work. */
export interface Running {
  pid: number;
  ended: Promise<Ended>;
  /** Waits until it says something on standard error; for ever, where it never does. */
  says(what: RegExp): Promise<void>;
  /** Ends it at once, and all that it started. */
  kill(): void;
}

/** How long a command may take, in milliseconds: longer than any of a rehearsal does, also at the users' own pace. */
const PATIENCE = 20 * 60_000;

/** Lines of a command's progress that are kept, in characters. */
const KEPT = 100_000;

/** The operator of the rehearsal: runs the real commands as processes of their own, in the environment of one who is signed in. */
export class Operator {
  readonly #stage: Stage;
  readonly #timeline: Timeline;
  readonly #signal: AbortSignal;

  constructor(stage: Stage, timeline: Timeline, signal: AbortSignal) {
    this.#stage = stage;
    this.#timeline = timeline;
    this.#signal = signal;
  }

  /**
   * Begins a command. @param args as after `npm run dr --`
   */
  begin(args: string[], report: Report = () => {}): Running {
    const program = [join(ROOT, "operations/main.ts"), ...args, "--stack-files", this.#stage.project.folder];
    const child = spawn(process.execPath, program, {
      env: { ...process.env, ...this.#stage.operatorEnvironment() },
      stdio: ["ignore", "pipe", "pipe"],
      // In a group of its own, so that the engine that it runs ends with it.
      detached: true,
    });
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        said[stream] = (said[stream] + text).slice(-KEPT);
        const last = text.trim().split("\n").at(-1);
        if (stream === "stderr" && last) report(last);
      });
    }
    const kill = () => {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
        process.kill(-child.pid, "SIGKILL");
    };
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once("error", reject).once("close", (code) => resolve({ code, ...said }));
    });
    this.#signal.addEventListener("abort", kill);
    ended.finally(() => this.#signal.removeEventListener("abort", kill)).catch(() => {});
    this.#timeline.tell("operator", `npm run dr -- ${args.join(" ")}`);
    const says = (what: RegExp) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!what.test(said.stderr)) return;
          child.stderr.off("data", look);
          resolve();
        };
        child.stderr.on("data", look);
      });
    return { pid: child.pid ?? 0, ended, says, kill };
  }

  /** Runs a command to its end. @throws Error with what it said, when it fails */
  async run(args: string[], report: Report = () => {}): Promise<Ended> {
    const running = this.begin(args, report);
    let tooLong = false;
    const timer = setTimeout(() => {
      tooLong = true;
      running.kill();
    }, PATIENCE);
    const ended = await running.ended.finally(() => clearTimeout(timer));
    this.#signal.throwIfAborted();
    if (ended.code === 0) return ended;
    if (tooLong)
      throw new Error(
        `npm run dr -- ${args.join(" ")} was not done after ${PATIENCE / 60_000} min:\n${ended.stderr.trim()}`,
      );
    throw new Error(`npm run dr -- ${args.join(" ")} ended with ${ended.code}:\n${ended.stderr.trim()}`);
  }

  /** Runs a runbook to its end, and tells its steps on the timeline. @returns its journal */
  async operate(args: string[], report: Report = () => {}): Promise<Journal> {
    const { stdout } = await this.run([...args, "--yes", "--json"], report);
    const journal = JSON.parse(stdout) as Journal;
    this.tell(journal);
    return journal;
  }

  /** Shows the steps of a journal on the timeline; the clock that they were timed by is this machine's too. */
  tell({ steps }: Journal): void {
    const shift = this.#timeline.now() - Date.now();
    for (const { title, status, said, error, startedAt, endedAt } of steps) {
      if (!startedAt || !endedAt) continue;
      const [from, to] = [Date.parse(startedAt) + shift, Date.parse(endedAt) + shift];
      const word = status === "left" ? `, left for later: ${error}` : said ? `: ${said}` : "";
      this.#timeline.add({ from, to, who: "operator", what: `${title}${word}` });
    }
  }
}
