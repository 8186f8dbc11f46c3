import type { Site } from "../../components/traffic/weights.ts";
import { type Asking, hostOf, plainHost } from "../names.ts";

/** Who answers for a name now. */
export interface Answered {
  name: string;
  /** Where its CNAME points. */
  host: string;
  /** `neither`: a host of neither site. */
  site: Site | "neither";
}

/** Asks who answers for a name. @param hosts of each site @throws Error when nobody says */
export async function whoAnswers(
  name: string,
  hosts: Record<Site, readonly string[]>,
  asking: Asking,
): Promise<Answered> {
  const host = await hostOf(name, asking);
  if (host === undefined) throw new Error(`expected a CNAME of ${name} in DNS, found none`);
  return { name, host, site: siteOf(host, hosts) };
}

/** The site that a host belongs to. */
export function siteOf(host: string, hosts: Record<Site, readonly string[]>): Answered["site"] {
  const same = (other: string) => plainHost(other) === plainHost(host);
  const sites = ["primary", "standby"] as const;
  return sites.find((site) => hosts[site].some(same)) ?? "neither";
}
