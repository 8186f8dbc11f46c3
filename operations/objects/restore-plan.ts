/** One version of a blob, as far as it matters what was there when. */
export interface Version {
  /** When it was written, as Azure names it. @example "2026-11-21T16:30:49.1234567Z" */
  id: string;
  /** Whether it is what there is now. */
  current: boolean;
  /** Softly deleted: it can't be copied from before somebody undeletes it. */
  deleted: boolean;
  /** Without its quotes. */
  etag: string;
  bytes: number;
  /** Whether it shows nothing: a tombstone. */
  gone: boolean;
  /** Id of the version that it was restored from; undefined when it was written otherwise. */
  restoredFrom?: string;
  /** As it stands at Azure. */
  metadata: Record<string, string>;
}

/** What is to be done with one blob. */
export type Step =
  | { do: "nothing" }
  /** The version is copied over what is there: a state with this ETag, or nothing. */
  | { do: "copy"; from: Version; over: string | undefined }
  /** What is there is hidden. */
  | { do: "hide"; over: string }
  | { do: "refuse"; reason: string };

/**
 * What brings a blob to what it was at a moment: decided by all its versions, in any order, and by nothing else. What
 * is done already is not done again, so a restore that was interrupted goes on where it stopped.
 */
export function restoreStep(versions: readonly Version[], at: Date): Step {
  if (versions.some(({ id }) => id === "")) {
    return { do: "refuse", reason: "it has no versions; the account has to keep them (isVersioningEnabled)" };
  }
  const now = versions.find(({ current, deleted }) => current && !deleted);
  const then = versionAt(versions, at);
  if (!then || then.gone) return now && !now.gone ? { do: "hide", over: now.etag } : { do: "nothing" };
  if (now && sameContent(now, then)) return { do: "nothing" };
  if (then.deleted) {
    return { do: "refuse", reason: `its version ${then.id} was deleted; undelete the blob, then run this again` };
  }
  return { do: "copy", from: then, over: now?.etag };
}

/** The version that was current at a moment; undefined when there was none yet. */
export function versionAt(versions: readonly Version[], at: Date): Version | undefined {
  // Ids are moments to 100 ns, all written alike, so that texts compare as the moments do.
  const stamp = at.toISOString().replace("Z", "0000Z");
  const before = versions.filter(({ id }) => id <= stamp);
  return before.reduce<Version | undefined>((last, one) => (last && last.id >= one.id ? last : one), undefined);
}

/** Whether one is the other, or both were restored from the same. */
function sameContent(one: Version, other: Version): boolean {
  return !one.gone && one.bytes === other.bytes && originOf(one) === originOf(other);
}

/** Id of the version whose content this is. */
export function originOf({ id, restoredFrom }: Version): string {
  return restoredFrom ?? id;
}
