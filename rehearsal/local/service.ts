import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export interface ServiceOptions {
  /** What people call it; begins every message about it. @example "MiniStack (the local AWS)" */
  name: string;
  command: string;
  args: string[];
  /** Its whole environment. */
  env: NodeJS.ProcessEnv;
  /** Folder in which it runs. */
  folder: string;
  /** File that gets all it prints. */
  logFile: string;
  /** Whether it answers; asked again and again until it does. */
  ready(): Promise<boolean>;
  /** How long it may take to answer, in milliseconds. */
  patience: number;
  /** Called once when it ends before anybody stopped it. */
  onDeath(error: ServiceError): void;
}

/** A service that did not start, or died; the message ends with the last lines of its log. */
export class ServiceError extends Error {}

/** A child process that serves on the loopback for as long as the rehearsal lasts. */
export class Service implements AsyncDisposable {
  readonly #options: ServiceOptions;
  readonly #process: ChildProcess;
  readonly #ended: Promise<string>;
  readonly #watchdog: ChildProcess | undefined;
  #stopping = false;

  private constructor(options: ServiceOptions) {
    this.#options = options;
    const log = openSync(options.logFile, "a");
    // In a process group of its own, so that what it starts itself (functions) ends with it.
    this.#process = spawn(options.command, options.args, {
      cwd: options.folder,
      env: options.env,
      stdio: ["ignore", log, log],
      detached: true,
    });
    closeSync(log);
    this.#watchdog = watch(this.#process.pid);
    this.#ended = new Promise((resolve) => {
      this.#process.once("error", (error) => resolve(error.message));
      this.#process.once("exit", (code, signal) => resolve(signal ? `killed by ${signal}` : `exit code ${code}`));
    });
  }

  /**
   * Starts a service and waits until it answers.
   *
   * @throws ServiceError when it ends, or does not answer in time
   */
  static async start(options: ServiceOptions): Promise<Service> {
    const service = new Service(options);
    let end: string | undefined;
    service.#ended.then((how) => {
      end = how;
    });
    const deadline = performance.now() + options.patience;
    while (!(await service.#answers(deadline - performance.now()))) {
      if (end !== undefined) {
        await service.stop();
        throw service.#error(`ended while it started (${end})`);
      }
      if (performance.now() >= deadline) {
        await service.stop();
        throw service.#error(`did not answer within ${Math.round(options.patience / 1000)} s`);
      }
      await delay(50);
    }
    service.#ended.then((how) => {
      if (!service.#stopping) options.onDeath(service.#error(`died (${how})`));
    });
    return service;
  }

  /** Asks once whether it answers; a question that hangs, or that outlives the process, is no. */
  async #answers(patience: number): Promise<boolean> {
    const enough = new AbortController();
    const tooLate = delay(Math.max(0, patience), false, { signal: enough.signal }).catch(() => false);
    try {
      const answer = this.#options.ready().catch(() => false);
      return await Promise.race([answer, tooLate, this.#ended.then(() => false)]);
    } finally {
      enough.abort();
    }
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Ends the service and all that it started: asks first, and does not wait longer than 5 s. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#watchdog?.kill("SIGKILL");
    this.#signal("SIGTERM");
    await Promise.race([this.#ended, delay(5000, undefined, { ref: false })]);
    this.#signal("SIGKILL");
  }

  /** Ends the service at once, as a loss of power would; it is no death to tell of, for somebody wished it. */
  async kill(): Promise<void> {
    this.#stopping = true;
    this.#watchdog?.kill("SIGKILL");
    this.#signal("SIGKILL");
    await this.#ended;
  }

  /**
   * Tells the service to end itself and all that it started at once; it is no death to tell of.
   *
   * @throws ServiceError when it is still there after 10 s; it is killed then
   */
  async die(signal: NodeJS.Signals): Promise<void> {
    this.#stopping = true;
    this.#process.kill(signal);
    const late = await Promise.race([this.#ended.then(() => false), delay(10_000, true, { ref: false })]);
    await this.kill();
    if (late) throw this.#error(`did not end by ${signal}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  #error(what: string): ServiceError {
    const { name, logFile } = this.#options;
    return new ServiceError(`${name} ${what}. The last lines of its log, ${basename(logFile)}:\n${lastLines(logFile)}`);
  }
}

/**
 * Ends a process group when this process ends without having stopped it, by SIGKILL for one: the watchdog reads
 * from a pipe that only this process holds, and has nothing else to do until it closes.
 */
function watch(group: number | undefined): ChildProcess | undefined {
  if (group === undefined) return undefined;
  const watchdog = spawn("sh", ["-c", 'read -r _; kill -s KILL -- "-$0"', String(group)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watchdog.unref();
  (watchdog.stdin as Socket).unref();
  return watchdog;
}

function lastLines(file: string): string {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n").slice(-15);
  return lines.map((line) => `  | ${line}`).join("\n");
}
