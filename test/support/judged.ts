import type { PolicyResource, ReportViolation, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import proxy from "@pulumi/policy/proxy.js";
import type { Rule } from "../../policy/kit/policy.ts";

/** How the host of policies keeps them from reading what is not known; its types leave it out. */
const { unknownCheckingProxy, unknownStringValue } = proxy as unknown as {
  unknownCheckingProxy<T extends object>(value: T): T;
  unknownStringValue: string;
};

/** A value that is not known before a deployment. */
export const LATER = unknownStringValue;

/** A resource as a test writes it. */
export interface Written {
  type: string;
  /** @default the last part of its type */
  name?: string;
  props?: Record<string, unknown>;
  protect?: boolean;
  /** Components that it is in, from the outside in. @example ["primary:ContentBucket"] */
  within?: string[];
  /** Names of the resources that its properties take their values from, by property. */
  takenFrom?: Record<string, string[]>;
}

/** What a policy says. */
export interface Verdict {
  /** What it finds wrong, which its level decides on. */
  wrong: string[];
  /** What it could not know. */
  advice: string[];
}

/** What a policy says of the resources of a stack, one by one and together, as the engine asks it. */
export function judged(policy: Rule, written: readonly Written[], config: object = {}): Verdict {
  const wrong = new Set<string>();
  const advice: string[] = [];
  const report = ((violation: string | { message: string; enforcementLevel: string }) => {
    if (typeof violation === "string") wrong.add(violation);
    else if (violation.enforcementLevel === "advisory") advice.push(violation.message);
    else throw new Error(`expected advice or a violation, found ${JSON.stringify(violation)}`);
  }) as ReportViolation;
  const getConfig = () => config;
  const resources = seen(written);
  for (const resource of resources) {
    const ask = policy.validateResource;
    if (typeof ask === "function") ask({ ...resource, getConfig } as unknown as ResourceValidationArgs, report);
  }
  policy.validateStack({ resources, getConfig } as unknown as StackValidationArgs, report);
  return { wrong: [...wrong], advice };
}

/** Resources as a policy sees them. */
function seen(written: readonly Written[]): PolicyResource[] {
  const resources = written.map(({ type, name = nameOf(type), props = {}, protect = false, within = [] }) => {
    const types = [...within.map((component) => `multicloud-dr:${component}`), type].join("$");
    const urn = `urn:pulumi:test::multicloud-dr::${types}::${name}`;
    return { type, name, urn, props: unknownCheckingProxy(props), opts: { protect } };
  }) as unknown as PolicyResource[];
  // What is not in the stack, its host leaves out.
  const named = (name: string) => resources.filter((each) => each.name === name);
  for (const [index, { takenFrom = {} }] of written.entries()) {
    const sources = Object.entries(takenFrom).map(([property, names]) => [property, names.flatMap(named)]);
    Object.assign(resources[index] as object, { propertyDependencies: Object.fromEntries(sources) });
  }
  return resources;
}

function nameOf(type: string): string {
  return type.split(":").at(-1) ?? type;
}
