import { isIPv4 } from "node:net";
import { type Cidr, cidr, contains, parseCidr } from "../../../components/cidr.ts";
import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import type { Subnet } from "./network-checks.ts";
import { NETWORK_NAME } from "./public-addresses.ts";
import { type Reference, referenceRefusals } from "./references.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

const RESOLVERS = "Microsoft.Network/dnsResolvers";
const ENDPOINTS = `${RESOLVERS}/inboundEndpoints`;
const NETWORKS = "Microsoft.Network/virtualNetworks";

const SOURCE = "(What is Azure DNS Private Resolver, restrictions)";

/** Addresses at the beginning of a subnet that Azure keeps (Azure Virtual Network FAQ); of its end, one. */
const KEPT = 4;

const RESOLVER = {
  property: "dnsResolverName",
  id: (inputs: Properties, cloud: AzureCloud) =>
    inGroup(cloud, inputs.resourceGroupName, `${RESOLVERS}/${inputs.dnsResolverName}`),
};

/** What both types have in common. */
const COMMON = { regional: true, longestTagName: LONGEST_TAG_NAME } as const;

/** azure-native:dnsresolver:DnsResolver */
export const dnsResolver = armActuator({
  ...COMMON,
  id: RESOLVER.id,
  parent: GROUP,
  name: { property: "dnsResolverName", ...NETWORK_NAME },
  replaceOn: ["virtualNetwork"],
  check: resolverRefusals,
  outputs: () => ({ dnsResolverState: "Connected", provisioningState: "Succeeded", resourceGuid: crypto.randomUUID() }),
  keeps: (id, { resources }) => {
    const endpoint = resources.list(ENDPOINTS).find((each) => each.id.toLowerCase().startsWith(`${id.toLowerCase()}/`));
    return endpoint && `${id} has ${endpoint.id} (CannotDeleteResource: nested resources)`;
  },
});

/** azure-native:dnsresolver:InboundEndpoint. Names of the local clouds lead to this machine without it. */
export const inboundEndpoint = armActuator({
  ...COMMON,
  id: (inputs, cloud) => `${RESOLVER.id(inputs, cloud)}/inboundEndpoints/${inputs.inboundEndpointName}`,
  parent: RESOLVER,
  name: { property: "inboundEndpointName", ...NETWORK_NAME },
  replaceOn: ["ipConfigurations"],
  check: endpointRefusals,
  outputs: () => ({ provisioningState: "Succeeded", resourceGuid: crypto.randomUUID() }),
});

function resolverRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const network = inputs.virtualNetwork as Reference | undefined;
  const missing = referenceRefusals("virtualNetwork", network, NETWORKS, cloud);
  if (missing.length > 0 || network?.id === undefined) return missing;
  const own = `/${inputs.dnsResolverName}`;
  const other = cloud.resources
    .list(RESOLVERS)
    .find(({ id, properties }) => !id.endsWith(own) && sameId(properties.virtualNetwork, network));
  return other
    ? [
        {
          property: "virtualNetwork",
          reason: `${network.id} has the resolver ${other.id} already: one at most ${SOURCE}`,
        },
      ]
    : [];
}

interface IpConfiguration {
  privateIpAddress?: string;
  privateIpAllocationMethod?: string;
  subnet?: Reference;
}

function endpointRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const configurations = (inputs.ipConfigurations ?? []) as IpConfiguration[];
  const resolver = cloud.resources.get(RESOLVER.id(inputs, cloud));
  const network = (resolver?.properties.virtualNetwork as Reference | undefined)?.id;
  return configurations.flatMap((configuration, index) => {
    const refuse = (part: string, reason: string) => [{ property: `ipConfigurations[${index}].${part}`, reason }];
    const id = configuration.subnet?.id;
    if (id === undefined || network === undefined) return [];
    if (!id.toLowerCase().startsWith(`${network.toLowerCase()}/subnets/`)) {
      return refuse("subnet", `${id} is not in ${network}, the resolver's network ${SOURCE}`);
    }
    const subnet = subnetOf(network, id, cloud);
    if (!subnet) return refuse("subnet", `there is no subnet ${id} (InvalidResourceReference)`);
    const [reason] = subnetReasons(subnet);
    if (reason) return refuse("subnet", `${id} ${reason} ${SOURCE}`);
    const wrong = addressReason(configuration, cidr(String(subnet.addressPrefix)));
    return wrong ? refuse("privateIpAddress", `${wrong} (Azure DNS Private Resolver endpoints and rulesets)`) : [];
  });
}

function subnetOf(network: string, id: string, { resources }: AzureCloud): Subnet | undefined {
  const subnets = (resources.get(network)?.properties.subnets ?? []) as Subnet[];
  return subnets.find(({ name }) => id.toLowerCase() === `${network}/subnets/${name}`.toLowerCase());
}

function subnetReasons({ delegations = [], addressPrefix = "" }: Subnet): string[] {
  const { prefix = 0 } = parseCidr(addressPrefix) ?? {};
  const delegated = delegations.some(({ serviceName }) => serviceName === RESOLVERS);
  return [
    ...(delegated ? [] : [`is not delegated to ${RESOLVERS}`]),
    ...(prefix >= 24 && prefix <= 28 ? [] : [`has ${addressPrefix}; expected /24 to /28`]),
  ];
}

function addressReason(configuration: IpConfiguration, range: Cidr): string | undefined {
  const { privateIpAddress: address, privateIpAllocationMethod: method } = configuration;
  if (method !== "Static") return address && `${address} is given, and the method is ${method}; expected Static`;
  const given = address !== undefined && isIPv4(address) ? parseCidr(`${address}/32`) : undefined;
  if (!given || !contains(range, given)) return `"${address}" is no address of the subnet; Static wants one`;
  const place = given.address - range.address;
  const last = 2 ** (32 - range.prefix) - 1;
  return place < KEPT || place === last ? `${address} is one of those that Azure keeps of a subnet` : undefined;
}

function sameId(one: unknown, other: Reference): boolean {
  return (one as Reference | undefined)?.id?.toLowerCase() === other.id?.toLowerCase();
}
