import { type Finding, unknown, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { at, ofType, type Resource, UNKNOWN } from "./kit/resource.ts";
import { type Crypto, inOneTongue, isCombined } from "./kit/vpn-words.ts";

const AWS = "aws:ec2/vpnConnection:VpnConnection";
const AZURE = "azure-native:network:VirtualNetworkGatewayConnection";
const TUNNELS = [1, 2] as const;

/** Azure's phase 1 begins anew after so many seconds, and no connection says otherwise. */
const AZURE_IKE_SECONDS = 28_800;

/** What AWS is told, without `tunnel1` or `tunnel2` before it. */
const AWS_OPTIONS: Record<keyof Crypto, string> = {
  ikeEncryption: "Phase1EncryptionAlgorithms",
  ikeIntegrity: "Phase1IntegrityAlgorithms",
  ikeGroup: "Phase1DhGroupNumbers",
  ikeSeconds: "Phase1LifetimeSeconds",
  ipsecEncryption: "Phase2EncryptionAlgorithms",
  ipsecIntegrity: "Phase2IntegrityAlgorithms",
  ipsecGroup: "Phase2DhGroupNumbers",
  ipsecSeconds: "Phase2LifetimeSeconds",
};

/** What Azure is told, in a policy of a connection; what it is not told is its own. */
const AZURE_OPTIONS: Record<Exclude<keyof Crypto, "ikeSeconds">, string> = {
  ikeEncryption: "ikeEncryption",
  ikeIntegrity: "ikeIntegrity",
  ikeGroup: "dhGroup",
  ipsecEncryption: "ipsecEncryption",
  ipsecIntegrity: "ipsecIntegrity",
  ipsecGroup: "pfsGroup",
  ipsecSeconds: "saLifeTimeSeconds",
};

/** One end of a tunnel. */
interface End {
  resource: Resource;
  /** What it is called in messages. @example "tunnel1" */
  what: string;
  crypto: Crypto;
}

/**
 * Both ends of each tunnel encrypt alike, with one choice of each. A tunnel whose phase 2 groups differ comes up, is green
 * for an hour and goes down at the first new keys; two lists may agree on the weakest. Which of AWS's tunnels meets which
 * of Azure's connections is decided by addresses that nobody knows beforehand, so all are compared with all.
 *
 * Severity: high. Reference: AWS Site-to-Site VPN User Guide, Tunnel options; Azure VPN Gateway, About cryptographic
 * requirements.
 */
export const vpnCryptoEqual = policy(
  {
    name: "vpn-crypto-equal",
    description: "Both ends of each tunnel encrypt alike, with one choice of each.",
    enforcementLevel: "mandatory",
    severity: "high",
    mend: "Render both ends from one profile (components/vpn/crypto-profile.ts).",
  },
  {
    stack: (resources) => {
      const ends = [...ofType(resources, AWS).flatMap(awsEnds), ...ofType(resources, AZURE).flatMap(azureEnds)];
      const sides = new Set(ends.map(({ resource }) => resource.type));
      const findings = [...ends.flatMap(chosen), ...ofType(resources, AZURE).flatMap(unsaid)];
      return sides.size < 2 ? findings : [...findings, ...compared(ends)];
    },
  },
);

function awsEnds(resource: Resource): End[] {
  return TUNNELS.map((tunnel) => ({
    resource,
    what: `tunnel${tunnel}`,
    crypto: cryptoOf((part) => at(resource, `tunnel${tunnel}${AWS_OPTIONS[part]}`)),
  }));
}

function azureEnds(resource: Resource): End[] {
  const policies = at(resource, "ipsecPolicies");
  if (policies === UNKNOWN) return [{ resource, what: "ipsecPolicies", crypto: cryptoOf(() => UNKNOWN) }];
  if (!Array.isArray(policies)) return [];
  return policies.map((policy) => ({
    resource,
    what: "ipsecPolicies",
    crypto: cryptoOf((part) => (part === "ikeSeconds" ? AZURE_IKE_SECONDS : policy?.[AZURE_OPTIONS[part]])),
  }));
}

const UNSAID = "";
const LATER = "not known";

function cryptoOf(read: (part: keyof Crypto) => unknown): Crypto {
  const parts = Object.keys(AWS_OPTIONS) as (keyof Crypto)[];
  return Object.fromEntries(parts.map((part) => [part, wordsOf(read(part))])) as unknown as Crypto;
}

function wordsOf(value: unknown): string[] {
  if (value === UNKNOWN) return [LATER];
  const words = [value ?? UNSAID].flat();
  return words.includes(UNKNOWN) ? [LATER] : words.map(inOneTongue);
}

/** One choice of each, which is said: what a cloud would take by itself, it may change. */
function chosen({ resource, what, crypto }: End): Finding[] {
  return Object.entries(crypto).flatMap(([part, words]: [string, string[]]) => {
    const [word] = words;
    if (word === LATER) return [unknown(resource, `${what} ${part}`)];
    if (words.length === 1 && word !== UNSAID && word !== "none") return [];
    const found = words.length > 1 ? `has several choices of ${part} (${words.join(", ")})` : `has no ${part}`;
    return [wrong(resource, `${found} in ${what}; write exactly one, the same at both ends`)];
  });
}

function unsaid(resource: Resource): Finding[] {
  const policies = at(resource, "ipsecPolicies");
  if (policies === UNKNOWN || (Array.isArray(policies) && policies.length === 1)) return [];
  return [wrong(resource, "leaves its encryption to Azure; write ipsecPolicies with one policy")];
}

function compared([first, ...others]: readonly End[]): Finding[] {
  if (!first) return [];
  return others.flatMap((other) => differences(first, other));
}

function differences(first: End, other: End): Finding[] {
  const parts = Object.keys(first.crypto) as (keyof Crypto)[];
  return parts
    .filter((part) => counts(part, first, other))
    .flatMap((part) => {
      const [one, two] = [first.crypto[part].join(), other.crypto[part].join()];
      if (one === two || [one, two].some((word) => word === LATER || word === UNSAID)) return [];
      const expected = `${first.resource.name} has ${one} in ${first.what}`;
      return [
        wrong(other.resource, `has ${part} ${two} in ${other.what}, and ${expected}; write the same at both ends`),
      ];
    });
}

/** Azure wants the encryption's own word again as the integrity where one proves the other, and AWS wants another. */
function counts(part: keyof Crypto, ...ends: End[]): boolean {
  return part !== "ipsecIntegrity" || !ends.every(({ crypto }) => crypto.ipsecEncryption.every(isCombined));
}
