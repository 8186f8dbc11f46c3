import type { Refusal } from "../../provider/actuator.ts";

/** Most tags of a resource, and the longest value ("Use tags to organize your Azure resources", Limitations). */
const MOST_TAGS = 50;
const LONGEST_VALUE = 256;

/** Longest tag name of most types, and of storage accounts (the same page). */
export const LONGEST_TAG_NAME = 512;
export const LONGEST_STORAGE_TAG_NAME = 128;

const SOURCE = "(Use tags to organize your Azure resources, Limitations)";

/** What Azure would refuse about tags. @param longest longest name that the type allows */
export function tagRefusals(tags: unknown, longest: number): Refusal[] {
  const entries = Object.entries((tags ?? {}) as Record<string, string>);
  const refusals: Refusal[] = [];
  if (entries.length > MOST_TAGS) {
    refusals.push({ property: "tags", reason: `${entries.length} tags; at most ${MOST_TAGS} ${SOURCE}` });
  }
  // Names are the same whatever their case; values are not.
  const seen = new Set<string>();
  for (const [name, value] of entries) {
    const property = `tags.${name.slice(0, 20)}`;
    if (seen.has(name.toLowerCase())) {
      refusals.push({ property, reason: `"${name}" differs from another name in nothing but case ${SOURCE}` });
    }
    seen.add(name.toLowerCase());
    if (name === "" || name.length > longest) {
      refusals.push({ property, reason: `a name of ${name.length} characters; expected 1 to ${longest} ${SOURCE}` });
    }
    if (/[<>%&\\?/]/.test(name)) {
      refusals.push({ property, reason: `"${name}" has one of < > % & \\ ? / in it ${SOURCE}` });
    }
    if (value.length > LONGEST_VALUE) {
      refusals.push({ property, reason: `a value of ${value.length} characters; at most ${LONGEST_VALUE} ${SOURCE}` });
    }
  }
  return refusals;
}
