import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { planPrimaryAddresses, TIERS, type Tier } from "./address-plan.ts";
import { FlowLog } from "./flow-log.ts";
import { type NatGateways, planNatGateways } from "./nat-plan.ts";

export interface NetworkArgs {
  /** IPv4 range of the VPC, /16 to /22. @example "10.16.0.0/16" */
  cidr: string;
  /** Availability zones to spread over, 2 to 6. */
  zones: number;
  /** NAT gateways: one per zone, or one for all (cheaper, and lost with its zone). */
  natGateways: NatGateways;
  /** Days for which it is kept who spoke with whom; see `FlowLogArgs.retentionDays`. @example 90 */
  logRetentionDays: number;
  /**
   * Refuse to delete or replace the network.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

const ANYWHERE = "0.0.0.0/0";

/**
 * The primary site's network: in every zone a public subnet (load balancer, NAT), a private one (servers) and a data
 * one (database). The internet reaches the public tier only; the private tier goes out through NAT, the data tier
 * not at all. S3 is reached from both without either, through a gateway endpoint, which costs nothing.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Ids of the subnets of each tier, in the order of the zones. */
  readonly subnetIds: Record<Tier, pulumi.Output<string>[]>;
  /** Ids of the tables of each tier: of the private one in the order of the zones, of the others one. */
  readonly routeTableIds: Record<Tier, pulumi.Output<string>[]>;

  readonly #name: string;
  readonly #tags: Tags;
  readonly #vpc: aws.ec2.Vpc;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:Network", name, {}, opts);
    const parent = { parent: this };
    this.#name = name;
    this.#tags = args.tags;

