import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { NETWORK_NAME } from "./public-addresses.ts";
import { inUse } from "./references.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";
import { connectionRefusals, FAR_ENDS, farEndRefusals, GATEWAYS, gatewayRefusals } from "./vpn-checks.ts";

const CONNECTIONS = "Microsoft.Network/connections";

/** What the three types have in common. */
const COMMON = { parent: GROUP, regional: true, longestTagName: LONGEST_TAG_NAME } as const;

const settled = () => ({ provisioningState: "Succeeded", resourceGuid: crypto.randomUUID() });

const usedByConnection = (code: string) => (id: string, cloud: AzureCloud) => inUse(id, [CONNECTIONS], code, cloud);

/** azure-native:network:VirtualNetworkGateway */
export const virtualNetworkGateway = armActuator({
  ...COMMON,
  id: (inputs, cloud) => inGroup(cloud, inputs.resourceGroupName, `${GATEWAYS}/${inputs.virtualNetworkGatewayName}`),
  name: { property: "virtualNetworkGatewayName", ...NETWORK_NAME },
  replaceOn: ["gatewayType", "vpnType", "vpnGatewayGeneration"],
  check: gatewayRefusals,
  outputs: settled,
  keeps: usedByConnection("VirtualNetworkGatewayCannotBeDeleted"),
});

/** azure-native:network:LocalNetworkGateway */
export const localNetworkGateway = armActuator({
  ...COMMON,
  id: (inputs, cloud) => inGroup(cloud, inputs.resourceGroupName, `${FAR_ENDS}/${inputs.localNetworkGatewayName}`),
  name: { property: "localNetworkGatewayName", ...NETWORK_NAME },
  check: farEndRefusals,
  outputs: settled,
  keeps: usedByConnection("LocalNetworkGatewayInUse"),
});

const connectionId = (inputs: Properties, cloud: AzureCloud) =>
  inGroup(cloud, inputs.resourceGroupName, `${CONNECTIONS}/${inputs.virtualNetworkGatewayConnectionName}`);

/** azure-native:network:VirtualNetworkGatewayConnection */
export const virtualNetworkGatewayConnection = armActuator({
  ...COMMON,
  id: connectionId,
  name: { property: "virtualNetworkGatewayConnectionName", ...NETWORK_NAME },
  replaceOn: ["connectionType", "connectionProtocol", "virtualNetworkGateway1", "localNetworkGateway2"],
  check: connectionRefusals,
  outputs: (inputs, id, cloud) => ({
    ...settled(),
    connectionStatus: "Unknown",
    // Written anew with another key, a connection keeps the one that it was made with (terraform-provider-azurerm#11673).
    sharedKey: cloud.resources.get(id)?.properties.sharedKey ?? inputs.sharedKey,
  }),
});
