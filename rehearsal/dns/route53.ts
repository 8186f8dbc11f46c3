import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { plainName } from "../aws/actuators/records.ts";

/** Records of one zone, as Route 53's API gives them. */
export interface Records {
  /** Without the dot at the end. @example "shop.example.com" */
  name: string;
  sets: readonly ResourceRecordSet[];
}

export interface Query {
  name: string;
  /** @example "CNAME" */
  type: string;
}

/** What is known of health checks, by their ids. */
export type Health = ReadonlyMap<string, boolean>;

/** Draws a number from 0 to 1. */
export type Draw = () => number;

export interface Answer {
  /** NOERROR with nothing of the type is what people call NODATA. */
  code: "NOERROR" | "NXDOMAIN";
  /** What was chosen: aliases by CNAME in their order, and last what was asked for. */
  sets: ResourceRecordSet[];
  /** The zone's SOA where there is nothing of the type: it says for how long one may take that for granted. */
  authority: ResourceRecordSet | undefined;
}

/**
 * What Route 53 answers from a zone. Modelled are simple and weighted records without alias; no wildcards, and none
 * of the other routing policies.
 *
 * @throws Error for a record that the model does not know how to choose
 */
export function answer(zone: Records, { name, type }: Query, health: Health, draw: Draw): Answer {
  const sets: ResourceRecordSet[] = [];
  const seen = new Set<string>();
  let at = plainName(name);
  while (!seen.has(at)) {
    seen.add(at);
    const here = zone.sets.filter((set) => plainName(set.Name) === at);
    const asked = here.filter((set) => set.Type === type);
    // A CNAME stands for its name whatever type is asked for (RFC 1034, 3.6.2).
    const group = asked.length > 0 ? asked : here.filter((set) => set.Type === "CNAME");
    if (group.length === 0) return { code: exists(zone, at) ? "NOERROR" : "NXDOMAIN", sets, authority: soaOf(zone) };
    const chosen = choose(group, health, draw);
    sets.push(chosen);
    at = plainName(chosen.ResourceRecords?.[0]?.Value);
    if (group === asked || !isWithin(at, zone.name)) break;
  }
  return { code: "NOERROR", sets, authority: undefined };
}

/**
 * The record of one name and type that is answered with ("How Amazon Route 53 chooses records when health checking
 * is configured", "Values specific for weighted records"):
 * - a record without a health check is always healthy, and so is one whose check nobody knows any more;
 * - where none is healthy, all count as healthy;
 * - of those the ones with a weight share by weight; only where none has one, the others do, in equal parts.
 *
 * @throws Error for another routing policy, and for an alias
 */
export function choose(group: readonly ResourceRecordSet[], health: Health, draw: Draw): ResourceRecordSet {
  const strange = group.find(
    ({ AliasTarget, SetIdentifier, Weight }) => AliasTarget || (SetIdentifier && Weight === undefined),
  );
  if (strange) {
    throw new Error(
      `expected simple and weighted records at ${strange.Name}, found ${strange.AliasTarget ? "an alias" : "another routing policy"}: ` +
        "the local Route 53 does not model it (rehearsal/dns/route53.ts)",
    );
  }
  const healthy = group.filter(({ HealthCheckId }) => !HealthCheckId || health.get(HealthCheckId) !== false);
  const usable = healthy.length > 0 ? healthy : group;
  const weighted = usable.filter(({ Weight = 0 }) => Weight > 0);
  return weighted.length > 0 ? drawn(weighted, ({ Weight = 0 }) => Weight, draw()) : drawn(usable, () => 1, draw());
}

/** The one at a point of a line on which each has as much room as its weight. @param point 0 to 1 */
function drawn(
  sets: readonly ResourceRecordSet[],
  weightOf: (set: ResourceRecordSet) => number,
  point: number,
): ResourceRecordSet {
  let left = point * sets.reduce((sum, set) => sum + weightOf(set), 0);
  for (const set of sets) {
    left -= weightOf(set);
    if (left < 0) return set;
  }
  return sets.at(-1) as ResourceRecordSet;
}

/** Whether a name is a zone's, or below it. */
export function isWithin(name: string, zoneName: string): boolean {
  return name === zoneName || name.endsWith(`.${zoneName}`);
}

/** A name without records is there, too, when there is something below it (RFC 8020). */
function exists({ sets }: Records, name: string): boolean {
  return sets.some((set) => isWithin(plainName(set.Name), name));
}

function soaOf({ name, sets }: Records): ResourceRecordSet | undefined {
  return sets.find((set) => set.Type === "SOA" && plainName(set.Name) === name);
}
