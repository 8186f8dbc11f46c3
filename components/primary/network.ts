import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { planPrimaryAddresses, TIERS, type Tier } from "./address-plan.ts";

export interface NetworkArgs {
  /** IPv4 range of the VPC, /16 to /22. @example "10.16.0.0/16" */
  cidr: string;
  /** Availability zones to spread over, 2 to 6. */
  zones: number;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The primary site's network: in every zone a public subnet (load balancer), a private one (servers)
 * and a data one (database). Only the public tier has a way to and from the internet.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Ids of the subnets of each tier, in the order of the zones. */
  readonly subnetIds: Record<Tier, pulumi.Output<string>[]>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:Network", name, {}, opts);
    const parent = { parent: this };
    const addresses = planPrimaryAddresses(args.cidr, args.zones);
    // Every zone of the region that needs no opting in, healthy or not: were an ailing zone left out, the
    // zones after it would move up, and their subnets with them, in the middle of an outage.
    const filters = [{ name: "opt-in-status", values: ["opt-in-not-required"] }];
    const available = aws.getAvailabilityZonesOutput({ filters }, parent).names;
    // The old and the new cannot stand side by side: they would have the same addresses or destination.
    const replacedInPlace = { parent: this, deleteBeforeReplace: true };
    const tagged = (suffix: string) => ({ ...args.tags, Name: `${name}-${suffix}` });

    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      { cidrBlock: args.cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: tagged("vpc") },
      parent,
    );
    const gateway = new aws.ec2.InternetGateway(
      `${name}-internet`,
      { vpcId: vpc.id, tags: tagged("internet") },
      parent,
    );

    const tier = (kind: Tier): pulumi.Output<string>[] => {
      const routes = new aws.ec2.RouteTable(
        `${name}-${kind}-routes`,
        { vpcId: vpc.id, tags: tagged(`${kind}-routes`) },
        parent,
      );
      if (kind === "public") {
        new aws.ec2.Route(
          `${name}-public-internet`,
          { routeTableId: routes.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
          replacedInPlace,
        );
      }
      return addresses[kind].map((cidrBlock, index) => {
        const availabilityZone = available.apply((zones) => zoneAt(zones, index));
        const subnet = new aws.ec2.Subnet(
          `${name}-${kind}-${index}`,
          { vpcId: vpc.id, cidrBlock, availabilityZone, tags: tagged(`${kind}-${index}`) },
          // A subnet stays where it is, also when the region gets a zone whose name sorts before its own.
          { ...replacedInPlace, ignoreChanges: ["availabilityZone"] },
        );
        new aws.ec2.RouteTableAssociation(
          `${name}-${kind}-${index}-routes`,
          { subnetId: subnet.id, routeTableId: routes.id },
          replacedInPlace,
        );
        return subnet.id;
      });
    };

    this.vpcId = vpc.id;
    this.subnetIds = Object.fromEntries(TIERS.map((kind) => [kind, tier(kind)])) as Record<
      Tier,
      pulumi.Output<string>[]
    >;
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds });
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
