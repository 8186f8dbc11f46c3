import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Address } from "../local/names.ts";
import { Service } from "../local/service.ts";
import { awsEnds, spreads } from "./aws-ends.ts";
import { azureEnds } from "./azure-ends.ts";
import type { LabOptions } from "./lab.ts";
import { pairsOf } from "./pairs.ts";
import { Relay } from "./relay.ts";
import type { RelayOrders } from "./relay-main.ts";
import { StandingVpn } from "./standing-vpn.ts";
import type { StateResource } from "./state.ts";
import { APP_SERVER, DATABASE, databaseAddress, type Ranges } from "./topology.ts";

const MAIN = fileURLToPath(new URL("relay-main.ts", import.meta.url));

/** How long all tunnels may take to come up, in milliseconds; AWS's end tries again after some seconds. */
const TUNNELS_PATIENCE = 60_000;

/** How long a relay may take to start, in milliseconds. */
const RELAY_PATIENCE = 20_000;

const LOOKS_EVERY = 200;

export interface DatabaseWayOptions extends LabOptions {
  /** The resources of `link`, as the engine's state has them. */
  resources: readonly StateResource[];
  ranges: Ranges;
  /** Where the servers' connections are taken in, instead of at the database. */
  entrance: Address;
  /** Where the standby's database listens on this machine. */
  database: Address;
}

/**
 * The way of the primary's servers to the standby's database, through real tunnels: from an address of the loopback into
 * the servers' network, by IPsec to the database's network, and from there to the database.
 */
export class DatabaseWay implements AsyncDisposable {
  readonly #vpn: StandingVpn;
  readonly #entrance: Relay;
  readonly #parts: AsyncDisposableStack;

  private constructor(vpn: StandingVpn, entrance: Relay, parts: AsyncDisposableStack) {
    this.#vpn = vpn;
    this.#entrance = entrance;
    this.#parts = parts;
  }

  /** @throws Error when the tunnels do not come up, or a relay does not start */
  static async open({ resources, ranges, entrance, database, ...options }: DatabaseWayOptions): Promise<DatabaseWay> {
    await using parts = new AsyncDisposableStack();
    await mkdir(options.folder, { recursive: true });
    const pairs = pairsOf(awsEnds(resources), azureEnds(resources));
    const vpn = parts.use(await StandingVpn.start({ ...options, pairs, ranges, spreads: spreads(resources) }));
    await untilUp(vpn, pairs.length);

    const [servers, there] = [join(options.folder, "servers.sock"), join(options.folder, "database.sock")];
    const inside = { host: databaseAddress(ranges), port: database.port };
    parts.use(await Relay.start({ path: there }, database));
    parts.use(await relayIn(vpn, DATABASE, { from: inside, to: { path: there } }));
    parts.use(await relayIn(vpn, APP_SERVER, { from: { path: servers }, to: inside }));
    const taken = parts.use(await Relay.start(entrance, { path: servers }));
    return new DatabaseWay(vpn, taken, parts.move());
  }

  /** Names of the tunnels that are up. */
  tunnels(): Promise<string[]> {
    return this.#vpn.established();
  }

  /** Connections that went this way. */
  get connections(): number {
    return this.#entrance.connections;
  }

  /** Bytes that came out of the tunnels at Azure's ends. */
  async carried(): Promise<number> {
    const ends = await Promise.all(this.#vpn.tunnels.map(({ azure }) => azure.sas()));
    return ends.reduce((sum, sas) => sum + (sas?.bytesIn ?? 0), 0);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.disposeAsync();
  }
}

async function untilUp(vpn: StandingVpn, expected: number): Promise<void> {
  const deadline = performance.now() + TUNNELS_PATIENCE;
  for (;;) {
    const up = await vpn.established();
    if (up.length === expected) return;
    if (performance.now() > deadline) {
      throw new Error(
        `expected BGP over ${expected} tunnels within ${TUNNELS_PATIENCE / 1000} s, found it over ${up.join(", ") || "none"}: ` +
          `see the logs of strongSwan and BIRD in ${vpn.lab.folder}`,
      );
    }
    await delay(LOOKS_EVERY);
  }
}

/** Starts a relay in a namespace. */
function relayIn({ lab }: StandingVpn, namespace: string, orders: RelayOrders): Promise<Service> {
  const [command = "", ...args] = lab.inside(namespace, [process.execPath, MAIN, JSON.stringify(orders)]);
  const logFile = join(lab.folder, `relay-${namespace}.log`);
  return Service.start({
    ...{ name: `the relay in the network of the ${namespace}`, command, args, logFile },
    env: { PATH: process.env.PATH },
    folder: lab.folder,
    ready: async () => (await readFile(logFile, "utf8")).includes("ready"),
    patience: RELAY_PATIENCE,
    onDeath: lab.onDeath,
  });
}
