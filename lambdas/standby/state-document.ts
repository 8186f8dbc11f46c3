import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { countOf } from "../database/gtid.ts";
import { listed } from "../database/listed.ts";
import type { Promoted } from "../database/promote.ts";
import { refusalOf } from "./dump-to-load.ts";
import { renderPreparation } from "./follower-preparation.ts";
import { releaseAnswerOf } from "./hand-back.ts";
import { type FailedLoad, failuresWith, isGivenUp, loadFailures } from "./load-failures.ts";
import type { Reality, SeenData, Step } from "./next-step.ts";
import { type PlanDocument, planDocument } from "./plan-document.ts";
import { releaseAnswer } from "./release-document.ts";
import { type RestoreAnswer, restoreAnswer } from "./restore-document.ts";

/** Name of the state's blob in the control container. */
export const STATE_BLOB = "state.json";

/** A load of this dump failed so often that it is not tried again. */
const setAside = z.strictObject({ dump: z.string(), reason: z.string(), at: z.string() });

/** How the controller stands, as `dr status` reads it; times are of the controller's clock, in ISO 8601. */
export const stateDocument = z.strictObject({
  version: z.literal(2),
  /** `settled`: plan and reality agree. `failed`: the last run ended with `lastError`. */
  status: z.enum(["settled", "acting", "loading", "copying", "waiting", "waiting-for-dump", "failed"]),
  /** Why it waits, or what it did; for people. */
  detail: z.string(),
  /** The plan that was read; absent when it could not be. */
  planned: planDocument.optional(),
  /** What was found; absent when the run did not get so far. */
  seen: z.strictObject({ state: z.string(), replicationRole: z.string() }).optional(),
  /** What the server was last seen to hold. Of a server that is stopped nothing more can be known. */
  data: z
    .strictObject({
      loaded: z.string().optional(),
      loadedAt: z.string().optional(),
      accounts: z.string().optional(),
      begun: z.strictObject({ dump: z.string(), swapping: z.boolean() }).optional(),
      tenure: z.enum(["own", "lent"]).optional(),
      unpromoted: z.boolean().optional(),
      drilled: z.boolean().optional(),
      restored: z.string().optional(),
      paused: z.string().optional(),
      open: z.boolean().optional(),
      released: z.string().optional(),
      replication: z
        .strictObject({
          state: z.enum(["following", "connecting", "stopped", "broken"]),
          lagSeconds: z.number().optional(),
          lastError: z.string().optional(),
        })
        .optional(),
    })
    .optional(),
  /** The dump that the server holds. */
  loaded: z.strictObject({ dump: z.string(), at: z.string().optional() }).optional(),
  /** How far a load is. */
  loading: z.strictObject({ dump: z.string(), phase: z.string(), done: z.number(), of: z.number() }).optional(),
  /** How far a copy of the server's own writes is, in portions. */
  copying: z.strictObject({ dump: z.string(), done: z.number(), of: z.number() }).optional(),
  /** The copy that has all that the server holds, while it takes no writes: to be loaded into the primary. */
  handedBack: z.strictObject({ dump: z.string(), gtid: z.string(), at: z.string() }).optional(),
  /** What became of an operator's request. */
  restore: restoreAnswer.optional(),
  /** What became of the word that the primary holds the copy. */
  release: releaseAnswer.optional(),
  /** Loads of one dump that failed. */
  failures: loadFailures.optional(),
  /** Dumps that are not tried again; the newest last. */
  setAside: z.array(setAside).default([]),
  /** Since when dumps are followed. */
  followedSince: z.string().optional(),
  /** Since when the standby serves the content, whatever was declared of it since. */
  contentSince: z.string().optional(),
  /** What came of the last promotion: how much of the primary's is not in the data. */
  promoted: z
    .strictObject({
      at: z.string(),
      /** The primary's last sign of life in the data; what it took after that may be lost. */
      lastHeartbeat: z.string().optional(),
      /** Set of the transactions that were received and are not in the data. */
      unapplied: z.string(),
      /** Events that have run at the standby since. */
      events: z.array(z.string()),
    })
    .optional(),
  /** The last action taken, by whatever run. */
  done: z.strictObject({ action: z.string(), at: z.string() }).optional(),
  /** The last failure, of whatever run. */
  lastError: z.strictObject({ message: z.string(), at: z.string() }).optional(),
  /** Since when plan and status are these. */
  since: z.string(),
  /** How many steps in a row, of whatever runs, have come to this plan and this status. */
  attempt: z.number(),
  /** When the last step was done; who waits for Azure takes none. */
  at: z.string(),
});

