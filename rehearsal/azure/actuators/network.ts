import { armActuator, GROUP, inGroup } from "./arm.ts";
import { dnsRefusals, type Subnet, spaceRefusals, subnetReferenceRefusals, subnetRefusals } from "./network-checks.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

/** azure-native:network:VirtualNetwork */
export const virtualNetwork = armActuator({
  id: (inputs, cloud) =>
    inGroup(cloud, inputs.resourceGroupName, `Microsoft.Network/virtualNetworks/${inputs.virtualNetworkName}`),
  name: {
    property: "virtualNetworkName",
    pattern: /^[a-zA-Z0-9][\w.-]{0,62}\w$/,
    rule: "2 to 64 letters, digits, '_', '-' and '.', beginning with a letter or digit and not ending with '-' or '.' (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  check: (inputs, cloud) => [
    ...spaceRefusals(inputs),
    ...dnsRefusals(inputs),
    ...subnetRefusals(inputs),
    ...subnetReferenceRefusals(inputs, cloud),
  ],
  outputs: (inputs, id) => ({
    subnets: (inputs.subnets as Subnet[] | undefined)?.map((subnet) => ({
      ...subnet,
      id: `${id}/subnets/${subnet.name}`,
      provisioningState: "Succeeded",
    })),
    resourceGuid: crypto.randomUUID(),
    provisioningState: "Succeeded",
  }),
});
