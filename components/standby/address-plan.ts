import { cidr, part, renderAddress, renderCidr } from "../cidr.ts";

/** The ranges of the standby's virtual network. */
export interface StandbyAddressPlan {
  /** Servers and the load balancer in front of them. */
  app: string;
  /** Delegated to MySQL Flexible Server. */
  data: string;
  /** Delegated to the functions of the standby controller. */
  functions: string;
  /** The VPN gateways; Azure wants a /27 or larger here ("About VPN Gateway settings"). */
  gateway: string;
  /** Delegated to the DNS resolver that the primary asks; of the one size that fits every network, a /28. */
  resolver: string;
}

/** The smallest that Azure takes for a resolver's endpoint; a /24 is the largest ("What is Azure DNS Private Resolver"). */
const RESOLVER_PREFIX = 28;

/** Azure keeps the first four addresses of a subnet, and its last ("Azure Virtual Network FAQ"). */
const KEPT = 4;

/**
 * Lays the standby's subnets into the virtual network's range.
 *
 * A quarter for the app, a sixteenth each for data and functions, a thirty-second for the gateways, sixteen addresses
 * after them for the resolver, the rest free for what comes later. A /16 gives /18, /20, /20 and /21; a /22 gives /24,
 * /26, /26 and /27.
 */
export function planStandbyAddresses(standbyCidr: string): StandbyAddressPlan {
  const range = cidr(standbyCidr);
  const afterGateway = part(range, 5, 13);
  return {
    app: renderCidr(part(range, 2, 0)),
    data: renderCidr(part(range, 4, 4)),
    functions: renderCidr(part(range, 4, 5)),
    gateway: renderCidr(part(range, 5, 12)),
    resolver: renderCidr(part(afterGateway, RESOLVER_PREFIX - afterGateway.prefix, 0)),
  };
}

/** The address at which the resolver answers: the first that a subnet has to give, which is also the one that Azure would choose. */
export function resolverAddress({ resolver }: Pick<StandbyAddressPlan, "resolver">): string {
  return renderAddress(cidr(resolver).address + KEPT);
}
