import type { Site, Try } from "../../rehearsal/orders/record.ts";

/** Hosts of the two sites, as DNS would give them. */
export const HOSTS: Record<Site, string> = { primary: "alb.example", standby: "edge.example" };

export function siteOf(host: string): Site | undefined {
  if (host === HOSTS.primary) return "primary";
  return host === HOSTS.standby ? "standby" : undefined;
}

/** An order that a site confirmed. */
export function confirmed(key: string, endedAt: number, site: Site = "primary"): Try {
  const times = { sentAt: endedAt - 1, endedAt };
  return { asked: "order", key, host: HOSTS[site], ...times, status: 201, error: "", well: true };
}

/** A try of an order that failed. */
export function failed(key: string, endedAt: number, error = "ECONNREFUSED"): Try {
  return { ...confirmed(key, endedAt), status: 0, error, well: false };
}
