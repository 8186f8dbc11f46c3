import { expect } from "chai";
import { UNTAGGABLE as UNTAGGABLE_IN_CLOUDS } from "../../policy/kit/taggable.ts";
import type { Registrations } from "./mocks.ts";

/** Tags as a stack hands them to its components, and one of the user's own. */
export const TAGS = {
  Purpose: "test",
  Environment: "production",
  Workload: "shop",
  Owner: "platform-team",
  CostCenter: "4711",
};

/** The types in use that have no tags: the cloud gives them none, or they are in no cloud. */
const UNTAGGABLE: ReadonlySet<string> = new Set([
  ...UNTAGGABLE_IN_CLOUDS,
  "random:index/randomPassword:RandomPassword",
  "random:index/randomString:RandomString",
  "random:index/randomUuid:RandomUuid",
]);

/** Fails unless a component and all that it made keep the rules that hold for every component of the house. */
export function expectHouseRules(resources: Registrations, name: string, type: string): void {
  const [component] = resources.ofType(type);
  expect(component, `a component of type ${type}`).to.include({ name, custom: false, parent: undefined });
  for (const resource of resources.all.filter((each) => each !== component)) {
    expect(resource.name, "names begin with the component's").to.match(new RegExp(`^${name}-`));
    expect(resource.parent, `${resource.name} belongs to the component`).to.match(new RegExp(`^${name}(-|$)`));
  }
  expectTags(resources, TAGS);
}

/** Fails unless everything that can carry tags carries these. */
export function expectTags(resources: Registrations, tags: Record<string, string>): void {
  for (const { name, type, inputs } of resources.customs) {
    if (UNTAGGABLE.has(type)) expect(inputs, `${name} has no tags in the cloud`).to.not.have.property("tags");
    else expect(tagsIn(inputs.tags), `the tags of ${name}`).to.include(tags);
  }
}

/** Tags by key; an Auto Scaling group has them as a list, each with whether its servers get it too. */
function tagsIn(tags: unknown): unknown {
  return Array.isArray(tags) ? Object.fromEntries(tags.map(({ key, value }) => [key, value])) : tags;
}

/** Fails unless exactly these, and all of these, are kept when somebody deletes them or their stack. */
export function expectProtected(resources: Registrations, names: string[]): void {
  expect(resources.customs.filter(({ protect }) => protect).map(({ name }) => name)).to.have.members(names);
  expect(resources.customs.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name)).to.have.members(
    names,
  );
}
