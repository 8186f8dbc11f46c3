import { byId, ofType, type Properties, type StateResource } from "./state.ts";
import { type TunnelEnd, wordOf } from "./tunnel-end.ts";

const CONNECTION = "aws:ec2/vpnConnection:VpnConnection";
const TRANSIT = "aws:ec2transitgateway/transitGateway:TransitGateway";
const CUSTOMER = "aws:ec2/customerGateway:CustomerGateway";

/** AWS's words ("Tunnel options"); the ones that prove what they encrypt need no word for that. */
const ENCRYPTIONS = { AES256: "aes256", "AES256-GCM-16": "aes256gcm16" };
const INTEGRITIES = { "SHA2-256": "sha256", "SHA2-384": "sha384" };
const GROUPS = { 14: "modp2048", 20: "ecp384" };

/**
 * AWS's ends of all tunnels, from nothing but what AWS was told and what it told back.
 *
 * @param resources the state of the stack that has them
 */
export function awsEnds(resources: readonly StateResource[]): TunnelEnd[] {
  return ofType(resources, CONNECTION).flatMap((connection) => [
    endOf(connection, 1, resources),
    endOf(connection, 2, resources),
  ]);
}

/** Whether AWS's gateway sends by all tunnels at once: a transit gateway that was told so. Others send by one. */
export function spreads(resources: readonly StateResource[]): boolean {
  return ofType(resources, TRANSIT).some(({ inputs }) => inputs.vpnEcmpSupport === "enable");
}

function endOf(connection: StateResource, number: 1 | 2, resources: readonly StateResource[]): TunnelEnd {
  const { inputs, outputs } = connection;
  const told = (option: string) => inputs[`tunnel${number}${option}`];
  const tells = (output: string) => outputs[`tunnel${number}${output}`];
  const customer = byId(resources, CUSTOMER, inputs.customerGatewayId).inputs;
  const name = `${connection.name}-tunnel-${number}`;
  if (String(told("IkeVersions")) !== "ikev2") {
    throw new Error(`${name} takes ${told("IkeVersions")}; expected ikev2 alone, which Azure's end is told too`);
  }
  return {
    name,
    outside: { own: tells("Address"), far: customer.ipAddress },
    inside: { own: tells("VgwInsideAddress"), far: tells("CgwInsideAddress") },
    asn: { own: Number(tells("BgpAsn")), far: Number(customer.bgpAsn) },
    key: told("PresharedKey"),
    ...proposals(name, told),
    ikeSeconds: told("Phase1LifetimeSeconds"),
    espSeconds: told("Phase2LifetimeSeconds"),
    espBytes: undefined,
    dpdSeconds: told("DpdTimeoutSeconds"),
    begins: told("StartupAction") === "start" && told("DpdTimeoutAction") === "restart",
    holdSeconds: Number(tells("BgpHoldtime")),
  };
}

/** All that it takes: each of its ciphers with each of its proofs and each of its groups. */
function proposals(name: string, told: (option: string) => Properties[string]): Pick<TunnelEnd, "ike" | "esp"> {
  const of = (phase: 1 | 2) => {
    const words = (option: string, known: Record<string, string>) =>
      (told(`Phase${phase}${option}`) as (string | number)[]).map((each) => wordOf(known, each, `${name}, ${option}`));
    const [ciphers, proofs] = [words("EncryptionAlgorithms", ENCRYPTIONS), words("IntegrityAlgorithms", INTEGRITIES)];
    const groups = words("DhGroupNumbers", GROUPS);
    const all = ciphers.flatMap((cipher) =>
      proofs.flatMap((proof) => groups.map((group) => [cipher, proofFor(cipher, proof, phase), group])),
    );
    return [...new Set(all.map((parts) => parts.filter(Boolean).join("-")))];
  };
  return { ike: of(1), esp: of(2) };
}

/** With a cipher that proves by itself, phase 1 uses the proof for deriving keys alone, and phase 2 not at all. */
function proofFor(cipher: string, proof: string, phase: 1 | 2): string {
  if (!cipher.includes("gcm")) return proof;
  return phase === 1 ? `prf${proof}` : "";
}
