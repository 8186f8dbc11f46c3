import type { StackValidationPolicy } from "@pulumi/policy";

/** The packages whose clouds each site's stack must not need, by the component rooms that tell the site. */
const FORBIDDEN: Record<string, string> = { primary: "azure-native", standby: "aws" };

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
  validateStack: ({ resources }, reportViolation) => {
    const sites = new Set(resources.map(({ type }) => /^multicloud-dr:(primary|standby):/.exec(type)?.[1]));
    for (const { type, name, urn } of resources) {
      for (const site of ["primary", "standby"]) {
        if (!sites.has(site)) continue;
        if (type.startsWith(`${FORBIDDEN[site]}:`) || type === `pulumi:providers:${FORBIDDEN[site]}`) {
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
