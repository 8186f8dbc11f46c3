import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { ContainerClient } from "@azure/storage-blob";
import { textIfThere } from "./blob-text.ts";
import { nextStep, type Step } from "./next-step.ts";
import { PLAN_BLOB, type PlanDocument, readPlan } from "./plan-document.ts";
import { keepReadyFiles, readiness } from "./ready.ts";
import { type Found, findReality, type Standby } from "./reality.ts";
import type { Run } from "./run.ts";
import { stateAfter } from "./state-after.ts";
import { readState, STATE_BLOB, type StateDocument } from "./state-document.ts";
import { leaseState, STEP_MILLISECONDS, type StateLease } from "./state-lease.ts";
import { type Taking, takeStep } from "./steps.ts";

/** How long what may take, in milliseconds. */
export interface Limits {
  /** For how long a run begins one step after the other; 0 for one step. */
  chain: number;
  /** Until a step has begun or, where it is a short one, is done. @default as long as the lease of the state allows */
  step: number;
  /** What is worked at in a long step, in one run. */
  work: number;
  /** Between two looks during that. */
  pause: number;
  /** Between two looks at what Azure is about to bring about. */
  look: number;
  /** How long a run waits for one that is at work, or was killed at it; 0 for not at all. */
  patience: number;
}

/**
 * In all less than the half hour that a function has (host.json), by what it takes to end it; a pause is a third of a
 * lease. Azure lets a subscription read far more often than each look does ("Understand how Azure Resource Manager
 * throttles requests": 25 a second, and 250 at once).
 */
export const LIMITS: Limits = {
  ...{ chain: 4 * 60_000, step: STEP_MILLISECONDS, work: 25 * 60_000 },
  ...{ pause: 10_000, look: 3000, patience: 0 },
};

/** What of the steps of one run is still to be known at the next one. */
interface Chain {
  state: StateDocument | undefined;
  /** The last one. */
  run?: Run;
  /** All that were taken. One that comes up again has not done what it should: the next run takes it again. */
  taken: Step[];
}

/**
 * One run of the controller: takes step after step from reality towards the plan, each by a look at both, and writes down
 * how it stands after each; until they agree, or nothing more can be done at once. Any number of runs may come at once,
 * end half-way or be repeated: one works at a time, and each starts from what is there.
 *
 * @returns the state; undefined when another run is at work
 * @throws Error when a step failed; it is in the state too
 */
export async function control(standby: Standby, limits: Partial<Limits> = {}): Promise<StateDocument | undefined> {
  const all = { ...LIMITS, ...limits };
  await using lease = await leaseState(standby.container.getBlockBlobClient(STATE_BLOB), all.patience);
  if (!lease) return undefined;
  const chain: Chain = { state: readState(await lease.read()), taken: [] };
  const end = performance.now() + all.chain;
  while ((await goOn(standby, lease, chain, all)) && performance.now() < end) {
    if (isAzures(chain.run)) await delay(all.look);
  }
  const { run, state } = chain;
  if (state) standby.tell(state);
  if (run?.outcome instanceof Error) throw run.outcome;
  return state;
}

/** Takes the next step, and writes down what came of it. @returns whether there may be another one at once */
async function goOn(standby: Standby, lease: StateLease, chain: Chain, limits: Limits): Promise<boolean> {
  await lease.renew();
  const { step, work, pause } = limits;
  const taking = { lease, previous: chain.state, signal: AbortSignal.timeout(step), work, pause };
  const run = await takeNextStep(standby, taking, chain.taken);
  if (!run) return false;
  const former = chain.run;
  chain.run = run;
  // Who waits, and looks again, has nothing new to tell.
  if (former && isWaiting(run) && isDeepStrictEqual([run.plan, run.outcome], [former.plan, former.outcome]))
    return true;
  chain.state = stateAfter(taking.previous, run, new Date());
  await lease.write(chain.state);
  return !isEnd(run);
}

/** @returns undefined when the step was taken before, and has to be again */
async function takeNextStep(standby: Standby, taking: Taking, taken: Step[]): Promise<Run | undefined> {
  let plan: PlanDocument | undefined;
  let found: Found | undefined;
  try {
    const text = await textOfPlan(standby.container, taking.signal);
    plan = readPlan(text);
    // What can be said without a look is: that may take long, or fail.
    await keepReadyFiles(standby.website, plan, readiness(plan));
    found = await findReality(standby, plan, taking.previous, taking.signal);
    const unsaid = await keepReadyFiles(standby.website, plan, readiness(plan, found.reality));
    const step = nextStep(plan, found.reality);
    if (step.kind === "blocked") throw new Error(step.reason);
    if (taken.some((former) => isDeepStrictEqual(former, step))) return undefined;
    const run = await takeStep(standby, taking, { plan, planText: text, found, step });
    if (step.kind !== "wait" && !run.loading) taken.push(step);
    // As long as there is another step, that one tries to say it again.
    return unsaid && isEnd(run) && !(run.outcome instanceof Error) ? { ...run, outcome: unsaid } : run;
  } catch (error) {
    const outcome = error instanceof Error ? error : new Error(String(error));
    return { ...(plan && { plan }), ...(found && { reality: found.reality }), outcome };
  }
}

/** Whether there is nothing more that can be done at once: all is well, has failed, or is somebody else's to do. */
function isEnd(run: Run): boolean {
  if (run.outcome instanceof Error) return true;
  if (run.outcome.kind === "wait") return !isWaiting(run);
  return run.outcome.kind === "none" || run.outcome.kind === "wait-for-dump";
}

/** Whether it waits for Azure: a server that is ready waits for people. */
function isWaiting({ outcome, reality }: Run): boolean {
  return !(outcome instanceof Error) && outcome.kind === "wait" && reality?.server?.state !== "Ready";
}

/** Whether Azure was told to do what takes a while, or does it. */
function isAzures(run: Run | undefined): boolean {
  if (!run || run.outcome instanceof Error) return false;
  return isWaiting(run) || ["start", "stop", "prepare"].includes(run.outcome.kind);
}

async function textOfPlan(container: ContainerClient, signal: AbortSignal): Promise<string> {
  const text = await textIfThere(container.getBlobClient(PLAN_BLOB), signal);
  if (text !== undefined) return text;
  const mend = "`pulumi up --stack dr` writes it";
  throw new Error(`expected the plan ${PLAN_BLOB} in ${container.url}, found none; ${mend}`);
}
