import { join } from "node:path";
import type { Certificate } from "../local/certificate.ts";
import type { Doors } from "../local/doors.ts";
import { type HostCertificate, issueForHosts } from "../local/host-certificate.ts";
import { Fleet } from "../local/machines.ts";
import type { Names } from "../local/names.ts";
import type { Pool } from "../local/pool.ts";
import type { Properties } from "../provider/codec.ts";
import type { AwsEndpoint } from "./cloud.ts";
import type { Edge } from "./edge.ts";
import { type InstanceMetadata, serveInstanceMetadata } from "./instance-metadata.ts";
import type { LoadBalancerListener } from "./load-balancer.ts";

/** The servers of an Auto Scaling group, and where they learn their role's credentials. */
export interface HostedGroup {
  fleet: Fleet;
  metadata: InstanceMetadata;
  roleArn: string;
  /** Ends what servers of a former role still ask. */
  retired: (() => void)[];
}

/**
 * What the emulator has as records only, and the local AWS runs itself: servers, load balancers, certificates and
 * edges, each by the ARN or id of its record.
 */
export class Hosting implements AsyncDisposable {
  /** The hosts that were given out. */
  readonly names: Names;
  /** Who vouches for every certificate. */
  readonly authority: Certificate;
  readonly #endpoint: AwsEndpoint;
  readonly #folder: string;
  /** Certificates that were validated, by ARN. */
  readonly certificates = new Map<string, HostCertificate>();
  /** Target groups, by ARN. */
  readonly pools = new Map<string, Pool>();
  /** Listeners of load balancers, by ARN. */
  readonly listeners = new Map<string, LoadBalancerListener>();
  /** Auto Scaling groups, by ARN. */
  readonly groups = new Map<string, HostedGroup>();
  /** Distributions, by id. */
  readonly edges = new Map<string, Edge>();
  /** Endpoints, rules and associations of Route 53's resolver, by id; the emulator has no record of them. */
  readonly resolvers = new Map<string, Properties>();
  /** Where load balancers and edges are met. */
  readonly doors: Doors;
  /** Where servers ask for names, as a VPC's resolver; set once there is one. @example "127.0.0.1:5353" */
  nameServer: string | undefined;
  /** Whether the edges have nothing for users but an error. */
  contentIsDown = false;

  /** @param folder gets a folder for the machines */
  constructor(args: { endpoint: AwsEndpoint; authority: Certificate; names: Names; folder: string; doors: Doors }) {
    this.#endpoint = args.endpoint;
    this.#folder = args.folder;
    this.authority = args.authority;
    this.names = args.names;
    this.doors = args.doors;
  }

  /** Where the emulator answers. */
  get gateway(): URL {
    return new URL(this.#endpoint.url);
  }

  issue(hosts: readonly string[]): Promise<HostCertificate> {
    return issueForHosts(this.authority, hosts);
  }

  /** A group of servers without any yet, that will sign in as the role. */
  async openGroup(arn: string, name: string, region: string, roleArn: string): Promise<HostedGroup> {
    const metadata = await serveInstanceMetadata(this.#endpoint, region, roleArn, name);
    const group = { fleet: new Fleet(join(this.#folder, "machines")), metadata, roleArn, retired: [] };
    this.groups.set(arn, group);
    return group;
  }

  /** Has servers that are launched from now on sign in as another role. */
  async changeRole(arn: string, name: string, region: string, roleArn: string): Promise<void> {
    const group = this.groups.get(arn);
    if (!group) throw new Error(`the Auto Scaling group ${arn} is not open`);
    const { close } = group.metadata;
    group.metadata = await serveInstanceMetadata(this.#endpoint, region, roleArn, name);
    group.roleArn = roleArn;
    group.retired.push(close);
  }

  /** Ends a group's servers; they are out of every target group then. */
  async closeGroup(arn: string): Promise<void> {
    const group = this.groups.get(arn);
    this.groups.delete(arn);
    for (const pool of this.pools.values()) pool.deregister(arn);
    await group?.fleet[Symbol.asyncDispose]();
    for (const close of group ? [group.metadata.close, ...group.retired] : []) close();
  }

  /** The environment of a server: how its SDKs find this AWS and their credentials. */
  machineEnvironment({ metadata }: HostedGroup): NodeJS.ProcessEnv {
    return {
      AWS_ENDPOINT_URL: this.#endpoint.url,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url,
      AWS_EC2_METADATA_V1_DISABLED: "true",
      NODE_EXTRA_CA_CERTS: this.authority.certificateFile,
      ...(this.nameServer && { DNS_SERVERS: this.nameServer }),
    };
  }

  /** Ends all servers as a loss of power would. */
  async killServers(): Promise<void> {
    await Promise.all([...this.groups.values()].map(({ fleet }) => fleet.kill()));
  }

  /** Boots them again. @throws ServiceError when an app does not come up */
  async reviveServers(): Promise<void> {
    await Promise.all([...this.groups.values()].map(({ fleet }) => fleet.revive()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const edge of this.edges.values()) edge.close();
    for (const listener of this.listeners.values()) listener.close();
    for (const pool of this.pools.values()) pool[Symbol.dispose]();
    await Promise.all([...this.groups.keys()].map((arn) => this.closeGroup(arn)));
  }
}
