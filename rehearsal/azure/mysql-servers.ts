import type { MysqlServers } from "../local/mysql-servers.ts";
import type { ServerPower } from "./server-power.ts";

/** The MySQL processes behind the database servers: a stopped server is one without a process, its data stay. */
export class MysqlServerPower implements ServerPower {
  readonly #servers: MysqlServers;

  constructor(servers: MysqlServers) {
    this.#servers = servers;
  }

  state(id: string): string {
    return this.#servers.get(id).isRunning ? "Ready" : "Stopped";
  }

  start(id: string): Promise<void> {
    return this.#servers.get(id).start();
  }

  stop(id: string): Promise<void> {
    return this.#servers.get(id).stop();
  }
}
