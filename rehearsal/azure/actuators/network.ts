import { contains, overlap, parseCidr } from "../../../components/cidr.ts";
import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";

interface Subnet extends Properties {
  name?: string;
  addressPrefix?: string;
}

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
  check: (inputs) => [...spaceRefusals(inputs), ...subnetRefusals(inputs)],
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

function prefixesOf(inputs: Properties): string[] {
  return (inputs.addressSpace as { addressPrefixes?: string[] } | undefined)?.addressPrefixes ?? [];
}

function spaceRefusals(inputs: Properties): Refusal[] {
  return prefixesOf(inputs)
    .filter((prefix) => {
      const range = parseCidr(prefix);
      return !range || range.prefix < 2 || range.prefix > 29;
    })
    .map((prefix) => ({
      property: "addressSpace.addressPrefixes",
      reason: `"${prefix}" is no address range from /2 to /29 on its own boundary (InvalidCIDRNotation; Azure Virtual Network FAQ)`,
    }));
}

function subnetRefusals(inputs: Properties): Refusal[] {
  const subnets = (inputs.subnets as Subnet[] | undefined) ?? [];
  const space = prefixesOf(inputs)
    .map(parseCidr)
    .filter((range) => range !== undefined);
  return subnets.flatMap((subnet, index) => {
    const property = `subnets[${index}]`;
    const { name = "", addressPrefix = "" } = subnet;
    const range = parseCidr(addressPrefix);
    if (!/^[a-zA-Z0-9]([\w.-]{0,78}\w)?$/.test(name)) {
      const reason = `"${name}" is no subnet name: 1 to 80 letters, digits, '_', '-' and '.' (Naming rules and restrictions for Azure resources)`;
      return [{ property: `${property}.name`, reason }];
    }
    if (!range || range.prefix > 29) {
      const reason = `"${addressPrefix}" is no range of /29 or larger: Azure keeps five addresses of each subnet (Azure Virtual Network FAQ)`;
      return [{ property: `${property}.addressPrefix`, reason }];
    }
    if (name === "GatewaySubnet" && range.prefix > 27) {
      const reason = `"${addressPrefix}" is smaller than /27, which new VPN gateways need (About VPN Gateway configuration settings)`;
      return [{ property: `${property}.addressPrefix`, reason }];
    }
    if (space.length > 0 && !space.some((outer) => contains(outer, range))) {
      const reason = `"${addressPrefix}" is not inside the network's ranges ${prefixesOf(inputs).join(", ")} (NetcfgInvalidSubnet)`;
      return [{ property: `${property}.addressPrefix`, reason }];
    }
    const other = subnets.slice(0, index).find((sibling) => {
      const theirs = parseCidr(sibling.addressPrefix ?? "");
      return sibling.name?.toLowerCase() === name.toLowerCase() || (theirs && overlap(theirs, range));
    });
    if (!other) return [];
    const reason = `"${name}" (${addressPrefix}) has the name or addresses of "${other.name}" (${other.addressPrefix}) (NetcfgSubnetRangesOverlap)`;
    return [{ property, reason }];
  });
}
