import { isIPv4 } from "node:net";
import { type Cidr, cidr, contains, overlap, parseCidr } from "../../../components/cidr.ts";
import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { type Reference, referenceRefusals } from "./references.ts";

/** A subnet as a virtual network lists it; the rest of it is taken as it is given. */
export interface Subnet extends Properties {
  name?: string;
  addressPrefix?: string;
  addressPrefixes?: string[];
  delegations?: { serviceName?: string }[];
  networkSecurityGroup?: Reference;
  natGateway?: Reference;
}

/** Ranges that no virtual network may have (Azure Virtual Network FAQ). */
const FORBIDDEN = ["127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32"];

/** The subnets whose names are Azure's: longest prefix that the service takes, and where that stands. */
const RESERVED: Readonly<Record<string, { prefix: number; source: string }>> = {
  AzureBastionSubnet: { prefix: 26, source: "About Azure Bastion configuration settings" },
  AzureFirewallManagementSubnet: { prefix: 26, source: "Azure Firewall Management NIC" },
  AzureFirewallSubnet: { prefix: 26, source: "Azure Firewall FAQ" },
  GatewaySubnet: { prefix: 27, source: "About VPN Gateway configuration settings" },
  RouteServerSubnet: { prefix: 26, source: "Azure Route Server FAQ" },
};

/** What Azure would refuse about the ranges of a network. */
export function spaceRefusals(inputs: Properties): Refusal[] {
  const property = "addressSpace.addressPrefixes";
  const prefixes = prefixesOf(inputs);
  return prefixes.flatMap((prefix, index) => {
    const range = parseCidr(prefix);
    if (!range || range.prefix < 2 || range.prefix > 29) {
      const reason = `"${prefix}" is no address range from /2 to /29 on its own boundary (InvalidCIDRNotation; Azure Virtual Network FAQ)`;
      return [{ property, reason }];
    }
    const forbidden = FORBIDDEN.find((each) => overlap(cidr(each), range));
    if (forbidden) {
      const reason = `"${prefix}" shares addresses with ${forbidden}, which no network may have (Azure Virtual Network FAQ)`;
      return [{ property, reason }];
    }
    const other = prefixes.slice(0, index).find((each) => overlaps(each, range));
    if (other === undefined) return [];
    return [{ property, reason: `"${prefix}" and "${other}" overlap (NetcfgAddressSpaceOverlap)` }];
  });
}

/** What Azure would refuse about a network's DNS servers. */
export function dnsRefusals(inputs: Properties): Refusal[] {
  const servers = (inputs.dhcpOptions as { dnsServers?: string[] } | undefined)?.dnsServers ?? [];
  return servers
    .filter((server) => !isIPv4(server))
    .map((server) => ({
      property: "dhcpOptions.dnsServers",
      reason: `"${server}" is no IPv4 address (InvalidIPAddressFormat)`,
    }));
}

/** What Azure would refuse about the subnets of a network, each by itself and beside the others. */
export function subnetRefusals(inputs: Properties): Refusal[] {
  const subnets = (inputs.subnets as Subnet[] | undefined) ?? [];
  const space = prefixesOf(inputs);
  return subnets.flatMap((subnet, index) => {
    const [refusal] = [
      ...ownRefusals(subnet),
      ...rangesOf(subnet).flatMap((prefix) => rangeRefusals(subnet.name ?? "", prefix, space)),
    ];
    if (refusal) return [{ property: `subnets[${index}].${refusal.property}`, reason: refusal.reason }];
    const other = subnets.slice(0, index).find((sibling) => clash(sibling, subnet));
    if (!other) return [];
    const [one, two] = [subnet, other].map((each) => `"${each.name}" (${rangesOf(each).join(", ")})`);
    const reason = `${one} has the name or addresses of ${two} (NetcfgSubnetRangesOverlap)`;
    return [{ property: `subnets[${index}]`, reason }];
  });
}

