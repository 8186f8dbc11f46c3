import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { type AuditResource, at, known, readSeen, UNKNOWN } from "../audit/resources.ts";

export { at, listAt, numberAt, textAt, UNKNOWN } from "../audit/resources.ts";

/** A resource as a policy judges it; what is not known yet is {@link UNKNOWN}. */
export interface Resource extends AuditResource {
  /** URNs of the resources that a property takes its value from: known also when the value is not. */
  takenFrom: Readonly<Record<string, readonly string[]>>;
}

/** Reads one resource before it is made or changed: its properties are what the program writes. */
export function readInputs({ urn, type, name, props, opts }: ResourceValidationArgs): Resource {
  const [read] = readSeen("", [{ urn, type, name, props, opts }]) as [AuditResource];
  return { ...read, takenFrom: {} };
}

/** Reads all resources of a stack: their properties are what the clouds answer, as far as that is known. */
export function readStack(resources: readonly PolicyResource[]): Resource[] {
  const sources = new Map(resources.map((each) => [each.urn, sourcesOf(each)]));
  return readSeen("", resources).map((read) => {
    const properties = Object.keys(sources.get(read.urn) ?? {});
    const all = properties.map((property) => [property, [...handedOn(read.urn, property, sources)]]);
    return { ...read, takenFrom: Object.fromEntries(all) };
  });
}

function sourcesOf({ propertyDependencies = {} }: PolicyResource): Resource["takenFrom"] {
  const properties = Object.entries(propertyDependencies);
  return Object.fromEntries(properties.map(([property, from]) => [property, from.map(({ urn }) => urn)]));
}

/**
 * Where a property has its value from, and where that one has the same property from: a bucket's policy may take the
 * bucket's name from whatever has to stand before it.
 */
function handedOn(urn: string, property: string, sources: ReadonlyMap<string, Resource["takenFrom"]>): Set<string> {
  const found = new Set<string>();
  const open = [urn];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const source of sources.get(next)?.[property] ?? []) {
      if (found.has(source)) continue;
      found.add(source);
      open.push(source);
    }
  }
  return found;
}

/** Values by which others name a resource. */
const NAMES = ["id", "arn", "name", "bucket", "url", "keyId", "accountName", "serverName"];

/**
 * Whether a property of one resource names another one: by where it is taken from, which is known also when its value is
 * not; or by its value, where somebody wrote it out. What Azure answers leaves out whatever is part of a path.
 */
export function names(from: Resource, property: string, target: Resource): boolean {
  if (from.takenFrom[property]?.includes(target.urn)) return true;
  const value = at(from, property);
  return typeof value === "string" && value !== "" && NAMES.some((key) => at(target, key) === value);
}

/** The resources of a type that name another one by a property. */
export function attached(all: readonly Resource[], type: string, property: string, target: Resource): Resource[] {
  return all.filter((each) => each.type === type && names(each, property, target));
}

/** The resources of a type, anywhere in a stack. */
export function ofType(all: readonly Resource[], ...types: string[]): Resource[] {
  return all.filter(({ type }) => types.includes(type));
}

/** Whether a resource is in a component of this class. @param component @example "primary:ContentBucket" */
export function isWithin({ within }: Resource, component: string): boolean {
  return within.includes(`multicloud-dr:${component}`);
}

/** Whether a stack has a component of a room. @param room @example "standby" */
export function hasRoom(all: readonly Resource[], room: string): boolean {
  return all.some(({ type }) => type.startsWith(`multicloud-dr:${room}:`));
}

/** A text in JSON, or what it already is; undefined when it does not parse. */
export function jsonOf(value: unknown): unknown {
  if (typeof value !== "string") return known(value);
  try {
    return JSON.parse(value);
  } catch {
    // Whoever asks says where it stands, and what was expected of it.
    return undefined;
  }
}
