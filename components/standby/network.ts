import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { planStandbyAddresses } from "./address-plan.ts";
import { type GuardedSubnet, type PrimaryPeers, planNetworkRules, type WebTierKind } from "./network-rules.ts";

export interface NetworkArgs {
  resourceGroupName: pulumi.Input<string>;
  /** IPv4 range of the virtual network, /16 to /22. @example "10.32.0.0/16" */
  cidr: string;
  /** What of the primary has a way here, and which way; without it nothing of it is let in or out. */
  primary?: PrimaryPeers;
  /**
   * Whether servers and functions have a way to the internet: a NAT gateway, which costs by the hour. Without it
   * they still reach storage, Key Vault and one another.
   */
  outbound: boolean;
  /**
   * What serves in the app's subnet.
   * @default "servers"
   */
  webTier?: WebTierKind;
  /** Tags of every resource. */
  tags: Tags;
}

/** The standby site's virtual network, and the private DNS zone of its database. No subnet has a way out by default. */
export class Network extends pulumi.ComponentResource {
  readonly virtualNetworkId: pulumi.Output<string>;
  readonly subnetIds: Record<GuardedSubnet, pulumi.Output<string>>;
  /** Private DNS zone for MySQL servers; there once the network uses it, without which no server can be made. */
  readonly databaseZoneId: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:Network", name, {}, opts);
    const { resourceGroupName, tags } = args;
    const plan = planStandbyAddresses(args.cidr);
    const rules = planNetworkRules(plan, args.primary, args.webTier);

    const guarded = (subnet: GuardedSubnet) => {
      const networkSecurityGroupName = `${name}-${subnet}`;
      const group = new azure.network.NetworkSecurityGroup(
        `${name}-${subnet}-rules`,
        { resourceGroupName, networkSecurityGroupName, securityRules: rules[subnet], tags },
        { parent: this },
      );
      return {
        name: subnet,
        addressPrefix: plan[subnet],
        defaultOutboundAccess: false,
        networkSecurityGroup: { id: group.id },
      };
    };
    const delegatedTo = (serviceName: string) => [{ name: "delegation", serviceName }];
    const wayOut = args.outbound ? { natGateway: { id: this.#gateway(name, args).id } } : {};
    // A way to storage and Key Vault that is free of charge and needs no NAT ("Virtual Network service endpoints").
    const serviceEndpoints = [{ service: "Microsoft.Storage" }, { service: "Microsoft.KeyVault" }];

    // The subnets stand inside the network: as resources of their own they are created side by side,
    // which Azure answers with AnotherOperationInProgress, and an update of the network would drop them.
    const network = new azure.network.VirtualNetwork(
      `${name}-vnet`,
      {
        resourceGroupName,
        virtualNetworkName: name,
        addressSpace: { addressPrefixes: [args.cidr] },
        subnets: [
          {
            ...guarded("app"),
            ...(args.webTier === "containers" && { delegations: delegatedTo("Microsoft.App/environments") }),
            serviceEndpoints,
            ...wayOut,
          },
          { ...guarded("data"), delegations: delegatedTo("Microsoft.DBforMySQL/flexibleServers") },
          {
            ...guarded("functions"),
            delegations: delegatedTo("Microsoft.App/environments"),
            serviceEndpoints,
            ...wayOut,
          },
          // The name is Azure's, and the gateways need their way out.
          { name: "GatewaySubnet", addressPrefix: plan.gateway },
          // Here as the gateways' is, though `link` uses both: a network that did not name it would drop it.
          { ...guarded("resolver"), delegations: delegatedTo("Microsoft.Network/dnsResolvers") },
        ],
        tags,
      },
      { parent: this },
    );
    const zone = new azure.privatedns.PrivateZone(
      `${name}-database-zone`,
      {
        resourceGroupName,
        // The ending is Azure's ("Private Network Access using virtual network integration").
        privateZoneName: `${name}.private.mysql.database.azure.com`,
        location: "global",
        tags,
      },
      { parent: this },
    );
    const link = new azure.privatedns.VirtualNetworkLink(
      `${name}-database-zone-link`,
      {
        resourceGroupName,
        privateZoneName: zone.name,
        virtualNetworkLinkName: name,
        virtualNetwork: { id: network.id },
        registrationEnabled: false,
        location: "global",
        tags,
      },
      { parent: this },
    );

    const idOf = (subnet: GuardedSubnet) => pulumi.interpolate`${network.id}/subnets/${subnet}`;
    this.virtualNetworkId = network.id;
    this.subnetIds = { app: idOf("app"), data: idOf("data"), functions: idOf("functions"), resolver: idOf("resolver") };
    this.databaseZoneId = pulumi.all([zone.id, link.id]).apply(([id]) => id);
    this.registerOutputs({ virtualNetworkId: this.virtualNetworkId });
  }

  #gateway(name: string, { resourceGroupName, tags }: NetworkArgs): azure.network.NatGateway {
    const address = new azure.network.PublicIPAddress(
      `${name}-nat-address`,
      {
        resourceGroupName,
        publicIpAddressName: `${name}-nat`,
        sku: { name: azure.network.PublicIPAddressSkuName.Standard },
        publicIPAllocationMethod: azure.network.IPAllocationMethod.Static,
        zones: ["1", "2", "3"],
        tags,
      },
      { parent: this },
    );
    // Without zones of its own, a gateway is in one that Azure chooses; the address outlives any ("NAT gateway and
    // availability zones").
    return new azure.network.NatGateway(
      `${name}-nat`,
      {
        resourceGroupName,
        natGatewayName: name,
        sku: { name: azure.network.NatGatewaySkuName.Standard },
        publicIpAddresses: [{ id: address.id }],
        tags,
      },
      { parent: this },
    );
  }
}
