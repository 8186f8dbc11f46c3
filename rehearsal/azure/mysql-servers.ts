import type { MysqlServers } from "../local/mysql-servers.ts";
import { setParameter } from "./actuators/mysql-effects.ts";
import { configurationRefusals, type Databases, isAzuresOwn, parametersOf } from "./actuators/mysql-parameters.ts";
import { resetGtid } from "./actuators/mysql-procedures.ts";
import type { ServerPower } from "./server-power.ts";

/** The MySQL processes behind the database servers: a stopped server is one without a process, its data stay. */
export class MysqlServerPower implements ServerPower {
  readonly #servers: MysqlServers;
  readonly #parts: Databases;

  constructor(parts: Databases) {
    this.#servers = parts.databases;
    this.#parts = parts;
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

  async parameter(id: string, name: string): Promise<string | undefined> {
    const set = parametersOf(id, this.#parts)[name];
    if (set !== undefined || isAzuresOwn(name) || !this.#servers.get(id).isRunning) return set;
    const sql = "SELECT variable_value AS value FROM performance_schema.global_variables WHERE variable_name = ?";
    const [row] = await this.#servers.get(id).query(sql, [name]);
    return row && String(row.value);
  }

  refusal(id: string, name: string, value: string): string | undefined {
    return configurationRefusals({ configurationName: name, value }, id, this.#parts)[0]?.reason;
  }

  configure(id: string, name: string, value: string): Promise<void> {
    return setParameter(id, name, value, this.#parts);
  }

  resetGtid(id: string, gtid: string): Promise<void> {
    return resetGtid(this.#servers.get(id), gtid);
  }
}
