import { isIPv4 } from "node:net";
import { cidr, contains } from "../../../components/cidr.ts";
import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { type Reference, referenceRefusals } from "./references.ts";

export const GATEWAYS = "Microsoft.Network/virtualNetworkGateways";
export const FAR_ENDS = "Microsoft.Network/localNetworkGateways";

/** Numbers that Azure keeps (About BGP and VPN Gateway). */
const RESERVED_ASNS = [8074, 8075, 12_076, 65_515, 65_517, 65_518, 65_519, 65_520];

/** Addresses of its own that a gateway may have for BGP. */
const APIPA = [cidr("169.254.21.0/24"), cidr("169.254.22.0/24")];

/** What a policy is chosen from, by part (About cryptographic requirements and Azure VPN gateways). */
const CHOICES: Record<string, readonly string[]> = {
  ikeEncryption: ["DES", "DES3", "AES128", "AES192", "AES256", "GCMAES128", "GCMAES256"],
  ikeIntegrity: ["MD5", "SHA1", "SHA256", "SHA384", "GCMAES128", "GCMAES256"],
  dhGroup: ["None", "DHGroup1", "DHGroup2", "DHGroup14", "DHGroup2048", "DHGroup24", "ECP256", "ECP384"],
  ipsecEncryption: ["None", "DES", "DES3", "AES128", "AES192", "AES256", "GCMAES128", "GCMAES192", "GCMAES256"],
  ipsecIntegrity: ["MD5", "SHA1", "SHA256", "GCMAES128", "GCMAES192", "GCMAES256"],
  pfsGroup: ["None", "PFS1", "PFS2", "PFS14", "PFS2048", "PFS24", "PFSMM", "ECP256", "ECP384"],
};

interface IpConfiguration {
  name?: string;
  publicIPAddress?: Reference;
  subnet?: Reference;
}

interface BgpSettings {
  asn?: number;
  bgpPeeringAddress?: string;
  bgpPeeringAddresses?: { ipconfigurationId?: string; customBgpIpAddresses?: string[] }[];
}

/** What Azure would refuse about a gateway. */
export function gatewayRefusals(
  inputs: Properties,
  cloud: AzureCloud,
  _former: Properties | undefined,
  unknown: ReadonlySet<string>,
): Refusal[] {
  const configurations = (inputs.ipConfigurations ?? []) as IpConfiguration[];
  const refusals = configurations.flatMap(({ publicIPAddress, subnet }, index) => {
    const property = `ipConfigurations[${index}]`;
    const wrong = subnet?.id !== undefined && !subnet.id.endsWith("/subnets/GatewaySubnet");
    const reason = `${subnet?.id} is none: a gateway stands in the subnet GatewaySubnet (About VPN Gateway configuration settings)`;
    const type = "Microsoft.Network/publicIPAddresses";
    return [
      ...referenceRefusals(`${property}.publicIPAddress`, publicIPAddress, type, cloud),
      ...(wrong ? [{ property: `${property}.subnet`, reason }] : []),
    ];
  });
  const sku = (inputs.sku as { name?: string } | undefined)?.name ?? "";
  if (inputs.gatewayType === "Vpn" && !/^VpnGw[1-5]AZ$/.test(sku)) {
    const reason = `found ${sku || "none"}; VpnGw1AZ to VpnGw5AZ: others are no longer made (About gateway SKUs)`;
    refusals.push({ property: "sku.name", reason });
  }
  if (inputs.vpnGatewayGeneration === "Generation2" && sku === "VpnGw1AZ") {
    refusals.push({ property: "vpnGatewayGeneration", reason: "VpnGw1AZ is of Generation1 only (About gateway SKUs)" });
  }
  if (inputs.activeActive === true && configurations.length < 2 && !unknown.has("ipConfigurations")) {
    const reason = `${configurations.length} of them; an active-active gateway has two (About active-active mode)`;
    refusals.push({ property: "ipConfigurations", reason });
  }
  return [...refusals, ...bgpRefusals(inputs.bgpSettings as BgpSettings | undefined)];
}

/** What Azure would refuse about what it is told of the other end. */
export function farEndRefusals(inputs: Properties): Refusal[] {
  const address = inputs.gatewayIpAddress;
  const wrong = typeof address === "string" && !isIPv4(address);
  const reason = `"${address}" is no IPv4 address (Local Network Gateways - Create Or Update)`;
  return [
    ...(wrong ? [{ property: "gatewayIpAddress", reason }] : []),
    ...bgpRefusals(inputs.bgpSettings as BgpSettings | undefined),
  ];
}

