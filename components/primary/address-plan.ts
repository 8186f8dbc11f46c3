import { cidr, part, renderCidr } from "../cidr.ts";

/** The tiers of a zone, by who may reach them: the internet, the load balancer, the servers. */
export const TIERS = ["public", "private", "data"] as const;
export type Tier = (typeof TIERS)[number];

/** One range per zone for each tier, in the order of the zones. */
export type PrimaryAddressPlan = Record<Tier, string[]>;

/** Most zones that the plan has room for; no AWS region has more than six. */
export const MAX_ZONES = 8;

/**
 * Lays the primary site's subnets into the VPC's range.
 *
 * A quarter of the range per tier and the last quarter free for what comes later; an eighth of a
 * quarter per zone. A subnet keeps its range when zones are added, because its place depends on its
 * own tier and zone alone. A /16 gives subnets of /21 (2,043 usable addresses); a /22 gives /27.
 */
export function planPrimaryAddresses(primaryCidr: string, zones: number): PrimaryAddressPlan {
  const tier = (name: Tier) =>
    Array.from({ length: zones }, (_, zone) => renderCidr(part(cidr(tierRange(primaryCidr, name)), 3, zone)));
  return { public: tier("public"), private: tier("private"), data: tier("data") };
}

/**
 * The range of a tier, whatever the number of zones.
 *
 * @example tierRange("10.16.0.0/16", "private") // "10.16.64.0/18"
 */
export function tierRange(primaryCidr: string, tier: Tier): string {
  return renderCidr(part(cidr(primaryCidr), 2, TIERS.indexOf(tier)));
}
