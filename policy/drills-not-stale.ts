import type { StackValidationPolicy } from "@pulumi/policy";
import { STALE, skippedSince } from "../operations/status/drills.ts";

/** Where the standby's resource group says when its last drill was. */
export const LAST_DRILL = "LastDrill";

const MEND = "run `npm run dr -- drill`, and commit the lastDrill that it writes into Pulumi.dr.yaml";

/**
 * A standby that was not drilled for two quarters may not take over any more: images, quotas, rights and people change.
 *
 * Severity: medium. Reference: AWS Well-Architected, REL13-BP03, Test disaster recovery implementation to validate the
 * implementation.
 *
 * @param now for tests
 */
export function drillsNotStale(now = () => new Date()): StackValidationPolicy {
  return {
    name: "drills-not-stale",
    description: `The standby was drilled within the last ${STALE} quarters.`,
    enforcementLevel: "advisory",
    severity: "medium",
    remediationSteps: `${MEND[0]?.toUpperCase()}${MEND.slice(1)}.`,
    validateStack: ({ resources }, reportViolation) => {
      if (!resources.some(({ type }) => type.startsWith("multicloud-dr:standby:"))) return;
      for (const { type, name, urn, props } of resources) {
        // The room where images are seen booting is no standby.
        if (type !== "azure-native:resources:ResourceGroup" || urn.includes("standby:BootRoom$")) continue;
        const day = (props.tags as Record<string, string> | undefined)?.[LAST_DRILL];
        if (day === undefined) {
          reportViolation(`${name} was never drilled, as far as Pulumi.dr.yaml tells; ${MEND}.`, urn);
          continue;
        }
        const skipped = skippedSince(new Date(day), now());
        if (skipped < STALE) continue;
        reportViolation(
          `${name} was drilled last on ${day}, and ${skipped} quarters were skipped since; ${MEND}.`,
          urn,
        );
      }
    },
  };
}
