import type { Tags } from "../components/tags.ts";

/** The tags of everything that a stack registers. */
export function tagsFor(
  purpose: "primary" | "standby" | "replication" | "vpn" | "traffic",
  settings: { environment: string; workload: string; owner: string },
): Tags {
  const { environment, workload, owner } = settings;
  return { Purpose: purpose, Environment: environment, Workload: workload, Owner: owner };
}
