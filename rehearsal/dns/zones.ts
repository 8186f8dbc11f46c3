import {
  ListTagsForResourceCommand,
  paginateListHealthChecks,
  paginateListHostedZones,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import { plainName, recordsOf } from "../aws/actuators/records.ts";
import type { Check } from "./health.ts";
import type { Records } from "./route53.ts";

export interface Zone extends Records {
  id: string;
  isPrivate: boolean;
}

/** A health check and what people call it. */
export interface NamedCheck extends Check {
  /** Its tag `Name`; its id where it has none. */
  name: string;
  tags: Readonly<Record<string, string>>;
}

/** All that Route 53's data plane needs to know of its control plane. */
export interface Copy {
  zones: readonly Zone[];
  checks: readonly NamedCheck[];
}

export const NOTHING: Copy = { zones: [], checks: [] };

/**
 * Reads everything from the control plane.
 *
 * @param former the last copy, of which tags are taken: nobody changes them while it matters
 */
export async function copyOf(client: Route53Client, former: Copy): Promise<Copy> {
  // Checks come first: so no record is there before the check that it names.
  const checks = await checksOf(client, former);
  const zones: Zone[] = [];
  for await (const { HostedZones = [] } of paginateListHostedZones({ client }, {})) {
    for (const { Id = "", Name, Config } of HostedZones) {
      const id = Id.replace("/hostedzone/", "");
      const sets = await recordsOf({ route53: client }, id);
      zones.push({ id, name: plainName(Name), isPrivate: Config?.PrivateZone === true, sets });
    }
  }
  return { zones, checks };
}

async function checksOf(client: Route53Client, former: Copy): Promise<NamedCheck[]> {
  const checks: NamedCheck[] = [];
  for await (const { HealthChecks = [] } of paginateListHealthChecks({ client }, {})) {
    for (const { Id: id = "", HealthCheckConfig: config } of HealthChecks) {
      const known = former.checks.find((check) => check.id === id)?.tags ?? {};
      const tags = Object.keys(known).length > 0 ? known : await tagsOf(client, id);
      if (config) checks.push({ id, config, tags, name: tags.Name || id });
    }
  }
  return checks;
}

async function tagsOf(client: Route53Client, ResourceId: string): Promise<Record<string, string>> {
  const reply = await client.send(new ListTagsForResourceCommand({ ResourceType: "healthcheck", ResourceId }));
  return Object.fromEntries((reply.ResourceTagSet?.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}
