import { isDeepStrictEqual } from "node:util";
import { copyTagsOf, isSameVersion, originOf } from "./copy-tags.ts";
import { type Copy, REPLICATE_TAG, type SourceSecret } from "./secret-state.ts";

/** What brings a copy to its source's state. */
export type Decision =
  /** Give the copy the source's current value, and these tags, as a new version. */
  | { action: "set"; tags: Record<string, string> }
  /** The value is there already: let it be read, under these tags. */
  | { action: "change"; tags: Record<string, string> }
  /** The source is gone, or may not cross any more: nobody reads the copy, and nothing of it is lost. */
  | { action: "disable" }
  /** Under the copy's name is what somebody else wrote last, which is his. */
  | { action: "foreign" }
  | { action: "keep" };

/** Whether a secret may cross: it lives, has a value, and is tagged for this very workload. */
export function mayCross(source: SourceSecret | undefined, workload: string): source is SourceSecret {
  return (
    source !== undefined && !source.deleted && source.version !== undefined && source.tags[REPLICATE_TAG] === workload
  );
}

/**
 * Decides by what both sides are now, whatever event led here, so that events may come twice and in any order.
 *
 * @param source undefined when there is no such secret
 * @param copy undefined when there is none
 */
export function decide(source: SourceSecret | undefined, copy: Copy | undefined, workload: string): Decision {
  const isOurs = copy !== undefined && originOf(copy) !== undefined;
  if (!mayCross(source, workload)) return isOurs && copy.enabled ? { action: "disable" } : { action: "keep" };
  const tags = copyTagsOf(source);
  if (copy === undefined) return { action: "set", tags };
  if (originOf(copy) !== source.name) return { action: "foreign" };
  if (!isSameVersion(copy, source)) return { action: "set", tags };
  return copy.enabled && isDeepStrictEqual({ ...copy.tags }, tags) ? { action: "keep" } : { action: "change", tags };
}
