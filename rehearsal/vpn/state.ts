import type { Deployment } from "@pulumi/pulumi/automation/index.js";

/** A resource as the engine's state has it, its secrets told open. */
export interface StateResource {
  type: string;
  /** What its program calls it. */
  name: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
}

// biome-ignore lint/suspicious/noExplicitAny: what a resource was told is as its cloud wants it.
export type Properties = Record<string, any>;

/** Marks a secret in an exported state; its value stands beside the mark, as JSON. */
const SECRET_MARK = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The resources of an exported state that are some cloud's. */
export function resourcesOf({ deployment }: Deployment): StateResource[] {
  const resources: (StateResource & { urn: string; custom: boolean })[] = deployment?.resources ?? [];
  return resources
    .filter(({ custom, type }) => custom && !type.startsWith("pulumi:"))
    .map(({ type, urn, id, inputs, outputs }) => ({
      ...{ type, id },
      name: urn.split("::").at(-1) ?? "",
      inputs: opened(inputs ?? {}),
      outputs: opened(outputs ?? {}),
    }));
}

export function ofType(resources: readonly StateResource[], type: string): StateResource[] {
  return resources.filter((each) => each.type === type);
}

/** The one that another one names. @throws Error when it is not in the state */
export function byId(resources: readonly StateResource[], type: string, id: unknown): StateResource {
  const found = ofType(resources, type).find((each) => each.id === id);
  if (found) return found;
  throw new Error(`expected a ${type} with the id ${id} in the state, found none: export the state of the whole stack`);
}

function opened<T>(value: T): T {
  if (Array.isArray(value)) return value.map(opened) as T;
  if (typeof value !== "object" || value === null) return value;
  const properties = value as Properties;
  if (properties[SECRET_MARK] === SECRET) return opened(JSON.parse(properties.plaintext));
  return Object.fromEntries(Object.entries(properties).map(([key, each]) => [key, opened(each)])) as T;
}
