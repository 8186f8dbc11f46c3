import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import type { AwsGatewayKind } from "./aws-gateway-kind.ts";

export interface AwsGatewayArgs {
  /** Which one is made. */
  kind: AwsGatewayKind;
  /** The primary's VPC. */
  vpcId: pulumi.Input<string>;
  /** A subnet in each zone, where a transit gateway has its way into the VPC. */
  subnetIds: pulumi.Input<string[]>;
  /** Tables of the subnets that have a way to the standby, by the end of their routes' names. @example { "private-0": "rtb-0a1b" } */
  routeTables: Record<string, pulumi.Input<string>>;
  /** What of the standby they have a way to. A virtual private gateway goes by what it is told over BGP instead. @example "10.32.64.0/20" */
  destination: string;
  /** BGP number. @example 64512 */
  asn: number;
  /** Tags of every resource. */
  tags: Tags;
}

/** Where a connection ends at AWS: one of both. */
export type AwsGatewayEnd = { vpnGatewayId: pulumi.Output<string> } | { transitGatewayId: pulumi.Output<string> };

/** AWS's end of the way to the standby, and the routes to it. */
export class AwsGateway extends pulumi.ComponentResource {
  readonly gatewayId: pulumi.Output<string>;
  /** As a connection names it. */
  readonly end: AwsGatewayEnd;

  readonly #name: string;
  readonly #args: AwsGatewayArgs;

  constructor(name: string, args: AwsGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:vpn:AwsGateway", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.end = args.kind === "transit" ? this.#transit() : this.#virtualPrivate();
    this.gatewayId = "transitGatewayId" in this.end ? this.end.transitGatewayId : this.end.vpnGatewayId;
    this.registerOutputs({ gatewayId: this.gatewayId });
  }

  #virtualPrivate(): AwsGatewayEnd {
    const { vpcId, asn, routeTables } = this.#args;
    const gateway = new aws.ec2.VpnGateway(
      `${this.#name}-virtual-private`,
      { vpcId, amazonSideAsn: String(asn), tags: this.#tagged("virtual-private") },
      // A VPC has one at most, so the old one goes first.
      { parent: this, deleteBeforeReplace: true },
    );
    for (const [label, routeTableId] of Object.entries(routeTables)) {
      new aws.ec2.VpnGatewayRoutePropagation(
        `${this.#name}-${label}-routes`,
        { vpnGatewayId: gateway.id, routeTableId },
        { parent: this },
      );
    }
    return { vpnGatewayId: gateway.id };
  }

  #transit(): AwsGatewayEnd {
    const { vpcId, subnetIds, asn, routeTables, destination } = this.#args;
    const transit = new aws.ec2transitgateway.TransitGateway(
      `${this.#name}-transit`,
      {
        description: `Way of ${this.#name} to the standby`,
        amazonSideAsn: asn,
        // Its own table learns the VPC from the attachment, and the standby over BGP.
        defaultRouteTableAssociation: "enable",
        defaultRouteTablePropagation: "enable",
        vpnEcmpSupport: "enable",
        tags: this.#tagged("transit"),
      },
      { parent: this },
    );
    const attachment = new aws.ec2transitgateway.VpcAttachment(
      `${this.#name}-attachment`,
      { transitGatewayId: transit.id, vpcId, subnetIds, tags: this.#tagged("attachment") },
      { parent: this },
    );
    for (const [label, routeTableId] of Object.entries(routeTables)) {
      new aws.ec2.Route(
        `${this.#name}-${label}-routes`,
        { routeTableId, destinationCidrBlock: destination, transitGatewayId: transit.id },
        // EC2 takes a route to a transit gateway only once the VPC is attached, and keeps one per destination.
        { parent: this, dependsOn: attachment, deleteBeforeReplace: true },
      );
    }
    return { transitGatewayId: transit.id };
  }

  #tagged(suffix: string): Tags {
    return { ...this.#args.tags, Name: `${this.#name}-${suffix}` };
  }
}
