import { cidr } from "../../components/cidr.ts";
import { byId, ofType, type Properties, type StateResource } from "./state.ts";
import { INSIDE_PREFIX, type TunnelEnd, wordOf } from "./tunnel-end.ts";

const CONNECTION = "azure-native:network:VirtualNetworkGatewayConnection";
const GATEWAY = "azure-native:network:VirtualNetworkGateway";
const FAR_END = "azure-native:network:LocalNetworkGateway";
const ADDRESS = "azure-native:network:PublicIPAddress";

/** Azure's words ("About cryptographic requirements and Azure VPN gateways"), which differ by phase. */
const IKE_ENCRYPTIONS = { AES256: "aes256", GCMAES256: "aes256gcm16" };
const IKE_INTEGRITIES = { SHA256: "sha256", SHA384: "sha384" };
const IKE_GROUPS = { DHGroup14: "modp2048", ECP384: "ecp384" };
const ESP_ENCRYPTIONS = { AES256: "aes256", GCMAES256: "aes256gcm16" };
const ESP_INTEGRITIES = { SHA256: "sha256", GCMAES256: "" };
const PFS_GROUPS = { PFS2048: "modp2048", ECP256: "ecp256", ECP384: "ecp384" };

/** Seconds that phase 1 lasts at Azure, whatever it is told ("About cryptographic requirements"). */
const IKE_SECONDS = 28_800;

/** Seconds that Azure's BGP waits for a word ("About BGP and VPN Gateway"); AWS's 30 are less, and count. */
const HOLD_SECONDS = 180;

/**
 * Azure's ends of all tunnels, from nothing but what Azure was told and what it told back.
 *
 * Both instances of the gateway try each connection. AWS's end knows one of them alone, the one whose address inside
 * lies beside its own; the other one's tries stay without an answer, and are left out here.
 *
 * @param resources the state of the stack that has them
 */
export function azureEnds(resources: readonly StateResource[]): TunnelEnd[] {
  return ofType(resources, CONNECTION).map(({ name, inputs }) => {
    if (inputs.connectionProtocol !== "IKEv2") {
      throw new Error(`${name} speaks ${inputs.connectionProtocol}; expected IKEv2, which AWS's end is told too`);
    }
    const gateway = byId(resources, GATEWAY, inputs.virtualNetworkGateway1.id);
    const far = byId(resources, FAR_END, inputs.localNetworkGateway2.id).inputs;
    const { ipConfigurationId, customBgpIpAddress } = ownAddress(name, inputs, far.bgpSettings.bgpPeeringAddress);
    requireAddress(gateway, ipConfigurationId, customBgpIpAddress);
    const policy = inputs.ipsecPolicies[0];
    return {
      name,
      outside: { own: publicAddress(gateway, ipConfigurationId, resources), far: far.gatewayIpAddress },
      inside: { own: customBgpIpAddress, far: far.bgpSettings.bgpPeeringAddress },
      asn: { own: Number(gateway.inputs.bgpSettings.asn), far: Number(far.bgpSettings.asn) },
      key: inputs.sharedKey,
      ike: [ikeProposal(name, policy)],
      esp: [espProposal(name, policy)],
      ikeSeconds: IKE_SECONDS,
      espSeconds: policy.saLifeTimeSeconds,
      espBytes: policy.saDataSizeKilobytes * 1024,
      dpdSeconds: inputs.dpdTimeoutSeconds,
      // Either end may begin in the mode that a connection has by default; AWS's end is told to, so one is enough.
      begins: inputs.connectionMode === "InitiatorOnly",
      holdSeconds: HOLD_SECONDS,
    };
  });
}

function ownAddress(name: string, { gatewayCustomBgpIpAddresses: own = [] }: Properties, far: string): Properties {
  const beside = (own as Properties[]).find(({ customBgpIpAddress }) => net(customBgpIpAddress) === net(far));
  if (beside) return beside;
  const found = (own as Properties[]).map(({ customBgpIpAddress }) => customBgpIpAddress).join(", ") || "none";
  throw new Error(`${name}: expected an own address in the /${INSIDE_PREFIX} of AWS's ${far}, found ${found}`);
}

/** Whoever connects from an address that the gateway itself was not told of has another one once Azure looks again. */
function requireAddress({ name, inputs }: StateResource, configuration: string, address: string): void {
  const told = (inputs.bgpSettings.bgpPeeringAddresses ?? []) as Properties[];
  const own = told.find(({ ipconfigurationId }) => ipconfigurationId === configuration)?.customBgpIpAddresses ?? [];
  if (own.includes(address)) return;
  throw new Error(
    `${name}: expected ${address} among its addresses for BGP of ${configuration}, found ${own.join(", ") || "none"}`,
  );
}

function net(address: string): number {
  return Math.floor(cidr(`${address}/32`).address / 2 ** (32 - INSIDE_PREFIX));
}

/** Of the instance with that configuration. */
function publicAddress(gateway: StateResource, configuration: string, resources: readonly StateResource[]): string {
  const found = (gateway.inputs.ipConfigurations as Properties[]).find(({ name }) =>
    configuration.toLowerCase().endsWith(`/ipconfigurations/${String(name).toLowerCase()}`),
  );
  return byId(resources, ADDRESS, found?.publicIPAddress.id).outputs.ipAddress;
}

function ikeProposal(name: string, { ikeEncryption, ikeIntegrity, dhGroup }: Properties): string {
  const cipher = wordOf(IKE_ENCRYPTIONS, ikeEncryption, `${name}, ikeEncryption`);
  const proof = wordOf(IKE_INTEGRITIES, ikeIntegrity, `${name}, ikeIntegrity`);
  const group = wordOf(IKE_GROUPS, dhGroup, `${name}, dhGroup`);
  // A cipher that proves by itself uses the other one for deriving keys alone.
  return [cipher, cipher.includes("gcm") ? `prf${proof}` : proof, group].join("-");
}

function espProposal(name: string, { ipsecEncryption, ipsecIntegrity, pfsGroup }: Properties): string {
  const cipher = wordOf(ESP_ENCRYPTIONS, ipsecEncryption, `${name}, ipsecEncryption`);
  const proof = wordOf(ESP_INTEGRITIES, ipsecIntegrity, `${name}, ipsecIntegrity`);
  const group = wordOf(PFS_GROUPS, pfsGroup, `${name}, pfsGroup`);
  return [cipher, proof, group].filter(Boolean).join("-");
}
