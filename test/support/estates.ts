import type { PeopleFile } from "../../policy/audit/people/schema.ts";
import type { AuditResource } from "../../policy/audit/resources.ts";
import { auditedStacks } from "./audited-stacks.ts";

let defaults: Promise<AuditResource[]> | undefined;

/** The resources of the stacks with the settings of the project, deployed once for all tests. */
export function deployedDefaults(): Promise<AuditResource[]> {
  defaults ??= auditedStacks();
  return defaults;
}

/** What a test does to the people and to the resources. */
export interface Change {
  people?(people: PeopleFile): void;
  resources?(resources: AuditResource[]): AuditResource[];
}

/** Gives resources of a name, or of a part of one, other properties. @throws Error when there is none */
export function edit(name: string, change: (props: Record<string, unknown>) => Record<string, unknown>) {
  return (resources: AuditResource[]): AuditResource[] => {
    if (!resources.some((each) => each.name === name)) throw new Error(`expected a resource named ${name}, found none`);
    return resources.map((each) =>
      each.name === name ? { ...each, props: { ...each.props, ...change(each.props) } } : each,
    );
  };
}

/** Takes resources of a name away. @throws Error when there is none */
export function drop(name: string) {
  return (resources: AuditResource[]): AuditResource[] => {
    if (!resources.some((each) => each.name === name)) throw new Error(`expected a resource named ${name}, found none`);
    return resources.filter((each) => each.name !== name);
  };
}

/** Somebody of the people file. @throws Error when there is nobody of that name */
export function principalOf(people: PeopleFile, name: string): PeopleFile["principals"][string] {
  const found = people.principals[name];
  if (!found) throw new Error(`expected a principal ${name}, found ${Object.keys(people.principals).join(", ")}`);
  return found;
}

/** A statement that allows actions everywhere. */
export function allow(...actions: string[]): Record<string, unknown> {
  return { Version: "2012-10-17", Statement: { Effect: "Allow", Action: actions, Resource: "*" } };
}

/** Every lock as firm as the settings can make it: compliance, and locked. */
export const FIRM = (resources: AuditResource[]): AuditResource[] =>
  [
    edit("shop-content-lock", () => ({ rule: { defaultRetention: { mode: "COMPLIANCE", days: 30 } } })),
    edit("shop-dumps-lock", () => ({ rule: { defaultRetention: { mode: "COMPLIANCE", days: 14 } } })),
    edit("shop-backups-lock", () => ({ changeableForDays: 3 })),
    ...["shop-content-account", "shop-dumps-account"].map((name) =>
      edit(name, () => ({
        immutableStorageWithVersioning: {
          enabled: true,
          immutabilityPolicy: { immutabilityPeriodSinceCreationInDays: 30, state: "Locked" },
        },
      })),
    ),
  ].reduce((all, change) => change(all), resources);
