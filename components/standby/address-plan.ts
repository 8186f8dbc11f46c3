import { cidr, part, renderCidr } from "../cidr.ts";

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
}

/**
 * Lays the standby's subnets into the virtual network's range.
 *
 * A quarter for the app, a sixteenth each for data and functions, a thirty-second for the gateways,
 * the rest free for what comes later. A /16 gives /18, /20, /20 and /21; a /22 gives /24, /26, /26 and /27.
 */
export function planStandbyAddresses(standbyCidr: string): StandbyAddressPlan {
  const range = cidr(standbyCidr);
  return {
    app: renderCidr(part(range, 2, 0)),
    data: renderCidr(part(range, 4, 4)),
    functions: renderCidr(part(range, 4, 5)),
    gateway: renderCidr(part(range, 5, 12)),
  };
}
