import type {
  EnforcementLevel,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Finding } from "./finding.ts";
import { type Resource, readInputs, readStack } from "./resource.ts";

/** What a policy is, and what of it can be set. */
export interface About<C extends object> {
  name: string;
  /** What is so where it is kept; a sentence. */
  description: string;
  enforcementLevel: EnforcementLevel;
  severity: Severity;
  /** What to write where it is not kept; a sentence. */
  mend: string;
  /** What of it can be set beside its level, with its defaults. */
  config?: { schema: PolicyConfigSchema["properties"]; defaults: C };
}

/** What a policy judges. Either may be absent. */
export interface Rules<C extends object> {
  /** One resource as it is written, just before it is made or changed: nothing that is wrong is made. */
  resource?: (resource: Resource, config: C) => Finding[];
  /** The stack as a whole, once all of it is known that a preview can know. */
  stack?: (resources: Resource[], config: C) => Finding[];
}

/** A policy of one resource, of the stack, or of both. */
export type Rule = StackValidationPolicy & Pick<ResourceValidationPolicy, "validateResource">;

/**
 * Makes a policy of rules. What a preview does not know is told in one message, as advice, whatever the policy's level:
 * nobody is stopped by it, and nobody takes it for good. A rule of one resource is asked again at the update itself, when
 * all that is written is known.
 */
export function policy<C extends object>(about: About<C>, rules: Rules<C>): Rule {
  const { name, description, enforcementLevel, severity, mend, config } = about;
  const configOf = (set: object) => ({ ...config?.defaults, ...set }) as C;
  const { resource: judgeOne, stack: judgeAll } = rules;
  return {
    ...{ name, description, enforcementLevel, severity, remediationSteps: mend },
    ...(config && { configSchema: { properties: config.schema } }),
    ...(judgeOne && {
      validateResource: (args, report) => {
        for (const finding of judgeOne(readInputs(args), configOf(args.getConfig()))) tell(finding, report);
      },
    }),
    validateStack: (args, report) => {
      const set = configOf(args.getConfig());
      const resources = readStack(args.resources);
      const ofEach = judgeOne ? resources.flatMap((each) => judgeOne(each, set)) : [];
      const ofAll = judgeAll?.(resources, set) ?? [];
      for (const finding of ofAll) tell(finding, report);
      advise([...ofEach, ...ofAll], report);
    },
  };
}

function tell({ kind, message, urn }: Finding, report: ReportViolation): void {
  if (kind === "wrong") report(`${message}.`, urn);
}

/** How many places a message names. */
const NAMED = 3;

function advise(findings: readonly Finding[], report: ReportViolation): void {
  const places = [...new Set(findings.filter(({ kind }) => kind === "unknown").map(({ message }) => message))];
  if (places.length === 0) return;
  const more = places.length > NAMED ? `; and ${places.length - NAMED} more` : "";
  const named = places.slice(0, NAMED).join("; ");
  const message = `Not known before the deployment, and so not proved: ${named}${more}. Preview again once it is deployed.`;
  // The SDK takes a level with a violation, which its types do not tell yet (server.js of @pulumi/policy 1.21).
  (report as unknown as (violation: object) => void)({ message, enforcementLevel: "advisory" });
}
