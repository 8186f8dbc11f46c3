import { isDeepStrictEqual } from "node:util";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { locationRefusals } from "./locations.ts";
import { lockRefusal } from "./locks.ts";
import { release } from "./release.ts";
import { tagRefusals } from "./tags.ts";

/** A type of Azure resource: where it lives, what its name may be, and what creating it does besides. */
export interface ArmType {
  /** The id, from inputs that are all known. */
  id(inputs: Properties, cloud: AzureCloud): string;
  name: {
    /** The input that holds it. */
    property: string;
    pattern: RegExp;
    /** The rule in words, with its source. */
    rule: string;
    /**
     * How a name is made up when none is given: from the logical name with some digits, as a GUID, or as the
     * logical name itself. Without it one must be given.
     */
    auto?: "suffix" | "guid" | "copy";
  };
  /** The inputs that name what the resource lives in, and the id that they lead to. */
  parent?: { property: string; id(inputs: Properties, cloud: AzureCloud): string };
  /** Whether the resource lives in a region: its own, else the provider's, else its group's. */
  regional?: boolean;
  /** Longest name of a tag; without it the type has no tags. */
  longestTagName?: number;
  /** Inputs that can't change in place, besides name, parent and region. */
  replaceOn?: string[];
  /** Whether nothing at all can change in place. */
  immutable?: boolean;
  /** Rules of its own; the inputs are known or left out, and `unknown` names those that are given all the same. */
  check?(
    inputs: Properties,
    cloud: AzureCloud,
    former: Properties | undefined,
    unknown: ReadonlySet<string>,
  ): Refusal[];
  /** Outputs besides id, name, type and location, and those of these that are special; kept from the first write on. */
  outputs?(inputs: Properties, id: string, cloud: AzureCloud): Properties;
  /** What else creating it does, before it is there. */
  onCreate?(inputs: Properties, cloud: AzureCloud): Promise<void> | void;
  /** What else every write does, the first and each change, before it is written and before its outputs are told. */
  onWrite?(inputs: Properties, id: string, cloud: AzureCloud): Promise<void> | void;
  /** Whether it is only settings of its parent: what has its id in front lives in the parent and outlives it. */
  settings?: boolean;
  /** Why it cannot be deleted now; undefined when it can. */
  keeps?(id: string, cloud: AzureCloud): Promise<string | undefined> | string | undefined;
}

