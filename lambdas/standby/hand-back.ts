import { listed } from "../database/listed.ts";
import type { Reality, SeenData } from "./next-step.ts";
import type { PlannedDatabase } from "./plan-document.ts";
import type { ReleaseAnswer } from "./release-document.ts";

/** The copy of a server that takes no more writes, once it is whole. */
export interface SeenCopy {
  dump: string;
  /** Set of the transactions that are in it. */
  gtid: string;
  /** When it was sealed. */
  at: string;
  /** What was written since all the same; not known of a server that does not run. */
  written: string[];
}

/** What an operator says that the primary holds. */
export interface SeenRelease {
  dump: string;
  requestedAt: string;
  /** Why it was refused already; absent when it was not. */
  refused?: string;
}

/**
 * What handing back wants. `pause`: have no schema take writes any more, by a new name where `anew`, for what was copied
 * by the former one is not all. `copy`: copy it for the primary. `resume`: have all take writes again.
 * `release`: what is there is the primary's too.
 */
export type HandBackStep =
  | { kind: "pause"; anew: boolean }
  | { kind: "copy"; dump: string }
  | { kind: "resume" }
  | { kind: "release"; dump: string };

/** What comes next for a server that is promoted with writes of its own; undefined when nothing does. */
export function handBackStep(
  { own, handsBack }: PlannedDatabase,
  { data = {}, copy }: Reality,
): HandBackStep | undefined {
  // A drill changes nothing of what a declaration has left.
  if (!own || data.tenure !== "own") return undefined;
  const { paused } = data;
  if (!handsBack) return paused === undefined ? undefined : { kind: "resume" };
  if (paused === undefined || (copy && copy.written.length > 0)) return { kind: "pause", anew: true };
  if (data.open) return { kind: "pause", anew: false };
  return copy ? undefined : { kind: "copy", dump: paused };
}

/** The release that an operator asked for, where it can be carried out; a server that is stopped has to tell first. */
export function releaseStep(database: PlannedDatabase, reality: Reality): HandBackStep | undefined {
  const { release } = reality;
  if (!release || releaseRefusalOf(database, reality) !== undefined) return undefined;
  return { kind: "release", dump: release.dump };
}

/** Why a release is not carried out, now or at all; undefined when it is, or none is asked for. */
export function releaseRefusalOf(
  { target }: PlannedDatabase,
  { data = {}, copy, release }: Reality,
): string | undefined {
  if (!release) return undefined;
  if (release.refused !== undefined) return release.refused;
  if (copy?.dump !== release.dump) return `the copy ${release.dump} is not the server's: ${heldBy(data, copy)}`;
  if (copy.written.length > 0) {
    return (
      `the server was written to since the copy ${copy.dump}: ${listed(copy.written)}; hand back once more, or give that up ` +
      "by `npm run dr -- restore-database --from latest --discard-standby`"
    );
  }
  return target === "promoted" ? STILL_DECLARED : undefined;
}

const STILL_DECLARED = "the database is still declared lost: it is released once it is not (declareDisaster, handBack)";

function heldBy({ paused }: SeenData, copy: SeenCopy | undefined): string {
  if (paused === undefined) return "it takes writes, and has none that is good";
  return copy ? `that is ${copy.dump}` : `${paused} is not whole`;
}

/** What became of a release; undefined when none is asked for. @param released whether that was just done */
export function releaseAnswerOf(
  database: PlannedDatabase | undefined,
  reality: Reality | undefined,
  released: boolean,
): ReleaseAnswer | undefined {
  if (!database || !reality?.release) return undefined;
  const { dump, requestedAt } = reality.release;
  if (released) return { dump, requestedAt, status: "released" };
  const reason = releaseRefusalOf(database, reality);
  if (reason === undefined || reason === STILL_DECLARED) {
    return { dump, requestedAt, status: "waiting", ...(reason && { reason }) };
  }
  return { dump, requestedAt, status: "refused", reason };
}
