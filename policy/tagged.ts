import { type Finding, unknown, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { at, type Resource, UNKNOWN } from "./kit/resource.ts";
import { TAGGABLE, UNTAGGABLE } from "./kit/taggable.ts";

/** What of it can be set. */
interface Config {
  /** Tags that everything carries. */
  tags: string[];
}

const TAGS = ["Purpose", "Environment", "Workload", "Owner"];
const CLOUDS = ["aws", "azure-native"];

/**
 * Everything that can carry tags says what it is for and whom to ask: who is to decide in a disaster what may go has no
 * time to find out. A type of which it is not known whether it carries tags is told, and belongs into
 * policy/kit/taggable.ts.
 *
 * Severity: medium. Reference: AWS Well-Architected, COST02-BP05, Implement cost controls; Azure Cloud Adoption
 * Framework, Define your tagging strategy.
 */
export const tagged = policy<Config>(
  {
    name: "tagged",
    description: `Everything that can carry tags has ${TAGS.join(", ")}.`,
    enforcementLevel: "mandatory",
    severity: "medium",
    mend: "Hand the component's `tags` on to the resource; `tagsFor` in stacks/tags.ts makes them.",
    config: { schema: { tags: { type: "array", items: { type: "string" }, default: TAGS } }, defaults: { tags: TAGS } },
  },
  { resource: (resource, { tags }) => missing(resource, tags) },
);

function missing(resource: Resource, wanted: readonly string[]): Finding[] {
  const [provider = ""] = resource.type.split(":");
  if (!CLOUDS.includes(provider) || UNTAGGABLE.has(resource.type)) return [];
  if (!TAGGABLE.has(resource.type)) return [unknown(resource, `whether ${resource.type} carries tags`)];
  const tags = tagsOf(resource);
  if (tags === UNKNOWN) return [unknown(resource, "tags")];
  const absent = wanted.filter((tag) => tags[tag] !== UNKNOWN && !tags[tag]);
  const later = wanted.filter((tag) => tags[tag] === UNKNOWN);
  return [
    ...(absent.length > 0 ? [wrong(resource, `has no tag ${absent.join(", ")}; write tags: args.tags`)] : []),
    ...later.map((tag) => unknown(resource, `tag ${tag}`)),
  ];
}

function tagsOf(resource: Resource): Record<string, unknown> | typeof UNKNOWN {
  const tags = at(resource, "tags");
  if (tags === UNKNOWN) return UNKNOWN;
  // An auto-scaling group has a list of them.
  if (Array.isArray(tags)) return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  return (tags ?? {}) as Record<string, unknown>;
}