    const protect = args.protectData ?? true;
    this.#vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: args.cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: this.#tagged("vpc") },
      // Another range is another VPC, and everything in this one would go first.
      { parent: this, protect, retainOnDelete: protect },
    );
    const vpcId = this.#vpc.id;
    // What forgets to name a security group gets this one, which lets everything out unless it is emptied.
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default-access`,
      { vpcId, ingress: [], egress: [], tags: this.#tagged("default-access") },
      parent,
    );
    new FlowLog(`${name}-flows`, { vpcId, retentionDays: args.logRetentionDays, tags: args.tags }, parent);

    const tables = this.#routeTables(args.zones);
    this.routeTableIds = {
      public: tables.public.map(({ id }) => id),
      private: tables.private.map(({ id }) => id),
      data: tables.data.map(({ id }) => id),
    };
    this.subnetIds = this.#subnets(args, tables);
    const internet = this.#internet(tables.public);
    // AWS refuses a load balancer for the internet in a network that has no way there yet.
    const connected = (id: pulumi.Output<string>) => pulumi.all([id, internet.id]).apply(([subnet]) => subnet);
    this.subnetIds = { ...this.subnetIds, public: this.subnetIds.public.map(connected) };
    this.#natGateways(args, tables.private, internet);
    new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId,
        vpcEndpointType: "Gateway",
        // Without a policy: system packages come from buckets of AWS, whose names are nobody's to list. What a server
        // may read of the site's own buckets, its role says.
        serviceName: pulumi.interpolate`com.amazonaws.${this.#vpc.region}.s3`,
        routeTableIds: [...tables.private, ...tables.data].map(({ id }) => id),
        tags: this.#tagged("s3"),
      },
      parent,
    );

    this.vpcId = vpcId;
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds });
  }

  /**
   * A table for the public and for the data tier; and one per zone for the private tier, also where one NAT gateway
   * serves all, so that a change of their number changes routes and no table under the servers' feet.
   */
  #routeTables(zones: number): Record<Tier, aws.ec2.RouteTable[]> {
    const table = (suffix: string) =>
      new aws.ec2.RouteTable(
        `${this.#name}-${suffix}`,
        { vpcId: this.#vpc.id, tags: this.#tagged(suffix) },
        { parent: this },
      );
    return {
      public: [table("public-routes")],
      private: Array.from({ length: zones }, (_, zone) => table(`private-routes-${zone}`)),
      data: [table("data-routes")],
    };
  }

  /** The subnets of every tier, each on its tier's table, or its zone's where there is one. */
  #subnets({ cidr, zones }: NetworkArgs, tables: Record<Tier, aws.ec2.RouteTable[]>) {
    const addresses = planPrimaryAddresses(cidr, zones);
    // Every zone of the region that needs no opting in, healthy or not: were an ailing zone left out, the
    // zones after it would move up, and their subnets with them, in the middle of an outage.
    const filters = [{ name: "opt-in-status", values: ["opt-in-not-required"] }];
    const available = aws.getAvailabilityZonesOutput({ filters }, { parent: this }).names;
    const tier = (kind: Tier) =>
      addresses[kind].map((cidrBlock, index) => {
        const availabilityZone = available.apply((names) => zoneAt(names, index));
        const table = tables[kind][index] ?? (tables[kind][0] as aws.ec2.RouteTable);
        return this.#subnet(`${kind}-${index}`, { cidrBlock, availabilityZone }, table);
      });
    return Object.fromEntries(TIERS.map((kind) => [kind, tier(kind)])) as Record<Tier, pulumi.Output<string>[]>;
  }

  #subnet(
    suffix: string,
    place: { cidrBlock: string; availabilityZone: pulumi.Output<string> },
    table: aws.ec2.RouteTable,
  ): pulumi.Output<string> {
    // The old and the new cannot stand side by side: they would have the same addresses or destination.
    const replacedInPlace = { parent: this, deleteBeforeReplace: true };
    const subnet = new aws.ec2.Subnet(
      `${this.#name}-${suffix}`,
      { vpcId: this.#vpc.id, ...place, tags: this.#tagged(suffix) },
      // A subnet stays where it is, also when the region gets a zone whose name sorts before its own.
      { ...replacedInPlace, ignoreChanges: ["availabilityZone"] },
    );
    new aws.ec2.RouteTableAssociation(
      `${this.#name}-${suffix}-routes`,
      { subnetId: subnet.id, routeTableId: table.id },
      replacedInPlace,
    );
    return subnet.id;
  }

  #internet(tables: aws.ec2.RouteTable[]): aws.ec2.InternetGateway {
    const gateway = new aws.ec2.InternetGateway(
      `${this.#name}-internet`,
      { vpcId: this.#vpc.id, tags: this.#tagged("internet") },
      { parent: this },
    );
    for (const table of tables) this.#wayOut("public-internet", table, { gatewayId: gateway.id });
    return gateway;
  }

  /** The NAT gateways, each in the public subnet of its zone, and each private table's route to one of them. */
  #natGateways(
    { natGateways, zones }: NetworkArgs,
    tables: aws.ec2.RouteTable[],
    internet: aws.ec2.InternetGateway,
  ): void {
    const plan = planNatGateways(natGateways, zones);
    const gateways = new Map([...new Set(plan)].map((zone) => [zone, this.#natGateway(zone, internet)]));
    for (const [zone, table] of tables.entries()) {
      this.#wayOut(`private-${zone}-internet`, table, { natGatewayId: gateways.get(plan[zone] as number)?.id });
    }
  }

  #natGateway(zone: number, internet: aws.ec2.InternetGateway): aws.ec2.NatGateway {
    const suffix = `nat-${zone}`;
    const address = new aws.ec2.Eip(
      `${this.#name}-${suffix}-address`,
      { domain: "vpc", tags: this.#tagged(`${suffix}-address`) },
      { parent: this },
    );
    return new aws.ec2.NatGateway(
      `${this.#name}-${suffix}`,
      { subnetId: this.subnetIds.public[zone], allocationId: address.id, tags: this.#tagged(suffix) },
      // It speaks through the internet gateway, which its inputs do not say.
      { parent: this, dependsOn: internet },
    );
  }

  #wayOut(
    suffix: string,
    table: aws.ec2.RouteTable,
    target: { gatewayId?: pulumi.Input<string>; natGatewayId?: pulumi.Input<string> },
  ): void {
    new aws.ec2.Route(
      `${this.#name}-${suffix}`,
      { routeTableId: table.id, destinationCidrBlock: ANYWHERE, ...target },
      // EC2 keeps one route per destination in a table.
      { parent: this, deleteBeforeReplace: true },
    );
  }

  #tagged(suffix: string): Tags {
    return { ...this.#tags, Name: `${this.#name}-${suffix}` };
  }
}

function zoneAt(zones: string[], index: number): string {
  const zone = zones[index];
  if (zone === undefined) {
    throw new pulumi.RunError(
      `multicloud-dr:zones asks for ${index + 1} or more availability zones, the region offers ${zones.length}; lower it.`,
    );
  }
  return zone;
}
