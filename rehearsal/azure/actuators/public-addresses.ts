import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator, GROUP, inGroup, regionIn } from "./arm.ts";
import { inUse, type Reference, referenceRefusals } from "./references.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

export const NETWORK_NAME = {
  pattern: /^[a-zA-Z0-9]([\w.-]{0,78}\w)?$/,
  rule: "1 to 80 letters, digits, '_', '-' and '.', beginning with a letter or digit and ending with one or '_' (Naming rules and restrictions for Azure resources)",
  auto: "suffix" as const,
};

const ADDRESSES = "Microsoft.Network/publicIPAddresses";

/** azure-native:network:PublicIPAddress */
export const publicAddress = armActuator({
  id: (inputs, cloud) => inGroup(cloud, inputs.resourceGroupName, `${ADDRESSES}/${inputs.publicIpAddressName}`),
  name: { property: "publicIpAddressName", ...NETWORK_NAME },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["zones", "publicIPAddressVersion", "publicIPPrefix"],
  check: addressRefusals,
  outputs: (inputs, _id, cloud) => ({
    ipAddress: freeAddress(cloud),
    dnsSettings: inputs.dnsSettings && { ...(inputs.dnsSettings as object), fqdn: fqdnOf(inputs, cloud) },
    ipConfiguration: undefined,
    provisioningState: "Succeeded",
    resourceGuid: crypto.randomUUID(),
  }),
  keeps: (id, cloud) =>
    inUse(
      id,
      ["Microsoft.Network/natGateways", "Microsoft.Network/loadBalancers", "Microsoft.Network/virtualNetworkGateways"],
      "PublicIPAddressCannotBeDeleted",
      cloud,
    ),
});

/** azure-native:network:NatGateway */
export const natGateway = armActuator({
  id: (inputs, cloud) =>
    inGroup(cloud, inputs.resourceGroupName, `Microsoft.Network/natGateways/${inputs.natGatewayName}`),
  name: { property: "natGatewayName", ...NETWORK_NAME },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["zones", "sku"],
  check: gatewayRefusals,
  outputs: () => ({ provisioningState: "Succeeded", resourceGuid: crypto.randomUUID() }),
  keeps: (id, cloud) => inUse(id, ["Microsoft.Network/virtualNetworks"], "InUseNatGatewayCannotBeDeleted", cloud),
});

/** The name under which a public address answers; undefined without a label. */
export function fqdnOf(inputs: Properties, cloud: AzureCloud): string | undefined {
  const label = labelOf(inputs);
  const region = String(regionIn(inputs, cloud)).replaceAll(" ", "").toLowerCase();
  return label && `${label}.${region}.cloudapp.azure.com`;
}

function labelOf({ dnsSettings }: Properties): string | undefined {
  return (dnsSettings as { domainNameLabel?: string } | undefined)?.domainNameLabel;
}

/** One of the addresses that are kept for documentation (RFC 5737), and that nobody has yet. */
function freeAddress({ resources }: AzureCloud): string {
  const taken = new Set(resources.list(ADDRESSES).map(({ properties }) => properties.ipAddress));
  for (let last = 1; last < 255; last++) if (!taken.has(`203.0.113.${last}`)) return `203.0.113.${last}`;
  throw new Error("the local Azure has no room for another public address");
}

function addressRefusals(inputs: Properties, cloud: AzureCloud, former: Properties | undefined): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (property: string, reason: string) => refusals.push({ property, reason });
  const sku = (inputs.sku as { name?: string } | undefined)?.name;
  const standard = sku === "Standard" || sku === "StandardV2";
  if (!standard) {
    refuse(
      "sku.name",
      `found ${sku ?? "none, which is Basic"}; Basic was retired, take Standard (Public IP addresses)`,
    );
  }
  if (standard && inputs.publicIPAllocationMethod !== "Static") {
    const found = inputs.publicIPAllocationMethod ?? "none, which is Dynamic";
    refuse("publicIPAllocationMethod", `found ${found}; ${sku} addresses are Static (Public IP addresses)`);
  }
  const minutes = inputs.idleTimeoutInMinutes;
  if (minutes !== undefined && !(Number(minutes) >= 4 && Number(minutes) <= 30)) {
    refuse("idleTimeoutInMinutes", `${minutes} minutes; expected 4 to 30 (Public IP addresses)`);
  }
  const label = labelOf(inputs);
  if (label === undefined) return refusals;
  if (!/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/.test(label)) {
    const reason = `"${label}" is no label: 3 to 63 lowercase letters, digits and hyphens, beginning with a letter (InvalidDomainNameLabel)`;
    refuse("dnsSettings.domainNameLabel", reason);
  }
  const fqdn = fqdnOf(inputs, cloud);
  const taken = cloud.resources
    .list(ADDRESSES)
    .some(({ properties }) => (properties.dnsSettings as { fqdn?: string } | undefined)?.fqdn === fqdn);
  if (taken && (former === undefined || labelOf(former) !== label)) {
    refuse("dnsSettings.domainNameLabel", `${fqdn} is taken (DnsRecordInUse)`);
  }
  return refusals;
}

function gatewayRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const refusals: Refusal[] = [];
  const { sku, zones, idleTimeoutInMinutes: minutes } = inputs;
  const name = (sku as { name?: string } | undefined)?.name;
  if (name !== undefined && name !== "Standard" && name !== "StandardV2") {
    refusals.push({
      property: "sku.name",
      reason: `"${name}" is no SKU: Standard or StandardV2 (Azure NAT Gateway SKUs)`,
    });
  }
  if (name === "Standard" && ((zones as string[] | undefined)?.length ?? 0) > 1) {
    const reason = "a Standard NAT gateway is in one zone or in none (NAT gateway and availability zones)";
    refusals.push({ property: "zones", reason });
  }
  if (minutes !== undefined && !(Number(minutes) >= 4 && Number(minutes) <= 120)) {
    const reason = `${minutes} minutes; expected 4 to 120 (Azure NAT Gateway resource)`;
    refusals.push({ property: "idleTimeoutInMinutes", reason });
  }
  const references = (inputs.publicIpAddresses as Reference[] | undefined) ?? [];
  return [
    ...refusals,
    ...references.flatMap((each, index) => referenceRefusals(`publicIpAddresses[${index}]`, each, ADDRESSES, cloud)),
  ];
}
