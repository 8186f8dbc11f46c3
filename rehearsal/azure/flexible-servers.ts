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

/** What Azure refuses to begin, with its own error code. */
export class OperationRefused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** MySQL Flexible Servers as operations change them: one at a time each, with the states that people see meanwhile. */
export class FlexibleServers {
  readonly #resources: ResourceManager;
  readonly #power: ServerPower;
  readonly #operations = new Map<string, Operation>();
  /** What a server is called while an operation is at it, by id. */
  readonly #busy = new Map<string, string>();

  constructor(resources: ResourceManager, power: ServerPower) {
    this.#resources = resources;
    this.#power = power;
  }

  state(id: string): string {
    return this.#busy.get(id.toLowerCase()) ?? this.#power.state(id);
  }

  operation(name: string): Operation | undefined {
    return this.#operations.get(name);
  }

  /** @throws OperationRefused */
  start(id: string): Operation {
    this.#expect(id, "Stopped", "start");
    return this.#begin(id, "Starting", () => this.#power.start(id));
  }

  /** @throws OperationRefused */
  stop(id: string): Operation {
    this.#expect(id, "Ready", "stop");
    const role = this.#replicationRole(id);
    if (role !== "None") {
      const message = `The server is a ${role}; stop is not supported with read replica configurations (Limitations).`;
      throw new OperationRefused("OperationNotAllowed", message);
    }
    return this.#begin(id, "Stopping", () => this.#power.stop(id));
  }

  #replicationRole(id: string): string {
    return String(this.#resources.get(id)?.properties.replicationRole ?? "None");
  }

  #expect(id: string, expected: string, what: string): void {
    const state = this.state(id);
    if (state === expected) return;
    if (this.#busy.has(id.toLowerCase())) {
      throw new OperationRefused("ServerIsBusy", `Cannot ${what} the server while it is ${state}.`);
    }
    throw new OperationRefused("InvalidServerState", `Cannot ${what} a server that is ${state}; expected ${expected}.`);
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
