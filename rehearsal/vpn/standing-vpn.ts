import { Bgp } from "./bgp.ts";
import { sessionOf } from "./bird.ts";
import { Charon } from "./charon.ts";
import { Lab, type LabOptions } from "./lab.ts";
import type { Pair } from "./pairs.ts";
import {
  AWS_GATEWAY,
  azureGateway,
  DATABASE,
  databaseAddress,
  INTERNET,
  layOut,
  linkAddresses,
  outsideOf,
  type Ranges,
} from "./topology.ts";

export interface StandingVpnOptions extends LabOptions {
  pairs: readonly Pair[];
  ranges: Ranges;
  /** Whether AWS's gateway sends by all tunnels, as a transit gateway does, or by one. */
  spreads: boolean;
}

/** Both ends of a tunnel as they run. */
export interface RunningTunnel {
  name: string;
  instance: number;
  aws: Charon;
  azure: Charon;
}

/**
 * Seconds that Azure's network and its gateway's instances wait for a word of each other. A lost instance takes its wire
 * along here, so nobody waits for it.
 */
const FABRIC_HOLD_SECONDS = 9;

/** The whole way between an app server and a database: four tunnels, both gateways, and BGP. */
export class StandingVpn implements AsyncDisposable {
  readonly lab: Lab;
  readonly tunnels: RunningTunnel[] = [];
  readonly #options: StandingVpnOptions;
  readonly #speakers: Bgp[] = [];

  private constructor(lab: Lab, options: StandingVpnOptions) {
    this.lab = lab;
    this.#options = options;
  }

  /** Starts all of it; the tunnels come up by themselves. */
  static async start(options: StandingVpnOptions): Promise<StandingVpn> {
    const vpn = new StandingVpn(await Lab.start(options), options);
    try {
      await vpn.#raise();
      return vpn;
    } catch (error) {
      await vpn[Symbol.asyncDispose]();
      throw error;
    }
  }

  tunnel(name: string): RunningTunnel {
    const found = this.tunnels.find((tunnel) => tunnel.name === name);
    if (found) return found;
    throw new Error(`expected one of ${this.tunnels.map((tunnel) => tunnel.name).join(", ")}, found ${name}`);
  }

  /** Names of the tunnels over which AWS's gateway has BGP. */
  async established(): Promise<string[]> {
    const sessions = (await this.#speakers[0]?.established()) ?? [];
    return sessions.map((name) => name.replaceAll("_", "-")).sort();
  }

  /** The tunnel that AWS's gateway sends to the database by; undefined while there is none. */
  async carrier(): Promise<string | undefined> {
    const route = [...this.lab.tools.command("ip"), "route", "get", databaseAddress(this.#options.ranges)];
    const said = await this.lab.read(AWS_GATEWAY, route).catch(() => "");
    return / dev (tunnel-\d+)/.exec(said)?.[1];
  }

  /** Loses everything that goes to or from an end of AWS's, without a word to anybody. */
  async cut(name: string): Promise<void> {
    await this.lab.ip(
      INTERNET,
      this.#cutting(name).map((rule) => `rule add ${rule}`),
    );
  }

  async mend(name: string): Promise<void> {
    await this.lab.ip(
      INTERNET,
      this.#cutting(name).map((rule) => `rule del ${rule}`),
    );
  }

  /** Loses an instance of Azure's gateway: its tunnels, and its way into the network. */
  async loseInstance(instance: number): Promise<void> {
    await this.lab.ip(azureGateway(instance), ["link set vnet down"]);
    for (const { name } of this.#of(instance)) await this.cut(name);
  }

  async regainInstance(instance: number): Promise<void> {
    const { ranges } = this.#options;
    // A device that was down has lost the routes by it.
    const back = `route replace ${databaseAddress(ranges)} via ${linkAddresses(ranges, instance).network}`;
    await this.lab.ip(azureGateway(instance), ["link set vnet up", back]);
    for (const { name } of this.#of(instance)) await this.mend(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const parts = [...this.#speakers, ...this.tunnels.flatMap(({ aws, azure }) => [aws, azure])];
    await Promise.all(parts.map((part) => part[Symbol.asyncDispose]()));
    await this.lab[Symbol.asyncDispose]();
  }

  #of(instance: number): RunningTunnel[] {
    return this.tunnels.filter((tunnel) => tunnel.instance === instance);
  }

  #cutting(name: string): string[] {
    const address = this.#options.pairs.find((pair) => pair.name === name)?.aws.outside.own;
    return [`from ${address} blackhole pref 10`, `to ${address} blackhole pref 11`];
  }

  async #raise(): Promise<void> {
    const { pairs, ranges } = this.#options;
    const instances = [...new Set(pairs.map(({ instance }) => instance))].sort();
    await layOut(this.lab, pairs, instances.length, ranges);
    await Promise.all(pairs.map((pair) => this.#startTunnel(pair)));
    this.tunnels.sort((one, other) => one.name.localeCompare(other.name));
    await this.#speakAtAws();
    for (const instance of instances) await this.#speakAtAzure(instance);
    await this.#speakInNetwork(instances);
  }

  /** Azure's end first, since AWS's begins. */
  async #startTunnel({ name, aws, azure, instance }: Pair): Promise<void> {
    const place = (cloud: "aws" | "azure", gateway: string) => ({
      outside: outsideOf(name, cloud),
      gateway,
      device: name,
    });
    const atAws = new Charon(this.lab, place("aws", AWS_GATEWAY));
    const atAzure = new Charon(this.lab, place("azure", azureGateway(instance)));
    this.tunnels.push({ name, instance, aws: atAws, azure: atAzure });
    await atAzure.start(azure);
    await atAws.start(aws);
  }

  async #speakAtAws(): Promise<void> {
    const { pairs, ranges, spreads } = this.#options;
    const sessions = pairs.map(({ name, aws }) => sessionOf(name, aws));
    const routerId = sessions[0]?.own ?? "";
    this.#speakers.push(await Bgp.start(this.lab, AWS_GATEWAY, { routerId, range: ranges.primary, spreads, sessions }));
  }

  async #speakAtAzure(instance: number): Promise<void> {
    const { pairs, ranges } = this.#options;
    const sessions = pairs
      .filter((pair) => pair.instance === instance)
      .map(({ name, azure }) => sessionOf(name, azure));
    const { gateway, network } = linkAddresses(ranges, instance);
    const fabric = this.#fabricSession(instance, "vnet", gateway, network);
    const speaker = { routerId: gateway, range: ranges.standby, spreads: true, sessions: [...sessions, fabric] };
    this.#speakers.push(await Bgp.start(this.lab, azureGateway(instance), speaker));
  }

  /** Azure's network knows from its gateway's instances which one to send by. */
  async #speakInNetwork(instances: readonly number[]): Promise<void> {
    const { ranges } = this.#options;
    const sessions = instances.map((instance) => {
      const { gateway, network } = linkAddresses(ranges, instance);
      return this.#fabricSession(instance, `instance-${instance}`, network, gateway);
    });
    const routerId = databaseAddress(ranges);
    this.#speakers.push(await Bgp.start(this.lab, DATABASE, { routerId, spreads: false, sessions }));
  }

  #fabricSession(instance: number, device: string, own: string, far: string) {
    const asn = this.#options.pairs[0]?.azure.asn.own ?? 0;
    return { name: `fabric_${instance}`, device, own, far, ownAsn: asn, farAsn: asn, holdSeconds: FABRIC_HOLD_SECONDS };
  }
}
