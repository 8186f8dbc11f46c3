import { type DatabasePlan, type StandbyPlan, standbyPlan } from "../../components/standby/standby-plan.ts";
import type { Settings } from "../../stacks/settings.ts";

/** All that the stack file of dr plans for the standby. */
export function planIn(settings: Settings<"dr">): StandbyPlan {
  const { strategy, declareDisaster, drill, serversMin, serversMax, warmServers, handBack, growDatabase } = settings;
  const capacity = { servers: { min: serversMin, max: serversMax }, warmServers };
  return standbyPlan(strategy, declareDisaster, drill, capacity, { handBack, growDatabase });
}

/**
 * What the next `up` would have to do to follow the stack file, as far as the plan says it.
 *
 * @param deployed the plan of the last `up`
 * @returns a line each; none where the plans are the same
 */
export function plannedChanges(deployed: StandbyPlan, planned: StandbyPlan): string[] {
  const parts: [what: string, from: string, to: string][] = [
    ["servers", rangeOf(deployed), rangeOf(planned)],
    ["database", databaseOf(deployed.database), databaseOf(planned.database)],
    ["markers", listOf(deployed.markers), listOf(planned.markers)],
    ["replication kept out of", fencedOf(deployed), fencedOf(planned)],
  ];
  return parts.filter(([, from, to]) => from !== to).map(([what, from, to]) => `${what}: ${from} -> ${to}`);
}

function rangeOf({ servers: { min, max } }: StandbyPlan): string {
  return max === 0 ? "none" : `${min} to ${max}`;
}

function databaseOf({ state, size, follows, handsBack }: DatabasePlan): string {
  if (state === "absent") return "none";
  return [state, size, `follows ${follows}`, ...(handsBack ? ["hands back"] : [])].join(", ");
}

function fencedOf({ fenced }: StandbyPlan): string {
  return listOf(Object.entries(fenced).flatMap(([data, is]) => (is ? [data] : [])));
}

function listOf(words: readonly string[]): string {
  return words.join(", ") || "none";
}
