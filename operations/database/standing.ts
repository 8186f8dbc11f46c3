import type { RestoreDocument } from "../../lambdas/standby/restore-document.ts";
import { newestOf } from "./choice.ts";
import type { Control, SeenState } from "./control.ts";
import type { LookedAt } from "./dumps.ts";
import { openRequest, renderOpen } from "./request.ts";
import { span } from "./units.ts";

/** How the standby's database stands, by what its controller says. */
export interface Standing {
  state: SeenState;
  /** What was asked for and is not done with. */
  open?: RestoreDocument;
}

/**
 * Asks the controller how it stands; the dumps can be listed without it.
 *
 * @param dumps the newest first
 * @returns why it can't be told, where it can't
 */
export async function standingOf(
  control: Pick<Control, "state" | "request">,
  dumps: readonly LookedAt[],
  signal: AbortSignal,
): Promise<Standing | Error> {
  try {
    const state = await control.state(signal);
    const newest = await newestOf(dumps, state.setAside, async (looked) => looked);
    const open = openRequest(await control.request(signal), state, newest);
    return { state, ...(open && { open }) };
  } catch (error) {
    signal.throwIfAborted();
    return error as Error;
  }
}

/** What is told of it to machines. */
export function standingReport(standing: Standing | Error) {
  if (standing instanceof Error) return { unknown: standing.message };
  const { state, open } = standing;
  const { status, detail, at, data, setAside } = state;
  return { loaded: data?.loaded, loading: state.loading, request: open, setAside, status, detail, at };
}

/** The foot of the list of dumps. */
export function renderStanding(standing: Standing | Error, now: Date): string {
  if (standing instanceof Error) return `How the standby stands can't be told: ${standing.message}`;
  const { state, open } = standing;
  const { status, detail, at, data, setAside } = state;
  return [
    `Loaded at the standby: ${data?.loaded ?? "none"}.`,
    `Request: ${open ? renderOpen(open, state) : "none is open"}.`,
    ...(setAside.length === 0 ? ["Set aside: none."] : []),
    ...setAside.map(({ dump, reason }) => `Set aside: ${dump}: ${reason}`),
    `Controller: ${status}, as state.json said ${span(now.getTime() - Date.parse(at))} ago: ${detail}`,
  ].join("\n");
}
