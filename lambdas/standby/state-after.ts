import { isDeepStrictEqual } from "node:util";
import type { Promoted } from "../database/promote.ts";
import { refusalOf } from "./dump-to-load.ts";
import { releaseAnswerOf } from "./hand-back.ts";
import { failuresWith, isGivenUp } from "./load-failures.ts";
import type { Reality, SeenData } from "./next-step.ts";
import type { PlanDocument } from "./plan-document.ts";
import type { RestoreAnswer } from "./restore-document.ts";
import { type Run, summaryOf } from "./run.ts";
import type { StateDocument } from "./state-document.ts";

/** So many that were set aside are remembered: those that could come up again, and some more. */
const MOST_SET_ASIDE = 50;

const DRILLED =
  "what a drill wrote is among what counts now, for it was declared straight from there; to do without, " +
  "`npm run dr -- restore-database --from latest --discard-standby` replaces all that was written here by the newest dump";

/** The state after a run. @param previous state before it; undefined at the first one */
export function stateAfter(previous: StateDocument | undefined, run: Run, now: Date): StateDocument {
  const { plan, reality, outcome } = run;
  const at = now.toISOString();
  const failures = failuresAfter(previous, run);
  const givenUp = failures && outcome instanceof Error && isGivenUp(failures, plan);
  const setAside = setAsideAfter(previous, givenUp ? { dump: failures.dump, reason: outcome.message, at } : undefined);
  const { status, detail, action } = summaryOf(run);
  const same = previous?.status === status && isDeepStrictEqual(previous.planned, plan);
  const done = action ? { action, at } : previous?.done;
  const lastError = outcome instanceof Error ? { message: outcome.message, at } : previous?.lastError;
  const { preparation: _, ...data } = (reality ? reality.data : lastKnown(previous, plan)) ?? {};
  const restore = answerOf(run) ?? previous?.restore;
  const isReleased = !(outcome instanceof Error) && outcome.kind === "release";
  const release = releaseAnswerOf(plan?.database, reality, isReleased) ?? previous?.release;
  const handedBack = reality ? handedBackOf(reality) : previous?.handedBack;
  const promoted = run.promoted ? promotionOf(run.promoted, at) : previous?.promoted;
  const newer = setAside.filter(({ dump }) => dump > (data.loaded ?? ""));
  const others = [
    ...(holdsDrill(data, outcome) ? [DRILLED] : []),
    ...(reality?.notice ? [reality.notice] : []),
    ...newer.slice(-1).map(renderSetAside),
  ];
  const followedSince = plan?.database?.follows === "dumps" ? (previous?.followedSince ?? at) : undefined;
  // A plan that can't be read says nothing of it.
  const serves = plan ? plan.ready?.includes("content") : previous?.contentSince !== undefined;
  const contentSince = serves ? (previous?.contentSince ?? at) : undefined;
  return {
    version: 2,
    status,
    detail: [detail, ...others].join("; "),
    ...(plan && { planned: plan }),
    ...(reality?.server && { seen: reality.server }),
    ...(Object.keys(data).length > 0 && { data }),
    ...(data.loaded !== undefined && { loaded: { dump: data.loaded, at: data.loadedAt } }),
    ...(run.loading && { loading: run.loading }),
    ...(run.copying && { copying: run.copying }),
    ...(handedBack && { handedBack }),
    ...(restore && { restore }),
    ...(release && { release }),
    ...(failures && !givenUp && { failures }),
    setAside,
    ...(followedSince && { followedSince }),
    ...(contentSince && { contentSince }),
    ...(promoted && { promoted }),
    ...(done && { done }),
    ...(lastError && { lastError }),
    since: same ? previous.since : at,
    attempt: same ? previous.attempt + 1 : 1,
    at,
  };
}

/** Whether a drill's writes are the server's own, from this run on or since a former one. */
function holdsDrill({ drilled, tenure }: SeenData, outcome: Run["outcome"]): boolean {
  if (drilled) return true;
  return !(outcome instanceof Error) && outcome.kind === "promote" && outcome.tenure === "own" && tenure === "lent";
}

function handedBackOf({ copy, data }: Reality): StateDocument["handedBack"] {
  if (!copy || copy.written.length > 0 || data?.open) return undefined;
  const { dump, gtid, at } = copy;
  return { dump, gtid, at };
}

/** What a server was last seen to hold, as far as it is the plan's. */
export function lastKnown(previous: StateDocument | undefined, plan: PlanDocument | undefined): SeenData | undefined {
  const same = previous?.planned?.database?.serverId === plan?.database?.serverId;
  return same ? previous?.data : undefined;
}

/** What is no failure of a load neither adds to them nor ends them, until the dump is loaded. */
function failuresAfter(previous: StateDocument | undefined, { failedLoad, reality }: Run): StateDocument["failures"] {
  const former = previous?.failures;
  if (failedLoad) return failuresWith(former, failedLoad);
  return former && former.dump === reality?.data?.loaded ? undefined : former;
}

function setAsideAfter(
  previous: StateDocument | undefined,
  added: StateDocument["setAside"][number] | undefined,
): StateDocument["setAside"] {
  const former = previous?.setAside ?? [];
  if (!added) return former;
  return [...former.filter(({ dump }) => dump !== added.dump), added].slice(-MOST_SET_ASIDE);
}

function renderSetAside({ dump, reason }: StateDocument["setAside"][number]): string {
  return `the dump ${dump} is set aside, for its load failed again and again: ${reason}`;
}

/** What became of an operator's request; undefined when there is none that holds. */
function answerOf({ plan, reality, outcome, loading }: Run): RestoreAnswer | undefined {
  const request = reality?.request;
  if (!request || !plan?.database) return undefined;
  const { dump, requestedAt } = request;
  const reason = refusalOf(plan.database, reality);
  if (reason !== undefined) return { dump, requestedAt, status: "refused", reason };
  const loadsIt = loading?.dump === dump || (!(outcome instanceof Error) && outcome.kind === "load");
  const loaded = reality.data?.restored === requestedAt && !reality.data.begun;
  return { dump, requestedAt, status: loaded ? "loaded" : loadsIt ? "loading" : "waiting" };
}

function promotionOf({ lastHeartbeat, unapplied, events }: Promoted, at: string): StateDocument["promoted"] {
  return { at, ...(lastHeartbeat !== undefined && { lastHeartbeat }), unapplied, events };
}
