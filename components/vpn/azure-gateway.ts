import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { INSTANCES, type Instance, type Tunnel, tunnelsOf } from "./tunnel-plan.ts";

export interface AzureGatewayArgs {
  /** The group of the virtual network. */
  resourceGroupName: pulumi.Input<string>;
  /** Its id, of which the gateway's own parts are named before they are there. */
  resourceGroupId: pulumi.Input<string>;
  /** The standby's network, which has a `GatewaySubnet`. */
  virtualNetworkId: pulumi.Input<string>;
  /** All tunnels, as `tunnelPlan` lays them out. */
  tunnels: readonly Tunnel[];
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The one size: zone-redundant, since Azure has no other for new gateways, and the smallest of the second generation,
 * at 1 Gbit/s ("About gateway SKUs").
 */
const SKU = { name: "VpnGw2AZ", tier: "VpnGw2AZ" } as const;

/** Azure's end of the way to the primary: a gateway of two instances that both work, over all zones, with BGP. */
export class AzureGateway extends pulumi.ComponentResource {
  readonly gatewayId: pulumi.Output<string>;
  /** Public address of each instance; known long before the gateway stands, so that AWS's end does not wait for it. */
  readonly addresses: [pulumi.Output<string>, pulumi.Output<string>];
  /** Id of each instance's configuration, by which connections name its addresses. */
  readonly ipConfigurationIds: [pulumi.Output<string>, pulumi.Output<string>];

  constructor(name: string, args: AzureGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:vpn:AzureGateway", name, {}, opts);
    const { resourceGroupName, resourceGroupId, virtualNetworkId, tunnels, tags } = args;
    const parent = { parent: this };

    const address = (instance: Instance) =>
      new azure.network.PublicIPAddress(
        `${name}-address-${instance}`,
        {
          resourceGroupName,
          publicIpAddressName: `${name}-${instance}`,
          sku: { name: azure.network.PublicIPAddressSkuName.Standard },
          publicIPAllocationMethod: azure.network.IPAllocationMethod.Static,
          zones: ["1", "2", "3"],
          tags,
        },
        parent,
      );
    const addresses = [address(0), address(1)] as const;
    const path = pulumi.interpolate`${resourceGroupId}/providers/Microsoft.Network/virtualNetworkGateways/${name}`;
    const idOf = (instance: Instance) => pulumi.interpolate`${path}/ipConfigurations/${configurationName(instance)}`;

    const gateway = new azure.network.VirtualNetworkGateway(
      `${name}-gateway`,
      {
        resourceGroupName,
        virtualNetworkGatewayName: name,
        gatewayType: azure.network.VirtualNetworkGatewayType.Vpn,
        vpnType: azure.network.VpnType.RouteBased,
        vpnGatewayGeneration: azure.network.VpnGatewayGeneration.Generation2,
        sku: SKU,
        activeActive: true,
        enableBgp: true,
        ipConfigurations: INSTANCES.map((instance) => ({
          name: configurationName(instance),
          publicIPAddress: { id: addresses[instance].id },
          subnet: { id: pulumi.interpolate`${virtualNetworkId}/subnets/GatewaySubnet` },
          privateIPAllocationMethod: azure.network.IPAllocationMethod.Dynamic,
        })),
        bgpSettings: {
          asn: tunnels[0]?.standby.asn,
          peerWeight: 0,
          // Said in full: what is left out, Azure fills in, each `up` takes it away again, and BGP drops meanwhile.
          bgpPeeringAddresses: INSTANCES.map((instance) => ({
            ipconfigurationId: idOf(instance),
            customBgpIpAddresses: tunnelsOf(tunnels, instance).map(({ standby }) => standby.address),
          })),
        },
        tags,
      },
      // It takes three quarters of an hour, and on a bad day twice that.
      { parent: this, customTimeouts: { create: "2h", update: "2h", delete: "1h" } },
    );

    this.gatewayId = gateway.id;
    this.addresses = [addressOf(addresses[0]), addressOf(addresses[1])];
    this.ipConfigurationIds = [idOf(0), idOf(1)];
    this.registerOutputs({ gatewayId: this.gatewayId });
  }
}

function configurationName(instance: Instance): string {
  return `instance-${instance}`;
}

/** A static address has its number as soon as it is made. */
function addressOf({ ipAddress }: azure.network.PublicIPAddress): pulumi.Output<string> {
  return ipAddress.apply((address) => address as string);
}
