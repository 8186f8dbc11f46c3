import type { StackValidationPolicy } from "@pulumi/policy";

/** The packages that speak to the other cloud, by the component rooms that tell the site. */
const FOREIGN: Record<string, string[]> = {
  primary: ["azure-native", "azure", "azuread"],
  standby: ["aws", "aws-native", "awsx", "eks"],
};

/**
 * A site's stack speaks to its own cloud only. Pulumi ends an operation when any cloud of the stack is out
 * of reach, so a standby that needs AWS could not be brought up when AWS is down.
 *
 * Severity: critical. Reference: https://github.com/pulumi/pulumi/issues/690
 */
export const oneCloudPerSite: StackValidationPolicy = {
  name: "one-cloud-per-site",
  description: "The primary site registers nothing of Azure, the standby site nothing of AWS and reads no other stack.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Declare what needs both clouds, or reads another stack, in stack link or traffic.",
  validateStack: ({ resources }, reportViolation) => {
    const sites = new Set(resources.map(({ type }) => /^multicloud-dr:(primary|standby):/.exec(type)?.[1]));
    for (const { type, name, urn } of resources) {
      for (const site of ["primary", "standby"]) {
        if (!sites.has(site)) continue;
        const [pkg = "", , provider = ""] = type.split(":");
        if (FOREIGN[site]?.includes(pkg === "pulumi" ? provider : pkg)) {
          reportViolation(`${name} (${type}) needs the other cloud; declare it in stack link or traffic instead.`, urn);
        }
        if (type === "pulumi:pulumi:StackReference") {
          reportViolation(
            `${name} ties the ${site} site to another stack's state; read it in stack link or traffic instead.`,
            urn,
          );
        }
      }
    }
  },
};
