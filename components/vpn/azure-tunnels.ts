import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import type { TunnelKeys } from "./aws-tunnels.ts";
import { azureCrypto } from "./crypto-profile.ts";
import { INSTANCES, type Tunnel, type TunnelName, tunnelsOf } from "./tunnel-plan.ts";

export interface AzureTunnelsArgs {
  /** The group of the gateway. */
  resourceGroupName: pulumi.Input<string>;
  /** The gateway where they end at Azure, and its instances' configurations. */
  gatewayId: pulumi.Input<string>;
  ipConfigurationIds: readonly [pulumi.Input<string>, pulumi.Input<string>];
  /** All tunnels, as `tunnelPlan` lays them out. */
  tunnels: readonly Tunnel[];
  keys: TunnelKeys;
  /** Public address of AWS's end of each tunnel. */
  addresses: Record<TunnelName, pulumi.Input<string>>;
  /** Tags of every resource. */
  tags: Tags;
}

/** The tunnels as Azure has them: for each a description of AWS's end, and a connection to it. */
export class AzureTunnels extends pulumi.ComponentResource {
  /** Ids of the connections, in the tunnels' order. */
  readonly connectionIds: pulumi.Output<string>[];

  readonly #name: string;
  readonly #args: AzureTunnelsArgs;

  constructor(name: string, args: AzureTunnelsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:vpn:AzureTunnels", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const connections: azure.network.VirtualNetworkGatewayConnection[] = [];
    // One after the other: whoever changes several keys at once does not have all connections replaced at once.
    for (const tunnel of args.tunnels) connections.push(this.#connection(tunnel, connections.at(-1)));
    this.connectionIds = connections.map(({ id }) => id);
    this.registerOutputs({ connectionIds: this.connectionIds });
  }

  #connection(tunnel: Tunnel, after: pulumi.Resource | undefined): azure.network.VirtualNetworkGatewayConnection {
    const { resourceGroupName, gatewayId, keys, tags } = this.#args;
    return new azure.network.VirtualNetworkGatewayConnection(
      `${this.#name}-${tunnel.name}`,
      {
        resourceGroupName,
        virtualNetworkGatewayConnectionName: `${this.#name}-${tunnel.name}`,
        connectionType: azure.network.VirtualNetworkGatewayConnectionType.IPsec,
        virtualNetworkGateway1: { id: gatewayId },
        localNetworkGateway2: { id: this.#farEnd(tunnel).id },
        sharedKey: keys[tunnel.name],
        enableBgp: true,
        gatewayCustomBgpIpAddresses: this.#ownAddresses(tunnel),
        usePolicyBasedTrafficSelectors: false,
        ...azureCrypto(tunnel.crypto),
        tags,
      },
      {
        parent: this,
        dependsOn: after,
        // Azure leaves the key as it is when a connection is written anew with another one, and says that all is well
        // (terraform-provider-azurerm#11673); so another key is another connection, of the same name.
        replaceOnChanges: ["sharedKey"],
        deleteBeforeReplace: true,
      },
    );
  }

  /** AWS's end, as Azure describes it. Without ranges: what lies behind it, BGP tells. */
  #farEnd({ name: tunnel, primary }: Tunnel): azure.network.LocalNetworkGateway {
    const { resourceGroupName, addresses, tags } = this.#args;
    return new azure.network.LocalNetworkGateway(
      `${this.#name}-${tunnel}-aws`,
      {
        resourceGroupName,
        localNetworkGatewayName: `${this.#name}-${tunnel}-aws`,
        gatewayIpAddress: addresses[tunnel],
        bgpSettings: { asn: primary.asn, bgpPeeringAddress: primary.address },
        tags,
      },
      { parent: this },
    );
  }

  /**
   * The address that the tunnel has at its own instance. For the other instance Azure wants one too and does not use it:
   * its first, as in "How to connect AWS and Azure using a BGP-enabled VPN gateway".
   */
  #ownAddresses({ instance: own, standby }: Tunnel) {
    const { ipConfigurationIds, tunnels } = this.#args;
    return INSTANCES.map((instance) => ({
      ipConfigurationId: ipConfigurationIds[instance],
      customBgpIpAddress: instance === own ? standby.address : String(tunnelsOf(tunnels, instance)[0]?.standby.address),
    }));
  }
}
