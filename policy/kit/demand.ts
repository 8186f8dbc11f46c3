import { type Finding, unknown, wrong } from "./finding.ts";
import { at, type Resource, UNKNOWN } from "./resource.ts";

/** What a property has to be. */
export interface Demand {
  /** Where it stands, with dots between the parts. @example "network.publicNetworkAccess" */
  path: string;
  /** Whether a value will do; it is undefined where there is none. */
  is: (value: unknown) => boolean;
  /** What to write, as it stands in a program. @example "publiclyAccessible: false" */
  write: string;
}

/** Demands by the type of resource that they are made of. */
export type Demands = Readonly<Record<string, readonly Demand[]>>;

/** A property that has to be one of these values. @example oneOf("httpsOnly", true) */
export function oneOf(path: string, ...values: readonly (string | boolean)[]): Demand {
  const write = `${path}: ${values.map((value) => JSON.stringify(value)).join(" or ")}`;
  // An engine may hand over a boolean as text.
  return { path, is: (value) => values.some((each) => each === value || String(each) === value), write };
}

/** A property that must not be this value: its absence will do. */
export function never(path: string, value: string | boolean, write: string): Demand {
  return { path, is: (found) => found !== value && found !== String(value), write };
}

/** A number that has to be at least so much. */
export function atLeast(path: string, least: number): Demand {
  return { path, is: (value) => Number(value ?? Number.NaN) >= least, write: `${path}: ${least} or more` };
}

/** What is wrong with a resource, by the demands that are made of its type. */
export function demanded(resource: Resource, demands: Demands): Finding[] {
  return (demands[resource.type] ?? []).flatMap((demand) => judged(resource, demand));
}

/** What is wrong with a resource, by one demand. */
export function judged(resource: Resource, { path, is, write }: Demand): Finding[] {
  const value = at(resource, ...path.split("."));
  if (value !== UNKNOWN && is(value)) return [];
  if (holdsUnknown(value)) return [unknown(resource, path)];
  const found = value === undefined ? `has no ${path}` : `has ${path}: ${JSON.stringify(value)}`;
  return [wrong(resource, `${found}; write ${write}`)];
}

/** Whether a value, or anything in it, is not known yet. */
export function holdsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === UNKNOWN;
  return Object.values(value).some(holdsUnknown);
}
