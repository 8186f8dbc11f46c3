import { join } from "node:path";
import { findRegistry } from "../tools/registry.ts";
import { type RunningRegistry, startRegistry } from "./registry.ts";

/** How long the program may take to be built, where it is not yet, in milliseconds. */
const PATIENCE = 600_000;

/** Real registries by their names, each started when it is first asked for: most runs need none. */
export class Registries implements AsyncDisposable {
  readonly #folder: string;
  readonly #running = new Map<string, Promise<RunningRegistry>>();

  /** @param folder for their content and their logs */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where one answers on this machine, asking nobody who he is. @throws Error when it does not start */
  async originOf(name: string): Promise<string> {
    const started = this.#running.get(name) ?? this.#start(name);
    this.#running.set(name, started);
    return (await started).origin;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const started of this.#running.values()) await (await started.catch(() => undefined))?.service.stop();
  }

  async #start(name: string): Promise<RunningRegistry> {
    const kind = "olareg";
    const program = await findRegistry(kind, () => {}, AbortSignal.timeout(PATIENCE));
    // Whoever asks a registry that died is refused, and says so.
    return startRegistry({ kind, program, folder: join(this.#folder, name), onDeath: () => {} });
  }
}
