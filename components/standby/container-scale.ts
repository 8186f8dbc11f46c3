import type { ServerRange } from "./standby-plan.ts";

/** How many replicas there may be, and whether anybody reaches them. */
export interface ContainerScale {
  minReplicas: number;
  maxReplicas: number;
  /** Whether requests come in. Without them, and with a least of none, nothing ever starts a replica. */
  reachable: boolean;
}

/** The most replicas that an app may have ("Set scaling rules in Azure Container Apps"). */
export const MOST_REPLICAS = 1000;

/**
 * How many replicas there may be by the plan.
 *
 * Without servers in it the app has no ingress: with one, the first request of anybody would start a replica. Azure
 * wants a most of one at least.
 */
export function containerScale({ min, max }: ServerRange): ContainerScale {
  if (max === 0) return { minReplicas: 0, maxReplicas: 1, reachable: false };
  return { minReplicas: min, maxReplicas: Math.min(max, MOST_REPLICAS), reachable: true };
}
