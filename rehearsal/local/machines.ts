import { setTimeout as delay } from "node:timers/promises";
import { Machine, type MachinePlan } from "./machine.ts";
import type { Target } from "./pool.ts";

/** From a machine's leaving the balancers to its end, in milliseconds: what was just sent to it still arrives. */
const DRAIN = 200;

/** Machines that are all alike, as many as they shall be: the stand-in of a group of virtual machines. */
export class Fleet implements AsyncDisposable {
  readonly #folder: string;
  readonly #machines = new Map<string, Machine>();

  /** @param folder gets a folder for each machine */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Brings the fleet to exactly these machines. New ones are launched from the plan, and only once all of them
   * answer the others are stopped, so that a replacement costs no capacity; those that stay keep the plan that
   * they were launched from.
   *
   * @throws Error when a new machine's app does not come up; the fleet is then as it was
   */
  async bringTo(ids: readonly string[], plan: MachinePlan): Promise<void> {
    const missing = ids.filter((id) => !this.#machines.has(id));
    const launches = await Promise.allSettled(missing.map((id) => Machine.launch(id, this.#folder, plan)));
    const launched = launches.flatMap((launch) => (launch.status === "fulfilled" ? [launch.value] : []));
    const failed = launches.find((launch) => launch.status === "rejected");
    if (failed) {
      await Promise.all(launched.map((machine) => machine[Symbol.asyncDispose]()));
      throw failed.reason;
    }
    for (const machine of launched) this.#machines.set(machine.target.id, machine);
    await this.#stop([...this.#machines.keys()].filter((id) => !ids.includes(id)));
  }

  machines(): Machine[] {
    return [...this.#machines.values()];
  }

  /** Where the machines answer; for a {@link Pool} to ask again and again. */
  targets(): Target[] {
    return this.machines().map(({ target }) => target);
  }

  /** Ends all machines as a loss of power would; they stay in the fleet. */
  async kill(): Promise<void> {
    await Promise.all(this.machines().map((machine) => machine.kill()));
  }

  /** Boots all machines that were killed. @throws ServiceError when an app does not come up */
  async revive(): Promise<void> {
    await Promise.all(this.machines().map((machine) => machine.revive()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stop([...this.#machines.keys()]);
  }

  async #stop(ids: readonly string[]): Promise<void> {
    const stopped = ids.flatMap((id) => this.#machines.get(id) ?? []);
    // First out of the list, so that nobody sends to what is about to end.
    for (const id of ids) this.#machines.delete(id);
    if (stopped.length > 0) await delay(DRAIN);
    await Promise.all(stopped.map((machine) => machine[Symbol.asyncDispose]()));
  }
}
