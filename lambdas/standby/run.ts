import { countOf } from "../database/gtid.ts";
import { listed } from "../database/listed.ts";
import type { Promoted } from "../database/promote.ts";
import { renderPreparation } from "./follower-preparation.ts";
import type { FailedLoad } from "./load-failures.ts";
import type { Reality, Step } from "./next-step.ts";
import type { PlanDocument } from "./plan-document.ts";
import type { Copying, Loading, StateDocument } from "./state-document.ts";

/** A step that a run took; to be blocked is a failure. */
export type StepTaken = Exclude<Step, { kind: "blocked" }>;

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

/** How a run ended, for the state. */
type Summary = Pick<StateDocument, "status" | "detail"> & { action?: string };

/** What a run came to: its status, for people, and the action that it took. */
export function summaryOf({ outcome, loading, copying, promoted, reality }: Run): Summary {
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
