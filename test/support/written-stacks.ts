import type { Role } from "../../stacks/fields.ts";
import { chainOf, deployedStacks } from "./audited-stacks.ts";
import { LATER, type Written } from "./judged.ts";
import { outputsOf } from "./mock-outputs.ts";
import type { Registered, Registrations } from "./mocks.ts";

let defaults: Promise<Record<Role, Registrations>> | undefined;
let withContainers: Promise<Record<Role, Registrations>> | undefined;

/** What a stack registers with the defaults, as a policy is asked about it. */
export async function writtenStack(role: Role): Promise<Written[]> {
  defaults ??= deployedStacks();
  return writtenOf((await defaults)[role]);
}

/** What a stack registers besides where containers' images are copied. */
export async function writtenWithContainers(role: Role): Promise<Written[]> {
  withContainers ??= deployedStacks(["shop/web"]);
  return writtenOf((await withContainers)[role]);
}

/** The same before anything stands: what is taken from another resource, and what the clouds say, nobody knows. */
export async function earlyStack(role: Role): Promise<Written[]> {
  const written = await writtenStack(role);
  return written.map(({ props = {}, takenFrom = {}, ...rest }) => {
    const known = ([input, value]: [string, unknown]) => [input, takenFrom[input]?.length ? LATER : value];
    const early = Object.fromEntries(Object.entries(props).map(known));
    return { ...rest, takenFrom, props: { ...early, ...later(early, ["id", "arn", "url"]) } };
  });
}

function later(props: object, keys: string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => key in props).map((key) => [key, LATER]));
}

/** What was registered, as a policy is asked about it. */
export function writtenOf({ all }: Registrations): Written[] {
  const components = new Map(all.filter(({ custom }) => !custom).map((each) => [each.name, each]));
  const standing = new Set(all.map(({ name }) => name));
  return all.map((resource) => ({
    type: resource.type,
    name: resource.name,
    props: resource.custom ? propsOf(resource) : {},
    protect: resource.protect,
    within: chainOf(resource, components).map((type) => type.replace("multicloud-dr:", "")),
    takenFrom: Object.fromEntries(
      Object.entries(resource.takenFrom).map(([input, names]) => [input, names.filter((name) => standing.has(name))]),
    ),
  }));
}

/** What the cloud adds, and then what the program wrote: a mock's answer may leave out what is not asked of it. */
function propsOf({ type, name, inputs }: Registered): Record<string, unknown> {
  const { id, state } = outputsOf(type, name, inputs);
  return { id, ...state, ...inputs };
}
