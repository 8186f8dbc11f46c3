import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";

/** A reference to another resource, as ARM writes it. */
export interface Reference {
  id?: string;
}

/** What Azure would refuse about a reference: the resource must be there, and of the type. @param type @example "Microsoft.Network/natGateways" */
export function referenceRefusals(
  property: string,
  reference: Reference | undefined,
  type: string,
  { resources }: AzureCloud,
): Refusal[] {
  const id = reference?.id;
  if (id === undefined) return [];
  const found = resources.list(type).some((each) => each.id.toLowerCase() === id.toLowerCase());
  return found ? [] : [{ property, reason: `there is no ${type} ${id} (InvalidResourceReference)` }];
}

/** The ids of the resources of some types in whose properties an id stands. */
export function usersOf(id: string, types: string[], { resources }: AzureCloud): string[] {
  return types
    .flatMap((type) => resources.list(type))
    .filter(({ properties }) => mentions(properties, id.toLowerCase()))
    .map((user) => user.id);
}

function mentions(value: unknown, id: string): boolean {
  if (typeof value === "string") return value.toLowerCase() === id;
  return (
    typeof value === "object" && value !== null && Object.values(value as Properties).some((each) => mentions(each, id))
  );
}

/** Why a resource that others refer to cannot be deleted; undefined when none does. @param code Azure's error code */
export function inUse(id: string, types: string[], code: string, cloud: AzureCloud): string | undefined {
  const [user] = usersOf(id, types, cloud);
  return user && `${id} is in use by ${user} (${code})`;
}

/** The names that a list of parts gives more than once; they have no case. */
export function doubled(names: (string | undefined)[]): string[] {
  const keys = names.map((name) => name?.toLowerCase());
  return names.filter((name, index): name is string => name !== undefined && keys.indexOf(keys[index]) < index);
}
