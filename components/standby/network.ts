import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { planStandbyAddresses } from "./address-plan.ts";

export interface NetworkArgs {
  resourceGroupName: pulumi.Input<string>;
  /** IPv4 range of the virtual network, /16 to /22. @example "10.32.0.0/16" */
  cidr: string;
  /** Tags of every resource. */
  tags: Tags;
}

/** The standby site's virtual network. No subnet has a way out by default. */
export class Network extends pulumi.ComponentResource {
  readonly virtualNetworkId: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:Network", name, {}, opts);
    const { app, data, functions, gateway } = planStandbyAddresses(args.cidr);
    const delegatedTo = (serviceName: string) => [{ name: "delegation", serviceName }];

    // The subnets stand inside the network: as resources of their own they are created side by side,
    // which Azure answers with AnotherOperationInProgress, and an update of the network would drop them.
    const network = new azure.network.VirtualNetwork(
      `${name}-vnet`,
      {
        resourceGroupName: args.resourceGroupName,
        addressSpace: { addressPrefixes: [args.cidr] },
        subnets: [
          { name: "app", addressPrefix: app, defaultOutboundAccess: false },
          {
            name: "data",
            addressPrefix: data,
            defaultOutboundAccess: false,
            delegations: delegatedTo("Microsoft.DBforMySQL/flexibleServers"),
          },
          {
            name: "functions",
            addressPrefix: functions,
            defaultOutboundAccess: false,
            delegations: delegatedTo("Microsoft.App/environments"),
          },
          // The name is Azure's, and the gateways need their way out.
          { name: "GatewaySubnet", addressPrefix: gateway },
        ],
        tags: args.tags,
      },
      { parent: this },
    );

    this.virtualNetworkId = network.id;
    this.registerOutputs({ virtualNetworkId: this.virtualNetworkId });
  }
}