/** What Azure would refuse about a connection. */
export function connectionRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const gateway = inputs.virtualNetworkGateway1 as Reference | undefined;
  const farEnd = inputs.localNetworkGateway2 as Reference | undefined;
  const refusals = [
    ...referenceRefusals("virtualNetworkGateway1", gateway, GATEWAYS, cloud),
    ...referenceRefusals("localNetworkGateway2", farEnd, FAR_ENDS, cloud),
    ...ownAddressRefusals(inputs, gateway?.id, cloud),
    ...((inputs.ipsecPolicies ?? []) as Properties[]).flatMap(policyRefusals),
  ];
  const key = inputs.sharedKey;
  if (typeof key === "string" && !/^[\x21-\x7e]{1,128}$/.test(key)) {
    const reason = "1 to 128 printable ASCII characters are expected (Virtual Network Gateway Connections)";
    refusals.push({ property: "sharedKey", reason });
  }
  const dpd = inputs.dpdTimeoutSeconds;
  if (dpd !== undefined && !(Number(dpd) >= 9 && Number(dpd) <= 3600)) {
    refusals.push({ property: "dpdTimeoutSeconds", reason: `${dpd} seconds; expected 9 to 3600 (VPN Gateway FAQ)` });
  }
  return refusals;
}

/** A connection takes its addresses from those that its gateway has. */
function ownAddressRefusals(inputs: Properties, gatewayId: string | undefined, cloud: AzureCloud): Refusal[] {
  const named = (inputs.gatewayCustomBgpIpAddresses ?? []) as {
    ipConfigurationId?: string;
    customBgpIpAddress?: string;
  }[];
  const settings = gatewayId && (cloud.resources.get(gatewayId)?.properties.bgpSettings as BgpSettings | undefined);
  if (!settings) return [];
  return named.flatMap(({ ipConfigurationId, customBgpIpAddress = "" }, index) => {
    const own = settings.bgpPeeringAddresses?.find(({ ipconfigurationId }) => ipconfigurationId === ipConfigurationId);
    if (own?.customBgpIpAddresses?.includes(customBgpIpAddress)) return [];
    const reason = `${customBgpIpAddress} is none of the gateway's addresses at ${ipConfigurationId} (How to configure BGP for Azure VPN Gateway)`;
    return [{ property: `gatewayCustomBgpIpAddresses[${index}]`, reason }];
  });
}

function bgpRefusals(settings: BgpSettings | undefined): Refusal[] {
  if (!settings) return [];
  const refusals: Refusal[] = [];
  if (settings.asn !== undefined && RESERVED_ASNS.includes(settings.asn)) {
    refusals.push({
      property: "bgpSettings.asn",
      reason: `${settings.asn} is Azure's own (About BGP and VPN Gateway)`,
    });
  }
  const addresses = (settings.bgpPeeringAddresses ?? []).flatMap(
    ({ customBgpIpAddresses = [] }) => customBgpIpAddresses,
  );
  for (const address of addresses) {
    if (isIPv4(address) && APIPA.some((range) => contains(range, cidr(`${address}/32`)))) continue;
    const reason = `"${address}" is none of 169.254.21.0 to 169.254.22.255 (About BGP and VPN Gateway)`;
    refusals.push({ property: "bgpSettings.bgpPeeringAddresses", reason });
  }
  return refusals;
}

function policyRefusals(policy: Properties, index: number): Refusal[] {
  const property = `ipsecPolicies[${index}]`;
  const refusals = Object.entries(CHOICES)
    .filter(([part, choices]) => policy[part] !== undefined && !choices.includes(String(policy[part])))
    .map(([part, choices]) => ({
      property: `${property}.${part}`,
      reason: `found ${policy[part]}; one of ${choices.join(", ")} (About cryptographic requirements and Azure VPN gateways)`,
    }));
  const { ipsecEncryption, ipsecIntegrity } = policy;
  if (String(ipsecEncryption).startsWith("GCM") && ipsecIntegrity !== ipsecEncryption) {
    const reason = `found ${ipsecIntegrity} with ${ipsecEncryption}; GCM wants the same for both (About cryptographic requirements and Azure VPN gateways)`;
    refusals.push({ property: `${property}.ipsecIntegrity`, reason });
  }
  return refusals;
}
