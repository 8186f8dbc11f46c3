/**
 * How the servers reach the internet. `zone`: a NAT gateway in each zone, none of which anybody misses when its zone
 * is down. `one`: a single one, which costs less and takes every zone's way out with it.
 */
export type NatGateways = "one" | "zone";

/** The zone whose gateway each zone goes out by, in the order of the zones; counted from 0. */
export function planNatGateways(mode: NatGateways, zones: number): number[] {
  return Array.from({ length: zones }, (_, zone) => (mode === "zone" ? zone : 0));
}
