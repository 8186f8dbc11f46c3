import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import getPort from "get-port";
import { Service, type ServiceError } from "../../local/service.ts";

/** Name under which a Flex Consumption app expects its package ("Automate resource deployment", Deployment package). */
export const PACKAGE_BLOB = "released-package.zip";

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** From one look for the package, or one end of the process, to the next try, in milliseconds. */
const PAUSE = 500;

/** How long an app may take to load, in milliseconds: under a second here, several times over on busy cores. */
const PATIENCE = 60_000;

/** How a function app runs. */
export interface FunctionAppOptions {
  /** @example "shop-controller" */
  name: string;
  /** Folder for its files and its log. */
  folder: string;
  /** The whole environment of its process. */
  environment: NodeJS.ProcessEnv;
  /** What its platform takes before it starts it for the first time. */
  boot(signal: AbortSignal): Promise<void>;
  /** Why its host can't start now; undefined when it can. */
  obstacle(): string | undefined;
  /** Its package as it is now; undefined while there is none. */
  fetchPackage(): Promise<Uint8Array | undefined>;
}

/**
 * A function app as a process: it runs as soon as its host can and its package is there, and again when it ends. Like
 * the real one it looks for a new package only when it starts.
 */
export class FunctionApp implements AsyncDisposable {
  readonly logFile: string;
  readonly #options: FunctionAppOptions;
  readonly #key = crypto.randomUUID();
  readonly #abort = new AbortController();
  readonly #life: Promise<void>;
  #running: { service: Service; port: number } | undefined;
  #lastProblem = "";

  constructor(options: FunctionAppOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
    this.logFile = join(options.folder, `${options.name}.log`);
    this.#life = this.#live();
  }

  /** Its process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#running?.service.pid;
  }

  /** Runs a function now, as the host's admin API does. @throws Error when the app does not run, or has no such function */
  async wake(functionName: string): Promise<void> {
    if (!this.#running) throw new Error(`the function app ${this.#options.name} does not run; see ${this.logFile}`);
    const status = await this.#ask("POST", `/admin/functions/${functionName}`, this.#running.port);
    if (status !== 202) throw new Error(`waking ${functionName} of ${this.#options.name} was answered with ${status}`);
  }

  /** Ends it as a loss of power would, for good. */
  async kill(): Promise<void> {
    await this.#running?.service.kill();
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.#life;
  }

  async #live(): Promise<void> {
    const { signal } = this.#abort;
    await this.#options.boot(signal);
    while (!signal.aborted) {
      await this.#runOnce().catch((error: Error) => this.#tell(error));
      await delay(PAUSE, undefined, { signal }).catch(() => {});
    }
  }

  /** From one start of the process to its end. */
  async #runOnce(): Promise<void> {
    const obstacle = this.#options.obstacle();
    if (obstacle !== undefined) throw new Error(obstacle);
    const zip = await this.#options.fetchPackage();
    if (!zip) throw new Error(`there is no ${PACKAGE_BLOB} yet`);
    const files = this.#unpack(zip);
    const died = Promise.withResolvers<ServiceError>();
    const port = await getPort();
    const service = await this.#start(files, port, died.resolve);
    this.#running = { service, port };
    const stopped = new Promise<undefined>((resolve) => {
      this.#abort.signal.addEventListener("abort", () => resolve(undefined));
      if (this.#abort.signal.aborted) resolve(undefined);
    });
    const death = await Promise.race([died.promise, stopped]);
    this.#running = undefined;
    await service.stop();
    if (death) throw death;
  }

  #unpack(zip: Uint8Array): string {
    const folder = join(this.#options.folder, `${this.#options.name}-package`);
    rmSync(folder, { recursive: true, force: true });
    for (const [name, bytes] of Object.entries(unzipSync(zip))) {
      if (name.endsWith("/")) continue;
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    return folder;
  }

  #start(files: string, port: number, onDeath: (error: ServiceError) => void): Promise<Service> {
    const { environment, folder, name } = this.#options;
    return Service.start({
      name: `The function app ${name}`,
      command: process.execPath,
      args: [WORKER, files, String(port), this.#key],
      env: environment,
      folder,
      logFile: this.logFile,
      ready: async () => (await this.#ask("GET", "/admin/host/status", port)) === 200,
      patience: PATIENCE,
      onDeath,
    });
  }

  async #ask(method: string, path: string, port: number): Promise<number> {
    const headers = { "x-functions-key": this.#key };
    return (await fetch(`http://127.0.0.1:${port}${path}`, { method, headers })).status;
  }

  /** Tells the log why the app does not run; once, for it is tried again and again. */
  #tell({ message }: Error): void {
    // A death's message repeats the end of this very log.
    const [problem = ""] = message.split("\n");
    if (problem !== this.#lastProblem) appendFileSync(this.logFile, `${new Date().toISOString()} host: ${problem}\n`);
    this.#lastProblem = problem;
  }
}
