import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Somebody pressed Ctrl-C, or asked the process to end. */
export class Interrupted extends Error {}

/** How long a process may hold on after its work is done, in milliseconds. */
const HOLD = 5000;

/**
 * Ends this process soon, whatever still holds it: what was just starting when the run was interrupted is not waited
 * for. Its watchdog ends it, once this process is gone.
 */
export function leaveSoon(): void {
  setTimeout(() => process.exit(), HOLD).unref();
}

/** One run of the rehearsal: a folder of its own, and one signal that ends it, whoever gives it. */
export class Session {
  /** Folder for everything that the run leaves behind: logs, data, state, stack files. */
  readonly folder: string;
  readonly #abort = new AbortController();

  private constructor(folder: string) {
    this.folder = folder;
    const interrupt = () => this.end(new Interrupted("interrupted"));
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt).on("SIGHUP", interrupt);
  }

  static async open(): Promise<Session> {
    const folder = await mkdtemp(join(tmpdir(), "multicloud-dr-")).catch((error) => {
      throw new Error(
        `no folder for this run can be made in ${tmpdir()} (${error.code}): set TMPDIR to a folder that may be written, ` +
          "with 1 GB free",
      );
    });
    return new Session(folder);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Ends the run; the first reason stands. */
  end(reason: Error): void {
    this.#abort.abort(reason);
  }

  async removeFolder(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
