import type { Settings } from "../../stacks/settings.ts";

/** The two sites of one workload. */
export interface Pair {
  primary: Settings<"prod">;
  standby: Settings<"dr">;
}

/**
 * Puts the sites of each workload together. A primary without a standby costs nothing here and is left out.
 *
 * @throws Error when a standby has no primary to be compared with
 */
export function pairWorkloads(primaries: Settings<"prod">[], standbys: Settings<"dr">[]): Pair[] {
  const names = primaries.map(({ workload }) => workload);
  return standbys.map((standby) => {
    const primary = primaries.find(({ workload }) => workload === standby.workload);
    if (primary) return { primary, standby };
    throw new Error(
      `the workload ${standby.workload} of Pulumi.dr.yaml: expected one of that name in Pulumi.prod.yaml, ` +
        `found ${names.join(", ")}; name both alike`,
    );
  });
}
