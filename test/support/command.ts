import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ROOT } from "../../rehearsal/project.ts";

/** A command of the project as a process of its own, as somebody at a shell would start it. */
export class Command {
  readonly process: ChildProcess;
  stdout = "";
  stderr = "";
  readonly ended: Promise<number | null>;

  /** @param script path of the script below the root @example "rehearsal/main.ts" */
  constructor(script: string, args: string[] = [], environment: NodeJS.ProcessEnv = {}) {
    this.process = spawn(process.execPath, [join(ROOT, "rehearsal/bootstrap.mjs"), script, ...args], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      // A process group of its own, as a shell gives every command: Ctrl-C goes to the whole group.
      detached: true,
    });
    this.process.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
    });
    this.process.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    this.ended = new Promise((resolve) => this.process.once("close", (code) => resolve(code)));
  }

  /** Waits until standard error has a match. @throws Error when the command ends before */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    let over = false;
    this.ended.then(() => {
      over = true;
    });
    for (;;) {
      const match = pattern.exec(this.stderr);
      if (match) return match;
      if (over) throw new Error(`the command ended without saying ${pattern}; it said:\n${this.stderr}`);
      await delay(20);
    }
  }

  /** Ctrl-C at the terminal of the command. */
  interrupt(): void {
    process.kill(-(this.process.pid ?? 0), "SIGINT");
  }

  /** Ends it and what it started, wherever it is; nothing when it has ended. */
  async kill(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      process.kill(-(this.process.pid ?? 0), "SIGKILL");
    }
    await this.ended;
  }
}

/** Starts commands for the tests of a suite; none outlives its test, so that one that hangs does not slow down the others. */
export function useCommands(): (script: string, args?: string[]) => Command {
  const started: Command[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((command) => command.kill()));
  });
  return (script, args) => {
    const command = new Command(script, args);
    started.push(command);
    return command;
  };
}

/** Processes that run in a folder or speak of it in their arguments. */
export function processesOf(folder: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        return line.includes(folder) || readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) ? [`${pid} ${line}`] : [];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}
