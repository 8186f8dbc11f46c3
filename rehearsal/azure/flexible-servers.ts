import { ArmRefused } from "./arm-refused.ts";
import type { Pace } from "./pace.ts";
import type { ResourceManager } from "./resource-manager.ts";
import type { ServerPower } from "./server-power.ts";

/** The type, as it stands in ids. */
export const FLEXIBLE_SERVERS = "Microsoft.DBforMySQL/flexibleServers";

/** A long-running operation, as its own page shows it. */
export interface Operation {
  name: string;
  /** Region whose endpoint knows of it. */
  location: string;
  status: "InProgress" | "Succeeded" | "Failed";
  startTime: string;
  endTime?: string;
  error?: { code: string; message: string };
}

/** A server parameter, as Azure shows it. */
export interface Configuration {
  value: string;
  currentValue: string;
  source: string;
}

/** MySQL Flexible Servers as operations change them: one at a time each, with the states that people see meanwhile. */
export class FlexibleServers {
  readonly #resources: ResourceManager;
  readonly #power: ServerPower;
  readonly #pace: Pace;
  readonly #operations = new Map<string, Operation>();
  /** What a server is called while an operation is at it, by id. */
  readonly #busy = new Map<string, string>();

  constructor(resources: ResourceManager, power: ServerPower, pace: Pace) {
    this.#resources = resources;
    this.#power = power;
    this.#pace = pace;
  }

  state(id: string): string {
    return this.#busy.get(id.toLowerCase()) ?? this.#power.state(id);
  }

  operation(name: string): Operation | undefined {
    return this.#operations.get(name);
  }

  /** @throws ArmRefused */
  start(id: string): Operation {
    this.#expect(id, "Stopped", "start");
    return this.#begin(id, "Starting", async () => {
      await this.#pace.take("databaseStart");
      await this.#power.start(id);
    });
  }

  /** @throws ArmRefused */
  stop(id: string): Operation {
    this.#expect(id, "Ready", "stop");
    const role = this.#replicationRole(id);
    if (role !== "None") {
      const message = `The server is a ${role}; stop is not supported with read replica configurations (Limitations).`;
      throw new ArmRefused(409, "OperationNotAllowed", message);
    }
    return this.#begin(id, "Stopping", async () => {
      await this.#power.stop(id);
      await this.#pace.take("databaseStop");
    });
  }

  /** A parameter of a server; every server has every one. Undefined where Azure knows no such parameter. */
  async configuration(id: string, name: string): Promise<Configuration | undefined> {
    const source = this.#resources.get(`${id}/configurations/${name}`)?.properties.source ?? "system-default";
    const value = await this.#power.parameter(id, name);
    return value === undefined ? undefined : { value, currentValue: value, source: String(source) };
  }

  /** Sets a parameter, and keeps it as the server's own. @throws ArmRefused */
  configure(id: string, name: string, value: string): Operation {
    this.#expect(id, "Ready", `set ${name} of`);
    const problem = this.#power.refusal(id, name, value);
    if (problem !== undefined) throw new ArmRefused(400, "InvalidParameterValue", problem);
    return this.#begin(id, "Updating", async () => {
      await this.#power.configure(id, name, value);
      const place = `${id}/configurations/${name}`;
      const set = { configurationName: name, value, currentValue: value, source: "user-override" };
      this.#resources.put(place, { ...this.#resources.get(place)?.properties, ...set });
    });
  }

  /** Says which transactions a server has; a loaded one can be followed from them. @throws ArmRefused */
  resetGtid(id: string, gtid: string): Operation {
    this.#expect(id, "Ready", "reset the GTIDs of");
    const { backup } = (this.#resources.get(id)?.properties ?? {}) as { backup?: { geoRedundantBackup?: string } };
    if (backup?.geoRedundantBackup === "Enabled" || this.#replicationRole(id) !== "None") {
      const message =
        "GTIDs are reset only of a server without geo-redundant backup and without replicas (Configure data-in replication).";
      throw new ArmRefused(409, "OperationNotAllowed", message);
    }
    return this.#begin(id, "Updating", () => this.#power.resetGtid(id, gtid));
  }

  #replicationRole(id: string): string {
    return String(this.#resources.get(id)?.properties.replicationRole ?? "None");
  }

  #expect(id: string, expected: string, what: string): void {
    const state = this.state(id);
    if (state === expected) return;
    if (this.#busy.has(id.toLowerCase())) {
      throw new ArmRefused(409, "ServerIsBusy", `Cannot ${what} the server while it is ${state}.`);
    }
    throw new ArmRefused(409, "InvalidServerState", `Cannot ${what} a server that is ${state}; expected ${expected}.`);
  }

  #begin(id: string, meanwhile: string, work: () => Promise<void>): Operation {
    const operation: Operation = {
      name: crypto.randomUUID(),
      location: String(this.#resources.get(id)?.properties.location ?? "global"),
      status: "InProgress",
      startTime: new Date().toISOString(),
    };
    this.#operations.set(operation.name, operation);
    this.#busy.set(id.toLowerCase(), meanwhile);
    work().then(
      () => this.#end(id, operation, "Succeeded"),
      (error: Error) => this.#end(id, operation, "Failed", error),
    );
    return operation;
  }

  #end(id: string, operation: Operation, status: Operation["status"], error?: Error): void {
    this.#busy.delete(id.toLowerCase());
    operation.status = status;
    operation.endTime = new Date().toISOString();
    if (error) operation.error = { code: "InternalServerError", message: error.message };
  }
}
