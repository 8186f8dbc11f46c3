import { type Cidr, cidr, part, renderCidr } from "../cidr.ts";
import { isUsableAsn, PRIVATE_ASNS, RESERVED_ASNS } from "./asns.ts";
import type { CryptoProfile } from "./crypto-profile.ts";

/** The tunnels there are: two of AWS's to each of the two instances of Azure's gateway. */
export const TUNNEL_NAMES = ["tunnel-1", "tunnel-2", "tunnel-3", "tunnel-4"] as const;
export type TunnelName = (typeof TUNNEL_NAMES)[number];

/** The instances of Azure's gateway, each with a public address of its own; AWS has a connection to each. */
export const INSTANCES = [0, 1] as const;
export type Instance = (typeof INSTANCES)[number];

/** The tunnels of a connection, as AWS numbers them. */
export type ConnectionTunnel = 1 | 2;

/** One end of a tunnel, as a speaker of BGP. */
export interface TunnelEnd {
  asn: number;
  /** Address inside the tunnel. @example "169.254.21.1" */
  address: string;
}

/** A tunnel: whatever its two ends are told is told from here. */
export interface Tunnel {
  name: TunnelName;
  /** Which instance of Azure's gateway it ends at, and so which of AWS's connections it is of. */
  instance: Instance;
  /** Which of that connection's two it is. */
  connectionTunnel: ConnectionTunnel;
  /** The four addresses inside it. @example "169.254.21.0/30" */
  insideCidr: string;
  /** AWS's end; it has the first address, which AWS takes itself ("Tunnel options"). */
  primary: TunnelEnd;
  /** Azure's end. */
  standby: TunnelEnd;
  /** Another number is another pre-shared key; one by one, so that the other tunnels stay up. */
  keyGeneration: number;
  /** How both ends encrypt. */
  crypto: CryptoProfile;
}

export interface TunnelPlanArgs {
  /** BGP number of AWS's gateway. @example 64512 */
  primaryAsn: number;
  /** BGP number of Azure's gateway. @example 65000 */
  standbyAsn: number;
  /** Number of each tunnel's key, in their order. @example [1, 1, 2, 1] */
  keyGenerations: readonly number[];
  /** How all of them encrypt. */
  crypto: CryptoProfile;
}

/**
 * Where the addresses of each of a connection's two tunnels lie. Azure takes addresses of 169.254.21.0 to
 * 169.254.22.255 alone ("How to connect AWS and Azure using a BGP-enabled VPN gateway", whose plan this is).
 */
const RANGES: Record<ConnectionTunnel, Cidr> = { 1: cidr("169.254.21.0/24"), 2: cidr("169.254.22.0/24") };

/**
 * Lays out the four tunnels.
 *
 * @throws RangeError when an ASN is none that both clouds take, both ends have the same, or a tunnel has no key
 * @example tunnelPlan({ primaryAsn: 64512, standbyAsn: 65000, keyGenerations: [1, 1, 1, 1], crypto })[0]?.insideCidr
 * // "169.254.21.0/30"
 */
export function tunnelPlan({ primaryAsn, standbyAsn, keyGenerations, crypto }: TunnelPlanArgs): Tunnel[] {
  checkAsns(primaryAsn, standbyAsn);
  return TUNNEL_NAMES.map((name, index) => {
    const keyGeneration = keyGenerations[index];
    if (keyGeneration === undefined || keyGenerations.length !== TUNNEL_NAMES.length) {
      throw new RangeError(
        `expected a key's number for each of the ${TUNNEL_NAMES.length} tunnels, found ${keyGenerations.length}`,
      );
    }
    const instance = Math.floor(index / 2) as Instance;
    const connectionTunnel = ((index % 2) + 1) as ConnectionTunnel;
    // Of a /24, the first /30 goes to the first instance and the next to the second.
    const inside = part(RANGES[connectionTunnel], 6, instance);
    return {
      name,
      instance,
      connectionTunnel,
      insideCidr: renderCidr(inside),
      primary: { asn: primaryAsn, address: addressIn(inside, 1) },
      standby: { asn: standbyAsn, address: addressIn(inside, 2) },
      keyGeneration,
      crypto,
    };
  });
}

/** The tunnels that end at an instance of Azure's gateway, the connection's first one first. */
export function tunnelsOf(tunnels: readonly Tunnel[], instance: Instance): Tunnel[] {
  return tunnels.filter((tunnel) => tunnel.instance === instance);
}

function checkAsns(primaryAsn: number, standbyAsn: number): void {
  for (const asn of [primaryAsn, standbyAsn]) {
    if (isUsableAsn(asn)) continue;
    const { from, to } = PRIVATE_ASNS;
    throw new RangeError(
      `expected an ASN from ${from} to ${to} and none of ${RESERVED_ASNS.join(", ")}, which Azure keeps; found ${asn}`,
    );
  }
  if (primaryAsn === standbyAsn) {
    throw new RangeError(`expected different ASNs at both ends, found ${primaryAsn} at each: routes would be dropped`);
  }
}

function addressIn(range: Cidr, index: number): string {
  const { address } = part(range, 32 - range.prefix, index);
  return renderCidr({ address, prefix: 32 }).replace("/32", "");
}
