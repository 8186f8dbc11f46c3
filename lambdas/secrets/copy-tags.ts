import { copyNameOf, isSourceName } from "./names.ts";
import { type Copy, REPLICATE_TAG, type SourceSecret } from "./secret-state.ts";

/** What a copy says of its source. */
const OWN = {
  name: "source-name",
  /** The rest of a name that is longer than one tag. */
  moreName: "source-name-2",
  version: "source-version",
  id: "source-id",
  /** How many of the source's tags found no room. */
  leftOut: "source-tags-left-out",
} as const;

const RESERVED: readonly string[] = Object.values(OWN);

/** A vault's secret has at most 15 tags with values of at most 256 ("About keys, secrets, and certificates", Tags). */
const MOST_TAGS = 15;
const LONGEST_VALUE = 256;

/**
 * The tags of a copy: which version of which secret it is, and the source's own as far as there is room.
 *
 * Left out, and counted, are those beyond the 15th by name, those named like ours or another in other case, and those
 * with a slash, which Azure takes in no tag's name. What AWS sets itself, and the tag that lets across, are nobody's loss.
 */
export function copyTagsOf({ name, id, version, tags }: SourceSecret): Record<string, string> {
  const own: Record<string, string> = {
    [OWN.name]: name.slice(0, LONGEST_VALUE),
    ...(name.length > LONGEST_VALUE && { [OWN.moreName]: name.slice(LONGEST_VALUE) }),
    [OWN.version]: version ?? "",
    [OWN.id]: id,
  };
  const wished = Object.keys(tags)
    .filter((key) => !key.startsWith("aws:") && key !== REPLICATE_TAG)
    .sort();
  const fit = wished.filter((key, index) => {
    const former = wished.slice(0, index).map((each) => each.toLowerCase());
    return !/[<>%&\\?/]/.test(key) && ![...RESERVED, ...former].includes(key.toLowerCase());
  });
  const room = MOST_TAGS - Object.keys(own).length;
  const all = fit.length === wished.length && fit.length <= room;
  const carried = all ? fit : fit.slice(0, room - 1);
  return {
    ...own,
    ...Object.fromEntries(carried.map((key) => [key, tags[key] ?? ""])),
    ...(!all && { [OWN.leftOut]: String(wished.length - carried.length) }),
  };
}

/** The secret that a copy says it is of; undefined when this replicator did not write it. */
export function originOf({ name, tags }: Copy): string | undefined {
  const told = `${tags[OWN.name] ?? ""}${tags[OWN.moreName] ?? ""}`;
  if (tags[OWN.version] === undefined || !isSourceName(told)) return undefined;
  return copyNameOf(told) === name.toLowerCase() ? told : undefined;
}

/** Whether a copy holds what the source has now. */
export function isSameVersion(copy: Copy, { id, version }: SourceSecret): boolean {
  return copy.tags[OWN.version] === version && copy.tags[OWN.id] === id;
}

/** The version that a copy says it holds. */
export function versionOf({ tags }: Copy): string | undefined {
  return tags[OWN.version];
}
