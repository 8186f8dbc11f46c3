import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../operations/stack-files.ts";
import { readPeople } from "../../policy/audit/people/read.ts";
import type { PeopleFile } from "../../policy/audit/people/schema.ts";
import type { AuditResource } from "../../policy/audit/resources.ts";
import { dr } from "../../stacks/dr.ts";
import type { Role } from "../../stacks/fields.ts";
import { link } from "../../stacks/link.ts";
import { prod } from "../../stacks/prod.ts";
import { traffic } from "../../stacks/traffic.ts";
import { settingsOf } from "./config.ts";
import { ACCOUNT, outputsOf } from "./mock-outputs.ts";
import { deploy, type Registered, type Registrations, settled } from "./mocks.ts";

/** The resources of prod, dr and link as the engine would have them after a deployment; see `deployedStacks`. */
export async function auditedStacks(containerRepositories: string[] = []): Promise<AuditResource[]> {
  const { prod: primary, dr: standby, link: both } = await deployedStacks(containerRepositories);
  return [...resourcesOf("prod", primary), ...resourcesOf("dr", standby), ...resourcesOf("link", both)];
}

/**
 * What each of the four stacks registers, one after the other.
 *
 * @param containerRepositories set in dr and link, and with them the standby serves by containers; all else is as by default
 */
export async function deployedStacks(containerRepositories: string[] = []): Promise<Record<Role, Registrations>> {
  const functions = {
    "aws:index/getAvailabilityZones:getAvailabilityZones": { names: ["a", "b", "c"] },
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId: ACCOUNT },
  };
  const primary = await deploy(() => prod([settingsOf("prod")]), { functions });
  const standby = await deploy(() =>
    dr([{ ...settingsOf("dr"), containerRepositories, ...containersOf(containerRepositories) }]),
  );
  const stacks = {
    "organization/multicloud-dr/prod": { outputs: await valuesOf(primary.result) },
    "organization/multicloud-dr/dr": { outputs: await valuesOf(standby.result) },
  };
  const both = await deploy(() => link([{ ...settingsOf("link"), containerRepositories }]), { stacks });
  const names = await deploy(() => traffic([settingsOf("traffic")], async (id) => id), { stacks });
  return {
    prod: primary.resources,
    dr: standby.resources,
    link: both.resources,
    traffic: names.resources,
  };
}

function containersOf([repository]: string[]) {
  return repository === undefined ? {} : { webTier: "containers" as const, containerImage: `${repository}:latest` };
}

/** The outputs of a stack, which the next one reads. */
async function valuesOf(result: object): Promise<Record<string, unknown>> {
  const [outputs = {}] = Object.values(result) as object[];
  return { workload: "shop", ...(await settled(outputs)) };
}

/** What a stack registered, as the audit reads it. */
export function resourcesOf(stack: string, { all }: Registrations): AuditResource[] {
  const components = new Map(all.filter(({ custom }) => !custom).map((each) => [each.name, each]));
  return all.map((resource) => {
    const within = chainOf(resource, components);
    const { id, state } = outputsOf(resource.type, resource.name, resource.inputs);
    return {
      stack,
      urn: `urn:pulumi:${stack}::multicloud-dr::${[...within, resource.type].join("$")}::${resource.name}`,
      type: resource.type,
      name: resource.name,
      within,
      props: resource.custom ? { id, ...state } : {},
      protect: resource.protect,
    };
  });
}

/** Types of the components that a resource is in, from the outside in. */
export function chainOf({ parent }: Registered, components: Map<string, Registered>): string[] {
  const above = parent === undefined ? undefined : components.get(parent);
  return above ? [...chainOf(above, components), above.type] : [];
}

/** The people file that the project comes with. */
export const PEOPLE_TEXT = readFileSync(join(PROJECT_FOLDER, "people.yaml"), "utf8");

/** It, read anew each time, so that a test can change it. */
export function defaultPeople(): PeopleFile {
  const { people, unread } = readPeople(PEOPLE_TEXT, "people.yaml");
  if (!people || unread.length > 0) throw new Error(JSON.stringify(unread, undefined, 2));
  return people;
}
