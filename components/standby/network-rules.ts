import type { StandbyAddressPlan } from "./address-plan.ts";

/** A rule of a network security group, as Azure takes it. */
export interface SecurityRule {
  name: string;
  priority: number;
  direction: "Inbound" | "Outbound";
  access: "Allow" | "Deny";
  protocol: "Tcp" | "Udp" | "*";
  sourceAddressPrefix: string;
  sourcePortRange: string;
  destinationAddressPrefix: string;
  destinationPortRange: string;
}

/** The subnets with rules of their own; a gateway's subnet takes none. */
export type GuardedSubnet = "app" | "data" | "functions" | "resolver";

/** What of the primary has a way to the standby, or the standby to it. */
export interface PrimaryPeers {
  /**
   * Range of its servers, which use the standby's database when only theirs is lost. Its resolver, which asks for that
   * database's name, stands among them.
   *
   * @example "10.16.64.0/18"
   */
  servers: string;
  /** Range of its database, where the standby's follows it. @example "10.16.128.0/18" */
  database?: string;
}

/** What serves in the app's subnet. */
export const WEB_TIERS = ["servers", "containers"] as const;
export type WebTierKind = (typeof WEB_TIERS)[number];

/** What is let through: from or to an address range or service tag, at one port or a range of them. */
interface Traffic {
  name: string;
  peer: string;
  port: number | string;
  /** @default "Tcp" */
  protocol?: SecurityRule["protocol"];
}

const DNS = 53;
const HTTPS = 443;
const MYSQL = 3306;

/** Where the servers listen; rules are applied behind the load balancer, which turns 443 into this. */
const APP = 8443;

/** Where the proxy of Container Apps listens for it. */
const PROXY = 31_443;

/** Azure's weakest priority of a rule of one's own; its default rules, far too open, come after it. */
const LAST = 4096;

/**
 * What may come into and go out of each subnet; everything else is denied, inside the network too.
 *
 * Names (168.63.129.16) and tokens (169.254.169.254) reach servers whatever the rules say, as no rule names
 * their tags ("Azure IP address 168.63.129.16 overview").
 *
 * @param primary what of the primary there is a way to; none without it
 * @param webTier what serves in the app's subnet
 */
export function planNetworkRules(
  plan: StandbyAddressPlan,
  primary?: PrimaryPeers,
  webTier: WebTierKind = "servers",
): Record<GuardedSubnet, SecurityRule[]> {
  // `Internet` is everything with a public address, Azure's own services among it ("Virtual network service tags").
  const toServices: Traffic[] = [
    { name: "mysql-to-data", peer: plan.data, port: MYSQL },
    { name: "https-to-services", peer: "Internet", port: HTTPS },
  ];
  const toDatabase: Traffic[] = [
    { name: "mysql-from-app", peer: plan.app, port: MYSQL },
    { name: "mysql-from-functions", peer: plan.functions, port: MYSQL },
    ...(primary ? [{ name: "mysql-from-primary", peer: primary.servers, port: MYSQL }] : []),
    // The second server of a highly available one stands in the same subnet.
    { name: "mysql-from-data", peer: plan.data, port: MYSQL },
  ];
  // An answer that is too long for UDP is asked for again over TCP (RFC 7766).
  const questions = (["Udp", "Tcp"] as const).map((protocol) => ({ protocol, port: DNS }));
  const toResolver: Traffic[] = primary
    ? questions.map((each) => ({
        ...each,
        name: `dns-${each.protocol.toLowerCase()}-from-primary`,
        peer: primary.servers,
      }))
    : [];
  // The controller has the database follow the primary's, for which it asks that one itself.
  const toPrimary = primary?.database ? [{ name: "mysql-to-primary", peer: primary.database, port: MYSQL }] : [];
  return {
    app: webTier === "containers" ? containers(plan.app, toServices) : servers(plan.app, toServices),
    // What a managed server must reach is its service's business and written down nowhere; it has no way to the
    // internet, and no other subnet takes anything from it.
    data: only("Inbound", plan.data, toDatabase),
    functions: [
      ...only("Inbound", plan.functions, []),
      ...only("Outbound", plan.functions, [...toServices, ...toPrimary]),
    ],
    // What it asks is Azure's own DNS, which no rule hinders.
    resolver: only("Inbound", plan.resolver, toResolver),
  };
}

function servers(subnet: string, toServices: Traffic[]): SecurityRule[] {
  return [
    ...only("Inbound", subnet, [
      { name: "app-from-internet", peer: "Internet", port: APP },
      { name: "app-from-probe", peer: "AzureLoadBalancer", port: APP },
    ]),
    ...only("Outbound", subnet, toServices),
  ];
}

/**
 * What an environment of Container Apps needs ("Securing a virtual network in Azure Container Apps"): its own parts speak
 * with each other, its proxy listens at 443 and behind it at 31443, and Azure's load balancer probes it.
 */
function containers(subnet: string, toServices: Traffic[]): SecurityRule[] {
  const within = { peer: subnet, port: "*", protocol: "*" } as const;
  return [
    ...only("Inbound", subnet, [
      { name: "app-from-internet", peer: "Internet", port: HTTPS },
      { name: "proxy-from-internet", peer: "Internet", port: PROXY },
      { name: "probes", peer: "AzureLoadBalancer", port: "30000-32767" },
      { name: "from-within", ...within },
    ]),
    ...only("Outbound", subnet, [...toServices, { name: "to-within", ...within }]),
  ];
}

/** Allows this traffic of a subnet in one direction, and nothing else. */
function only(direction: SecurityRule["direction"], subnet: string, allowed: Traffic[]): SecurityRule[] {
  const rules = allowed.map(({ name, peer, port, protocol = "Tcp" }, index): SecurityRule => {
    const [from, to] = direction === "Inbound" ? [peer, subnet] : [subnet, peer];
    return {
      name,
      priority: 100 + 10 * index,
      direction,
      access: "Allow",
      protocol,
      sourceAddressPrefix: from,
      sourcePortRange: "*",
      destinationAddressPrefix: to,
      destinationPortRange: String(port),
    };
  });
  const rest: SecurityRule = {
    name: `nothing-else-${direction === "Inbound" ? "in" : "out"}`,
    priority: LAST,
    direction,
    access: "Deny",
    protocol: "*",
    sourceAddressPrefix: "*",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "*",
  };
  return [...rules, rest];
}
