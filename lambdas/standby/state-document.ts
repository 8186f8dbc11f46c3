import { z } from "zod";
import { loadFailures } from "./load-failures.ts";
import { planDocument } from "./plan-document.ts";
import { releaseAnswer } from "./release-document.ts";
import { restoreAnswer } from "./restore-document.ts";

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

/** How far a load is. */
export type Loading = NonNullable<StateDocument["loading"]>;

/** How far a copy is. */
export type Copying = NonNullable<StateDocument["copying"]>;

/** Reads a state; undefined when it is none, for it is a report: what is decided by it is decided anew without it. */
export function readState(text: string): StateDocument | undefined {
  try {
    return stateDocument.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
