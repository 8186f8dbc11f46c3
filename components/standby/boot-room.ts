import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";

export interface BootRoomArgs {
  /** Short name of the workload; begins the group's name. @example "shop" */
  workload: string;
  /** Tags of every resource. */
  tags: Tags;
}

/** A range of its own: nobody routes to it, and it may be anybody's elsewhere. */
const RANGE = "192.168.255.0/28";

/** Nothing comes in or goes out, not even within; what names and tokens need reaches a server all the same. */
const CLOSED = (["Inbound", "Outbound"] as const).map((direction) => ({
  name: `nothing-${direction.toLowerCase()}`,
  priority: 100,
  direction,
  access: "Deny",
  protocol: "*",
  sourceAddressPrefix: "*",
  sourcePortRange: "*",
  destinationAddressPrefix: "*",
  destinationPortRange: "*",
}));

/**
 * Where a server is started from a new image, to see whether it boots: a network with no way in or out, in a resource
 * group of its own, so that whoever starts servers there has no right on any other.
 *
 * Empty, but while an image is checked; empty it costs nothing.
 */
export class BootRoom extends pulumi.ComponentResource {
  readonly resourceGroupId: pulumi.Output<string>;
  readonly subnetId: pulumi.Output<string>;

  constructor(name: string, args: BootRoomArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:BootRoom", name, {}, opts);
    const { tags, workload } = args;
    const parent = { parent: this };

    const group = new azure.resources.ResourceGroup(
      `${name}-group`,
      { resourceGroupName: `${workload}-boot-checks`, tags },
      parent,
    );
    const rules = new azure.network.NetworkSecurityGroup(
      `${name}-rules`,
      {
        resourceGroupName: group.name,
        networkSecurityGroupName: `${workload}-boot-checks`,
        securityRules: CLOSED,
        tags,
      },
      parent,
    );
    const network = new azure.network.VirtualNetwork(
      `${name}-vnet`,
      {
        resourceGroupName: group.name,
        virtualNetworkName: `${workload}-boot-checks`,
        addressSpace: { addressPrefixes: [RANGE] },
        subnets: [
          {
            name: "checks",
            addressPrefix: RANGE,
            defaultOutboundAccess: false,
            networkSecurityGroup: { id: rules.id },
          },
        ],
        tags,
      },
      parent,
    );

    this.resourceGroupId = group.id;
    this.subnetId = pulumi.interpolate`${network.id}/subnets/checks`;
    this.registerOutputs({ resourceGroupId: this.resourceGroupId, subnetId: this.subnetId });
  }
}