const MAKE = {
  suffix: (logicalName: string, hex: string) => `${logicalName}${hex.slice(0, 8)}`,
  guid: (_logicalName: string, hex: string) =>
    [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-"),
  copy: (logicalName: string) => logicalName,
};

/** Makes an actuator of a type of Azure resource; all of them are written and read in one way. */
export function armActuator(type: ArmType): Actuator<AzureCloud> {
  const { name, parent, regional } = type;
  const change = async (id: string, inputs: Properties, cloud: AzureCloud, kept: Properties): Promise<Properties> => {
    const computed = {
      azureApiVersion: "",
      name: nameOf(id),
      type: typeName(id),
      location: locationOf(type, inputs, cloud),
      ...kept,
    };
    cloud.resources.put(id, { ...inputs, ...computed });
    return computed;
  };

  return {
    autoname: name.auto && { property: name.property, make: MAKE[name.auto] },
    replaceOn: [
      name.property,
      ...(parent ? [parent.property, GROUP.property] : []),
      ...(regional ? ["location"] : []),
      ...(type.replaceOn ?? []),
    ],
    // What has a name made up can stand beside its successor; the provider sees to that.
    deleteBeforeReplace: type.immutable || !name.auto || name.auto === "copy" ? true : undefined,

    check(inputs, { cloud, former, unknown }) {
      const refusals: Refusal[] = [];
      const given = inputs[name.property];
      if (given === undefined && !unknown.has(name.property)) {
        refusals.push({ property: name.property, reason: `no name is given: ${name.rule}` });
      }
      if (typeof given === "string" && !name.pattern.test(given)) {
        refusals.push({ property: name.property, reason: `"${given}" is no valid name: ${name.rule}` });
      }
      // A group has nothing to take its region from.
      const mustSay = regional && !parent && !cloud.location && !unknown.has("location");
      if (mustSay && inputs.location === undefined) {
        const reason = "no region is given: set it here or as azure-native:location (LocationRequired)";
        refusals.push({ property: "location", reason });
      }
      if (regional) refusals.push(...locationRefusals(inputs.location ?? cloud.location));
      if (type.longestTagName !== undefined) refusals.push(...tagRefusals(inputs.tags, type.longestTagName));
      refusals.push(...parentRefusals(type, inputs, cloud), ...takenRefusals(type, inputs, cloud, former));
      return [...refusals, ...(type.check?.(inputs, cloud, former, unknown) ?? [])];
    },

    async create(inputs, cloud) {
      const id = type.id(inputs, cloud);
      // Checked again: between check and create somebody else may have come or gone.
      const [refusal] = [...parentRefusals(type, inputs, cloud), ...takenRefusals(type, inputs, cloud, undefined)];
      if (refusal) throw new Error(`${refusal.property}: ${refusal.reason}`);
      await type.onCreate?.(inputs, cloud);
      await type.onWrite?.(inputs, id, cloud);
      return { id, properties: await change(id, inputs, cloud, type.outputs?.(inputs, id, cloud) ?? {}) };
    },

    async read({ id, properties }, cloud) {
      const found = cloud.resources.get(id);
      // Only what was changed behind the engine's back: an output may extend the input of the same name.
      return found && changesIn(found.properties, properties);
    },

    update: type.immutable
      ? undefined
      : async ({ id, properties }, inputs, cloud) => {
          await type.onWrite?.(inputs, id, cloud);
          const fresh = type.outputs?.(inputs, id, cloud) ?? {};
          // What follows from an input follows it; what was drawn once stays.
          const follows = (key: string) => key in inputs || fresh[key] === undefined;
          const kept = Object.fromEntries(
            Object.keys(fresh).map((key) => [key, follows(key) ? fresh[key] : (properties[key] ?? fresh[key])]),
          );
          return change(id, inputs, cloud, kept);
        },

    async delete({ id }, cloud) {
      const hindrance = lockRefusal(id, cloud.resources) ?? (await type.keeps?.(id, cloud));
      if (hindrance !== undefined) throw new Error(hindrance);
      const gone = type.settings ? cloud.resources.deleteAlone(id) : cloud.resources.delete(id);
      for (const resource of gone) await release(resource.id, cloud);
    },
  };
}

/** The id of something in a resource group. @param path @example "Microsoft.Storage/storageAccounts/shopcopies" */
export function inGroup(cloud: AzureCloud, group: unknown, path: string): string {
  return cloud.resources.id(`resourceGroups/${group}/providers/${path}`);
}

/** The id of the resource group that `resourceGroupName` names; the parent of most types. */
export const GROUP = {
  property: "resourceGroupName",
  id: (inputs: Properties, cloud: AzureCloud) => cloud.resources.id(`resourceGroups/${inputs.resourceGroupName}`),
};

/** The region of something in a resource group: its own, else the provider's, else the group's. */
export function regionIn(inputs: Properties, cloud: AzureCloud): unknown {
  return inputs.location ?? cloud.location ?? cloud.resources.get(GROUP.id(inputs, cloud))?.properties.location;
}

function parentRefusals({ parent }: ArmType, inputs: Properties, cloud: AzureCloud): Refusal[] {
  if (!parent || inputs[parent.property] === undefined) return [];
  const id = parent.id(inputs, cloud);
  if (id.includes("undefined") || cloud.resources.exists(id)) return [];
  return [{ property: parent.property, reason: `${id} was not found (ParentResourceNotFound, ResourceGroupNotFound)` }];
}

function takenRefusals(
  type: ArmType,
  inputs: Properties,
  cloud: AzureCloud,
  former: Properties | undefined,
): Refusal[] {
  const id = type.id(inputs, cloud);
  const own = former && type.id(former, cloud).toLowerCase();
  if (own === id.toLowerCase() || id.includes("undefined") || !cloud.resources.get(id)) return [];
  return [{ property: type.name.property, reason: `${id} exists already; import it or choose another name` }];
}

function locationOf({ regional, parent }: ArmType, inputs: Properties, cloud: AzureCloud): unknown {
  if (regional && parent) return regionIn(inputs, cloud);
  return inputs.location ?? (regional ? cloud.location : undefined);
}

function changesIn(found: Properties, expected: Properties): Properties {
  return Object.fromEntries(Object.entries(found).filter(([key, value]) => !isDeepStrictEqual(value, expected[key])));
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** `…/providers/Microsoft.X/a/1/b/2` is of the type `Microsoft.X/a/b`. */
function typeName(id: string): string {
  const provider = id.slice(id.lastIndexOf("/providers/") + "/providers/".length).split("/");
  if (!id.includes("/providers/")) return "Microsoft.Resources/resourceGroups";
  return [provider[0], ...provider.slice(1).filter((_, index) => index % 2 === 0)].join("/");
}
