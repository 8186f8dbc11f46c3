import { setTimeout as delay } from "node:timers/promises";
import type { ServerPower } from "../../rehearsal/azure/server-power.ts";

/** Database servers that a test steers: what runs, how long a start or stop takes, and whether it succeeds. */
export class SteeredServers implements ServerPower {
  /** Every order that arrived, in turn. */
  readonly orders: string[] = [];
  /** How long a start or stop takes, in milliseconds. */
  slowness = 0;
  /** Why every start and stop fails, while it is set. */
  failure: Error | undefined;
  /** Parameters that there are, of all servers alike. */
  readonly parameters = new Map([["gtid_mode", "OFF"]]);
  readonly #states = new Map<string, string>();

  set(id: string, state: "Ready" | "Stopped"): void {
    this.#states.set(id, state);
  }

  state(id: string): string {
    return this.#states.get(id) ?? "Ready";
  }

  start(id: string): Promise<void> {
    return this.#obey(id, "start", "Ready");
  }

  stop(id: string): Promise<void> {
    return this.#obey(id, "stop", "Stopped");
  }

  async parameter(_id: string, name: string): Promise<string | undefined> {
    return this.parameters.get(name);
  }

  refusal(_id: string, name: string): string | undefined {
    return this.parameters.has(name) ? undefined : `there is no server parameter "${name}"`;
  }

  async configure(id: string, name: string, value: string): Promise<void> {
    await this.#obey(id, `set ${name} of`, "Ready");
    this.parameters.set(name, value);
  }

  resetGtid(id: string, gtid: string): Promise<void> {
    return this.#obey(id, `reset to ${gtid}`, "Ready");
  }

  async #obey(id: string, order: string, state: "Ready" | "Stopped"): Promise<void> {
    this.orders.push(`${order} ${id.slice(id.lastIndexOf("/") + 1)}`);
    await delay(this.slowness);
    if (this.failure) throw this.failure;
    this.set(id, state);
  }
}
