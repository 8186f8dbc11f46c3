import type { Doors } from "../local/doors.ts";
import type { MysqlServers } from "../local/mysql-servers.ts";
import type { Service } from "../local/service.ts";
import type { Registry } from "../provider/actuator.ts";
import type { ContainerApps } from "./container-apps.ts";
import type { AzureFaults } from "./faults.ts";
import type { FunctionsHost } from "./functions/host.ts";
import type { ScaleSets } from "./scale-sets.ts";

export interface AzureOutageOptions {
  /** Where everything is met that this process answers for. */
  doors: Doors;
  faults: AzureFaults;
  /** Among others those of this Azure, by their ids. */
  databases: MysqlServers;
  functions: FunctionsHost;
  scaleSets: ScaleSets;
  containerApps: ContainerApps;
  /** Starts the blob store, on the data that it has. */
  startStore(): Promise<Service>;
}

/** The outage of a local Azure, which comes back with its data. */
export class AzureOutage {
  readonly #options: AzureOutageOptions;
  #store: Service;
  #reviveDatabases: (() => Promise<void>) | undefined;

  constructor(options: AzureOutageOptions, store: Service) {
    this.#options = options;
    this.#store = store;
  }

  /** The blob store. */
  get store(): Service {
    return this.#store;
  }

  get isOn(): boolean {
    return this.#options.doors.isShut;
  }

  /** Everything dies at once: whoever connects is refused, and function apps, machines and databases end. */
  async kill(): Promise<void> {
    if (this.isOn) return;
    const { containerApps, databases, doors, faults, functions, scaleSets } = this.#options;
    doors.shut();
    faults.killFrontDoor();
    // Nobody reaches the store but through a door, so it may write down at leisure what it has confirmed.
    const store = this.#store.stop();
    this.#reviveDatabases = await databases.kill((id) => id.startsWith("/subscriptions/"));
    await Promise.all([store, functions.kill(), scaleSets.kill(), containerApps.kill()]);
  }

  /** Everything comes back at the places that it had, without faults. @throws ServiceError when it does not */
  async revive(): Promise<void> {
    const { containerApps, doors, faults, functions, scaleSets, startStore } = this.#options;
    if (this.isOn) {
      await this.#reviveDatabases?.();
      this.#store = await startStore();
      await doors.open();
      await Promise.all([functions.revive(), scaleSets.revive(), containerApps.revive()]);
    }
    await faults.lift();
  }
}

/** Actuators that reach nothing during an outage. @param isOut whether there is one */
export function reachable<Cloud>(registry: Registry<Cloud>, isOut: () => boolean): Registry<Cloud> {
  const guarded = <Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) => {
    return async (...args: Args) => {
      if (isOut()) throw new Error("dial tcp management.azure.com:443: connect: connection refused");
      return act(...args);
    };
  };
  return new Map(
    [...registry].map(([token, actuator]) => {
      const { create, read, update, delete: remove } = actuator;
      const reaching = { create: guarded(create), read: guarded(read), delete: guarded(remove) };
      return [token, { ...actuator, ...reaching, update: update && guarded(update) }];
    }),
  );
}