export type StateDocument = z.infer<typeof stateDocument>;

/** A step that a run took; to be blocked is a failure. */
export type StepTaken = Exclude<Step, { kind: "blocked" }>;

/** How far a load is. */
export type Loading = NonNullable<StateDocument["loading"]>;

/** How far a copy is. */
export type Copying = NonNullable<StateDocument["copying"]>;

/** What one run of the controller came to. */
export interface Run {
  /** Absent when it could not be read. */
  plan?: PlanDocument;
  /** Absent when the run did not get so far. */
  reality?: Reality;
  outcome: StepTaken | Error;
  /** How far the load came that the run worked at and did not end. */
  loading?: Loading;
  /** How far the copy came that the run worked at and did not end. */
  copying?: Copying;
  /** What came of a promotion. */
  promoted?: Promoted;
  /** The load that the failure is of. */
  failedLoad?: FailedLoad;
}

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

/** For people. */
function renderPromoted({ lastHeartbeat, unapplied, events }: Promoted): string {
  return [
    ...(lastHeartbeat === undefined ? [] : [`; the primary's last sign of life in it is of ${lastHeartbeat}`]),
    ...(unapplied === "" ? [] : [`; ${countOf(unapplied)} received transactions are not in it (${unapplied})`]),
    ...(events.length === 0 ? [] : [`; events that run here from now on: ${listed(events)}`]),
  ].join("");
}

function settledDetail({ copy, data }: Reality): string {
  if (data?.paused === undefined) return "plan and reality agree";
  const copied = copy ? `; the copy ${copy.dump} has all that is there, for the primary` : "";
  return `plan and reality agree: the server takes no writes${copied}`;
}

type Summary = Pick<StateDocument, "status" | "detail"> & { action?: string };

function summaryOf({ outcome, loading, copying, promoted, reality }: Run): Summary {
  if (outcome instanceof Error) return { status: "failed", detail: outcome.message };
  const acting = (detail: string): Summary => ({ status: "acting", detail, action: outcome.kind });
  switch (outcome.kind) {
    case "none":
      return { status: "settled", detail: reality ? settledDetail(reality) : "plan and reality agree" };
    case "wait":
      return { status: "waiting", detail: outcome.reason };
    case "wait-for-dump":
      return { status: "waiting-for-dump", detail: "the server is ready; it waits for a complete dump to load" };
    case "load":
      return loading
        ? {
            status: "loading",
            detail: `loads the dump ${loading.dump}: ${loading.phase}, ${loading.done} of ${loading.of}`,
          }
        : acting(`loaded the dump ${outcome.dump}`);
    case "prepare":
      return acting(`asked Azure to ${renderPreparation(outcome.preparation)}, which following the primary takes`);
    case "follow":
      return acting("has the server follow the primary");
    case "accounts":
      return acting(`gave the server the accounts of the dump ${outcome.dump}`);
    case "leave":
      return acting("has the server follow the primary no longer");
    case "promote":
      return acting(
        `promoted the server: what is written to it ${outcome.tenure === "own" ? "counts" : "is a drill's"}` +
          (promoted ? renderPromoted(promoted) : ""),
      );
    case "pause":
      return acting("no schema of the server takes writes any more; it is copied next, for the primary");
    case "copy":
      return copying
        ? {
            status: "copying",
            detail: `copies the server as ${outcome.dump}: ${copying.done} of ${copying.of} portions`,
          }
        : acting(`copied the server as ${outcome.dump}, for the primary`);
    case "resume":
      return acting("the server takes writes again; what was copied of it is of no more use");
    case "release":
      return acting(
        `released the server: the primary holds the copy ${outcome.dump}, and newer dumps are loaded again`,
      );
    default:
      return acting(`asked Azure to ${outcome.kind} the server`);
  }
}

/** Reads a state; undefined when it is none, for it is a report: what is decided by it is decided anew without it. */
export function readState(text: string): StateDocument | undefined {
  try {
    return stateDocument.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
