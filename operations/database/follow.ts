import { setTimeout as delay } from "node:timers/promises";
import type { RestoreDocument } from "../../lambdas/standby/restore-document.ts";
import type { Control, SeenState } from "./control.ts";

/** How a restore is followed, in milliseconds. */
export interface Patience {
  /** Between two looks. */
  look: number;
  /** For which the controller may say nothing new; it writes each minute. */
  silence: number;
}

export const PATIENCE: Patience = { look: 2000, silence: 10 * 60_000 };

/** Failures one after the other, without anything loaded between them, after which nobody waits any longer. */
const MOST_FAILURES = 3;

/** The restore goes on, or will; it is just that nobody looks any more. */
const GOES_ON = "The request stands, and the controller goes on trying; the same command follows it again";

/**
 * Follows a restore until the controller says that it is loaded.
 *
 * @param before state of the controller before the request: its failures are another's
 * @throws Error when the request was refused or replaced, fails again and again, or nobody works on it
 */
export async function follow(
  control: Pick<Control, "state">,
  request: RestoreDocument,
  before: SeenState,
  onProgress: (text: string) => void,
  signal: AbortSignal,
  patience = PATIENCE,
): Promise<SeenState> {
  let lastAt = "";
  let heardAt = performance.now();
  const failures = new Failures(before);
  for (;;) {
    const state = await control.state(signal);
    if (isLoaded(state, request)) return state;
    const now = momentsOf(state);
    if (now !== lastAt) {
      lastAt = now;
      heardAt = performance.now();
    }
    if (performance.now() - heardAt > patience.silence) {
      const minutes = Math.round(patience.silence / 60_000);
      throw new Error(
        `the controller has said nothing for ${minutes} minutes, the last time at ${state.at}: see its log. ${GOES_ON}`,
      );
    }
    const failure = failures.tooMany(state);
    if (failure) throw new Error(`the restore of ${request.dump} fails again and again: ${failure}\n${GOES_ON}`);
    onProgress(renderState(state, request));
    await delay(patience.look, undefined, { signal });
  }
}

/** @throws Error when the request will never be carried out */
function isLoaded({ restore }: SeenState, { dump, requestedAt }: RestoreDocument): boolean {
  if (restore === undefined || restore.requestedAt < requestedAt) return false;
  if (restore.requestedAt > requestedAt) {
    throw new Error(`somebody asked for another restore meanwhile, of ${restore.dump} at ${restore.requestedAt}`);
  }
  if (restore.status === "refused") {
    throw new Error(`the controller refused to restore ${dump}: ${restore.reason ?? "it does not say why"}`);
  }
  return restore.status === "loaded";
}

/** Counts failures between which nothing was loaded. */
class Failures {
  #lastAt: string | undefined;
  #count = 0;
  #furthest = "";

  constructor({ lastError, loading }: SeenState) {
    this.#lastAt = lastError?.at;
    this.#furthest = JSON.stringify(loading);
  }

  /** The last failure, once there are too many. */
  tooMany({ lastError, loading }: SeenState): string | undefined {
    const reached = JSON.stringify(loading);
    if (loading && reached !== this.#furthest) {
      this.#furthest = reached;
      this.#count = 0;
    }
    if (lastError && lastError.at !== this.#lastAt) {
      this.#lastAt = lastError.at;
      this.#count += 1;
    }
    return this.#count >= MOST_FAILURES ? lastError?.message : undefined;
  }
}

/** All that moves in a state while somebody works. */
function momentsOf({ at, loading, restore }: SeenState): string {
  return JSON.stringify([at, loading, restore]);
}

/** One line of how it stands. */
export function renderState(
  { loading, detail, restore, lastError, status }: SeenState,
  request: RestoreDocument,
): string {
  if (status === "failed" && lastError) return `tried again, for it failed: ${firstLine(lastError.message)}`;
  if (loading?.dump === request.dump) {
    const { phase, done, of } = loading;
    return `${phase}: ${done} of ${of}${of > 0 ? ` (${Math.floor((100 * done) / of)} %)` : ""}`;
  }
  if (restore?.requestedAt === request.requestedAt) return detail;
  return "asked; the controller looks each minute";
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
