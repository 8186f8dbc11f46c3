import { refusalOf } from "../../lambdas/standby/dump-to-load.ts";
import type { PlannedDatabase } from "../../lambdas/standby/plan-document.ts";
import type { SeenState } from "./control.ts";
import type { Dump } from "./dumps.ts";

/** What a restore at the standby comes to. */
export interface Replacement {
  /** What the server holds, all of which is replaced; for people. */
  holds: string;
  /** Whether it is that dump, and nothing but that. */
  done: boolean;
  /** Why it may not be; absent when it may. */
  refused?: string;
}

const NO_SERVER =
  "expected a database server at the standby, found that its plan has none: declare the disaster or begin a drill, and " +
  "`pulumi up --stack dr`, which makes one that the newest dump is loaded into; or give a server of yours with --into";

/**
 * Decides what a restore would replace, by what the controller says of the standby; the controller itself decides again.
 *
 * @param dump id of the dump that is to be loaded
 * @param discard whether what was written at the standby may be lost
 */
export function replacementOf({ planned, data = {} }: SeenState, dump: string, discard: boolean): Replacement {
  const database = planned?.database as PlannedDatabase | undefined;
  if (!database) return { holds: "nothing", done: false, refused: NO_SERVER };
  const { loaded, begun, tenure, replication } = data;
  const holds = [
    loaded ? `the dump ${loaded}` : "no dump",
    ...(replication ? ["what came from the primary since"] : []),
    ...(tenure ? [`what was written ${tenure === "own" ? "at the standby itself" : "in a drill"}`] : []),
    ...(begun ? [`beside it the dump ${begun.dump}, half loaded`] : []),
  ].join(", ");
  const refusal = (discarding: boolean) => {
    const request = { dump, requestedAt: "now", discard: discarding, complete: true };
    return refusalOf(database, { data, request });
  };
  const refused = refusal(discard);
  if (refused === undefined) return { holds, done: loaded === dump && !begun && !tenure && !replication };
  const mend = refusal(true) === undefined ? "; bring them to safety first, or lose them with --discard-standby" : "";
  return { holds, done: false, refused: `${refused}${mend}` };
}

/**
 * How long a dump that was restored stays, where a newer complete one is there: a request holds until a complete dump
 * comes that was begun after it.
 *
 * @returns undefined where nothing takes its place by itself
 */
export function untilNext({ planned }: SeenState, chosen: Dump, newest: Dump | undefined): string | undefined {
  const { target, follows } = planned?.database ?? {};
  if (!newest || newest.dump <= chosen.dump || target === "promoted" || follows !== "dumps") return undefined;
  return (
    `It is older than the newest complete dump, ${newest.dump}: the next night's takes its place once it is complete on Azure, ` +
    "unless AWS makes none. To have it after that, restore it again, or load it elsewhere with --into."
  );
}