/** What Azure would refuse about what the subnets refer to. */
export function subnetReferenceRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const subnets = (inputs.subnets as Subnet[] | undefined) ?? [];
  return subnets.flatMap(({ networkSecurityGroup, natGateway }, index) => {
    const refused = (part: string, reference: Reference | undefined, type: string) =>
      referenceRefusals(`subnets[${index}].${part}`, reference, `Microsoft.Network/${type}`, cloud);
    return [
      ...refused("networkSecurityGroup", networkSecurityGroup, "networkSecurityGroups"),
      ...refused("natGateway", natGateway, "natGateways"),
    ];
  });
}

function ownRefusals(subnet: Subnet): Refusal[] {
  const { name = "", delegations = [] } = subnet;
  if (!/^[a-zA-Z0-9]([\w.-]{0,78}\w)?$/.test(name)) {
    const reason = `"${name}" is no subnet name: 1 to 80 letters, digits, '_', '-' and '.' (Naming rules and restrictions for Azure resources)`;
    return [{ property: "name", reason }];
  }
  if (rangesOf(subnet).length === 0) {
    return [{ property: "addressPrefix", reason: `"${name}" has no range (Subnets - Create Or Update)` }];
  }
  if (delegations.length > 1) {
    const services = delegations.map(({ serviceName }) => serviceName).join(", ");
    const reason = `"${name}" is delegated to ${services}; a subnet is delegated to one service (What is subnet delegation)`;
    return [{ property: "delegations", reason }];
  }
  const reserved = RESERVED[name] !== undefined;
  if (reserved && delegations.length > 0) {
    const reason = `"${name}" is Azure's own and cannot be delegated (What is subnet delegation)`;
    return [{ property: "delegations", reason }];
  }
  if (name === "GatewaySubnet" && subnet.networkSecurityGroup !== undefined) {
    const reason = "a gateway's subnet takes no network security group (About VPN Gateway configuration settings)";
    return [{ property: "networkSecurityGroup", reason }];
  }
  if (name === "GatewaySubnet" && subnet.natGateway !== undefined) {
    const reason = "a gateway's subnet takes no NAT gateway (What is Azure NAT Gateway, limitations)";
    return [{ property: "natGateway", reason }];
  }
  return [];
}

function rangeRefusals(name: string, prefix: string, space: string[]): Refusal[] {
  const property = "addressPrefix";
  const range = parseCidr(prefix);
  if (!range || range.prefix > 29) {
    const reason = `"${prefix}" is no range of /29 or larger: Azure keeps five addresses of each subnet (Azure Virtual Network FAQ)`;
    return [{ property, reason }];
  }
  const reserved = RESERVED[name];
  if (reserved && range.prefix > reserved.prefix) {
    const reason = `"${prefix}" is smaller than /${reserved.prefix}, which ${name} needs (${reserved.source})`;
    return [{ property, reason }];
  }
  const outer = space.map(parseCidr).filter((each) => each !== undefined);
  if (outer.length === 0 || outer.some((each) => contains(each, range))) return [];
  return [
    { property, reason: `"${prefix}" is not inside the network's ranges ${space.join(", ")} (NetcfgInvalidSubnet)` },
  ];
}

function clash(one: Subnet, other: Subnet): boolean {
  if (one.name?.toLowerCase() === other.name?.toLowerCase()) return true;
  const ranges = rangesOf(other)
    .map(parseCidr)
    .filter((range) => range !== undefined);
  return rangesOf(one).some((prefix) => ranges.some((range) => overlaps(prefix, range)));
}

function overlaps(prefix: string, range: Cidr): boolean {
  const theirs = parseCidr(prefix);
  return theirs !== undefined && overlap(theirs, range);
}

/** The IPv4 ranges of the network; those of IPv6 are taken as they are given. */
function prefixesOf(inputs: Properties): string[] {
  const prefixes = (inputs.addressSpace as { addressPrefixes?: string[] } | undefined)?.addressPrefixes ?? [];
  return prefixes.filter((prefix) => !prefix.includes(":"));
}

/** The IPv4 ranges of a subnet, which has one or, beside IPv6, a list. */
function rangesOf({ addressPrefix, addressPrefixes = [] }: Subnet): string[] {
  return [...(addressPrefix === undefined ? [] : [addressPrefix]), ...addressPrefixes].filter(
    (prefix) => !prefix.includes(":"),
  );
}
