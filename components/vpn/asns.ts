/** Private numbers of 16 bits, which both clouds' gateways take (RFC 6996); AWS's own default is the first. */
export const PRIVATE_ASNS = { from: 64_512, to: 65_534 };

/**
 * Private numbers that no gateway may have: Azure keeps them for peerings of its own ("About BGP and VPN Gateway"),
 * so it takes them neither for its end nor from another one.
 */
export const RESERVED_ASNS: readonly number[] = [65_515, 65_517, 65_518, 65_519, 65_520];

/** Whether a gateway at either end may have this number. */
export function isUsableAsn(asn: number): boolean {
  return Number.isInteger(asn) && asn >= PRIVATE_ASNS.from && asn <= PRIVATE_ASNS.to && !RESERVED_ASNS.includes(asn);
}
