import { isDeepStrictEqual } from "node:util";
import { type Endpoint, serveTcp } from "../local/balancer.ts";
import type { Doors } from "../local/doors.ts";
import type { Names } from "../local/names.ts";
import { Pool, type PoolOptions } from "../local/pool.ts";
import type { Properties } from "../provider/codec.ts";
import type { ResourceManager } from "./resource-manager.ts";
import type { ScaleSets } from "./scale-sets.ts";

interface Named {
  name?: string;
}

interface Reference {
  id?: string;
}

export interface Probe extends Named {
  protocol?: string;
  port?: number;
  requestPath?: string;
  intervalInSeconds?: number;
  probeThreshold?: number;
}

export interface BalancingRule extends Named {
  protocol?: string;
  frontendPort?: number;
  backendPort?: number;
  frontendIPConfiguration?: Reference;
  backendAddressPool?: Reference;
  backendAddressPools?: Reference[];
  probe?: Reference;
}

/** A load balancer as far as traffic depends on it, by the names of its Pulumi type. */
export interface LoadBalancer extends Properties {
  frontendIPConfigurations?: (Named & { publicIPAddress?: Reference; subnet?: Reference })[];
  backendAddressPools?: Named[];
  probes?: Probe[];
  loadBalancingRules?: BalancingRule[];
}

/** What a rule comes to: where it is met, and what stands behind it. */
interface Route {
  hosts: string[];
  frontendPort: number;
  poolId: string;
  backendPort: number;
  probe: Probe | undefined;
}

/** A rule that is in force. */
interface Running {
  route: Route;
  pool: Pool;
  endpoint: Endpoint;
}

/** Seconds from one look at a machine to the next, where the probe does not say (Load Balancer health probes). */
const DEFAULT_INTERVAL = 15;

/** The load balancers: every rule takes connections at its public address and hands them through, TLS and all. */
export class LoadBalancers {
  readonly #resources: ResourceManager;
  readonly #scaleSets: ScaleSets;
  readonly #names: Names;
  readonly #doors: Doors;
  /** Rules in force, by the balancer's id in small letters. */
  readonly #running = new Map<string, Running[]>();

  constructor(resources: ResourceManager, scaleSets: ScaleSets, names: Names, doors: Doors) {
    this.#resources = resources;
    this.#scaleSets = scaleSets;
    this.#names = names;
    this.#doors = doors;
  }

  /** Brings a balancer to its settings; connections through a rule that stays as it was go on. */
  async write(id: string, settings: LoadBalancer): Promise<void> {
    const key = id.toLowerCase();
    const routes = (settings.loadBalancingRules ?? []).map((rule) => this.#routeOf(rule, settings));
    const standing = this.#running.get(key) ?? [];
    const kept = standing.filter(({ route }) => routes.some((each) => isDeepStrictEqual(each, route)));
    for (const each of standing) if (!kept.includes(each)) this.#end(each);
    const missing = routes.filter((route) => !kept.some((each) => isDeepStrictEqual(each.route, route)));
    this.#running.set(key, [...kept, ...(await Promise.all(missing.map((route) => this.#start(route))))]);
  }

  delete(id: string): void {
    for (const each of this.#running.get(id.toLowerCase()) ?? []) this.#end(each);
    this.#running.delete(id.toLowerCase());
  }

  close(): void {
    for (const id of [...this.#running.keys()]) this.delete(id);
  }

  #routeOf(rule: BalancingRule, settings: LoadBalancer): Route {
    const frontend = partOf(settings.frontendIPConfigurations, rule.frontendIPConfiguration);
    const pool = rule.backendAddressPool ?? rule.backendAddressPools?.[0];
    return {
      hosts: this.#hostsOf(frontend?.publicIPAddress),
      frontendPort: Number(rule.frontendPort),
      poolId: String(pool?.id).toLowerCase(),
      backendPort: Number(rule.backendPort ?? rule.frontendPort),
      probe: partOf(settings.probes, rule.probe),
    };
  }

  /** How users reach a public address: by its number, and by its name where it has one. */
  #hostsOf(address: Reference | undefined): string[] {
    const { ipAddress, dnsSettings } = this.#resources.get(String(address?.id))?.properties ?? {};
    const { fqdn } = (dnsSettings ?? {}) as { fqdn?: string };
    return [ipAddress, fqdn].filter((host): host is string => typeof host === "string");
  }

  async #start(route: Route): Promise<Running> {
    const pool = new Pool(poolOptions(route.probe));
    pool.register(route, () => this.#scaleSets.targetsOf(route.poolId, route.backendPort));
    const endpoint = await serveTcp(pool, this.#doors);
    for (const host of route.hosts) this.#names.set(host, route.frontendPort, endpoint);
    return { route, pool, endpoint };
  }

  #end({ route, pool, endpoint }: Running): void {
    for (const host of route.hosts) this.#names.delete(host, route.frontendPort);
    endpoint.close();
    pool[Symbol.dispose]();
  }
}

/** The part of a balancer that a reference names: `{balancer}/{kind}/{name}`. */
export function partOf<Part extends Named>(parts: Part[] = [], reference: Reference | undefined): Part | undefined {
  const name = reference?.id?.slice(reference.id.lastIndexOf("/") + 1).toLowerCase();
  return parts.find((part) => part.name?.toLowerCase() === name);
}

/**
 * With a probe a machine is used while it answers 200 (or takes connections, for Tcp), and none is used when none
 * does; without one every machine is ("Azure Load Balancer health probes").
 */
function poolOptions(probe: Probe | undefined): PoolOptions {
  const interval = (probe?.intervalInSeconds ?? DEFAULT_INTERVAL) * 1000;
  const threshold = probe?.probeThreshold ?? 1;
  return {
    probe: {
      scheme: (probe?.protocol ?? "Tcp").toLowerCase() as "http" | "https" | "tcp",
      path: probe?.requestPath ?? "/",
      interval,
      timeout: interval,
      healthyAfter: threshold,
      unhealthyAfter: threshold,
      accepts: (status) => status === 200,
    },
    failOpen: probe === undefined,
  };
}
