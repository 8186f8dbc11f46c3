import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Action, Reality, Step } from "./next-step.ts";
import { type PlanDocument, planDocument } from "./plan-document.ts";

/** Name of the state's blob in the control container. */
export const STATE_BLOB = "state.json";

/** How the controller stands, as `dr status` reads it; times are of the controller's clock, in ISO 8601. */
export const stateDocument = z.strictObject({
  version: z.literal(1),
  /** `settled`: plan and reality agree. `failed`: the last run ended with `lastError`. */
  status: z.enum(["settled", "acting", "waiting", "waiting-for-dump", "failed"]),
  /** Why it waits, or what it did; for people. */
  detail: z.string(),
  /** The plan that was read; absent when it could not be. */
  planned: planDocument.optional(),
  /** What was found; absent when the run did not get so far. */
  seen: z.strictObject({ state: z.string(), replicationRole: z.string() }).optional(),
  /** The last action taken, by whatever run. */
  done: z.strictObject({ action: z.enum(["start", "stop"]), at: z.string() }).optional(),
  /** The last failure, of whatever run. */
  lastError: z.strictObject({ message: z.string(), at: z.string() }).optional(),
  /** Since when plan and status are these. */
  since: z.string(),
  /** How many runs in a row have ended with this plan and this status. */
  attempt: z.number(),
  /** When the last run ended. */
  at: z.string(),
});

export type StateDocument = z.infer<typeof stateDocument>;

/** A step that a run took; to be blocked is a failure. */
export type StepTaken = Exclude<Step, { kind: "blocked" }>;

/** What one run of the controller came to. */
export interface Run {
  /** Absent when it could not be read. */
  plan?: PlanDocument;
  /** Absent when the run did not get so far. */
  reality?: Reality;
  outcome: StepTaken | Error;
}

/** The state after a run. @param previous state before it; undefined at the first one */
export function stateAfter(
  previous: StateDocument | undefined,
  { plan, reality, outcome }: Run,
  now: Date,
): StateDocument {
  const at = now.toISOString();
  const { status, detail, action } = summaryOf(outcome);
  const same = previous?.status === status && isDeepStrictEqual(previous.planned, plan);
  const done = action ? { action, at } : previous?.done;
  const lastError = outcome instanceof Error ? { message: outcome.message, at } : previous?.lastError;
  return {
    version: 1,
    status,
    detail,
    ...(plan && { planned: plan }),
    ...(reality?.server && { seen: reality.server }),
    ...(done && { done }),
    ...(lastError && { lastError }),
    since: same ? previous.since : at,
    attempt: same ? previous.attempt + 1 : 1,
    at,
  };
}

function summaryOf(outcome: Run["outcome"]): Pick<StateDocument, "status" | "detail"> & { action?: Action } {
  if (outcome instanceof Error) return { status: "failed", detail: outcome.message };
  switch (outcome.kind) {
    case "none":
      return { status: "settled", detail: "plan and reality agree" };
    case "wait":
      return { status: "waiting", detail: outcome.reason };
    case "wait-for-dump":
      return { status: "waiting-for-dump", detail: "the server is ready; it waits for a verified dump to be loaded" };
    default:
      return { status: "acting", detail: `asked Azure to ${outcome.kind} the server`, action: outcome.kind };
  }
}

/** Reads a state; undefined when it is none, for it is a report and nothing is decided by it. */
export function readState(text: string): StateDocument | undefined {
  try {
    return stateDocument.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
