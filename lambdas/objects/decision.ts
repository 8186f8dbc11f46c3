import { isDeepStrictEqual } from "node:util";
import { type Expected, type State, toSecond } from "./store.ts";

/** What became of a key. `gone`: there is nothing on either side that users would see. */
export type Outcome = "copied" | "unchanged" | "hidden" | "gone";

/** What is to be done for one key. */
export type Step =
  | { do: "nothing"; outcome: "unchanged" | "gone" }
  | { do: "write" | "hide"; expected: Expected }
  | { do: "refuse"; reason: string };

/** The standby's writes wait for somebody to bring them back, or to delete them. */
const NOT_OURS =
  "the blob carries no source record, so it is not the replicator's to overwrite: bring it back by reconcile --back, or delete it";

/** Decides for one key by what stands on both sides. */
export type Rule = (source: State | undefined, copy: State | undefined) => Step;

/**
 * From the primary to the standby: the copy becomes what the source is, and is hidden when that is gone.
 *
 * A copy without a record was written at the standby and stays. Two give way, because nothing is lost: a blob that the
 * source says it was copied back from, and a tombstone that is older than the source. The key is the primary's again.
 */
export const toStandby: Rule = (source, copy) => {
  if (!source || source.gone) return hideCopy(copy);
  if (!copy) return { do: "write", expected: "nothing" };
  if (copy.record && agrees(source, copy)) return { do: "nothing", outcome: "unchanged" };
  if (copy.record || givesWay(source, copy)) return { do: "write", expected: { etag: copy.etag } };
  return { do: "refuse", reason: NOT_OURS };
};

/** Whether nothing is lost when what the standby wrote itself is overwritten. */
function givesWay(source: State, copy: State): boolean {
  // Removed at the standby, and written at the primary after that: nobody could use the key again otherwise.
  if (copy.gone) return source.modified >= copy.modified;
  return source.record?.etag === copy.etag;
}

function hideCopy(copy: State | undefined): Step {
  // A tombstone also where nothing was copied: somebody slower, who has seen the source, must not bring it back.
  if (!copy) return { do: "hide", expected: "nothing" };
  if (!copy.record || copy.gone) return { do: "nothing", outcome: "gone" };
  return { do: "hide", expected: { etag: copy.etag } };
}

/**
 * From the standby back to the primary, after a disaster: what was written at the standby, and never over what is
 * newer at the primary.
 *
 * @param since when the content was declared lost: what the primary has from then on, its users wrote after that
 */
export function toPrimary(since: Date): Rule {
  // S3 tells seconds: what was written in that of the declaration may have been written after it.
  const second = toSecond(since).getTime();
  // A record of an earlier blob tells nothing: S3 takes it along when users rename what came back long ago.
  const isBack = ({ record }: State) => record !== undefined && record.modified.getTime() >= second;
  return (source, copy) => {
    // What the replicator wrote is of the primary.
    if (!source || source.record) return { do: "nothing", outcome: "unchanged" };
    if (source.gone && !copy) return { do: "nothing", outcome: "gone" };
    if (copy && !source.gone && copy.record?.etag === source.etag) return { do: "nothing", outcome: "unchanged" };
    if (copy && copy.modified.getTime() >= second && !isBack(copy)) {
      return {
        do: "refuse",
        reason: `the primary's object is of ${copy.modified.toISOString()}, written after the declaration of ${since.toISOString()}; decide by hand which to keep`,
      };
    }
    return { do: source.gone ? "hide" : "write", expected: copy ? { etag: copy.etag } : "nothing" };
  };
}

/** Whether a copy is of the source's state of now, its tags included: they change without a new version. */
function agrees(source: State, { record, gone, tags }: State): boolean {
  return (
    !gone &&
    record?.etag === source.etag &&
    record.version === source.version &&
    record.modified.getTime() === source.modified.getTime() &&
    isDeepStrictEqual({ ...tags }, { ...source.tags })
  );
}
