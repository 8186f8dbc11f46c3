import type { ContainerClient } from "@azure/storage-blob";
import { textIfThere } from "./blob-text.ts";
import { nextStep } from "./next-step.ts";
import { PLAN_BLOB, type PlanDocument, readPlan } from "./plan-document.ts";
import { type Found, findReality, type Standby } from "./reality.ts";
import { type Run, readState, STATE_BLOB, type StateDocument, stateAfter } from "./state-document.ts";
import { leaseState, RUN_MILLISECONDS } from "./state-lease.ts";
import { type Taking, takeStep } from "./steps.ts";

/** How long a run may take, in milliseconds. */
export interface Limits {
  /** Until its step has begun. @default as long as the lease of the state allows */
  run: number;
  /** What is worked at in a long step, in one run. */
  work: number;
  /** Between two looks during that. */
  pause: number;
}

/** Less than the half hour that a function has (host.json), by what it takes to end it; a third of a lease. */
export const LIMITS: Limits = { run: RUN_MILLISECONDS, work: 25 * 60_000, pause: 10_000 };

/**
 * One run of the controller: takes the next step from reality towards the plan, and writes down how it stands.
 * Any number of runs may come at once, end half-way or be repeated: one works at a time, and each starts from
 * what is there.
 *
 * @returns the state; undefined when another run is at work
 * @throws Error when the step failed; it is in the state too
 */
export async function control(standby: Standby, limits: Partial<Limits> = {}): Promise<StateDocument | undefined> {
  const { run: most, ...rest } = { ...LIMITS, ...limits };
  const signal = AbortSignal.timeout(most);
  await using lease = await leaseState(standby.container.getBlockBlobClient(STATE_BLOB), signal);
  if (!lease) return undefined;
  const previous = readState(await lease.read());
  const run = await takeNextStep(standby, { lease, previous, signal, ...rest });
  const state = stateAfter(previous, run, new Date());
  await lease.write(state);
  standby.tell(state);
  if (run.outcome instanceof Error) throw run.outcome;
  return state;
}

async function takeNextStep(standby: Standby, taking: Taking): Promise<Run> {
  let plan: PlanDocument | undefined;
  let found: Found | undefined;
  try {
    const text = await textOfPlan(standby.container, taking.signal);
    plan = readPlan(text);
    found = await findReality(standby, plan, taking.previous, taking.signal);
    const step = nextStep(plan, found.reality);
    if (step.kind === "blocked") throw new Error(step.reason);
    return await takeStep(standby, taking, { plan, planText: text, found, step });
  } catch (error) {
    const outcome = error instanceof Error ? error : new Error(String(error));
    return { ...(plan && { plan }), ...(found && { reality: found.reality }), outcome };
  }
}

async function textOfPlan(container: ContainerClient, signal: AbortSignal): Promise<string> {
  const text = await textIfThere(container.getBlobClient(PLAN_BLOB), signal);
  if (text !== undefined) return text;
  const mend = "`pulumi up --stack dr` writes it";
  throw new Error(`expected the plan ${PLAN_BLOB} in ${container.url}, found none; ${mend}`);
}
