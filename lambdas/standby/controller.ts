import { type ContainerClient, RestError } from "@azure/storage-blob";
import { blobText } from "./blob-text.ts";
import type { DatabaseServers } from "./database-servers.ts";
import { nextStep, type Reality } from "./next-step.ts";
import { PLAN_BLOB, type PlanDocument, readPlan } from "./plan-document.ts";
import { type Run, readState, STATE_BLOB, type StateDocument, stateAfter } from "./state-document.ts";
import { leaseState, RUN_MILLISECONDS } from "./state-lease.ts";

/**
 * One run of the controller: takes the next step from reality towards the plan, and writes down how it stands.
 * Any number of runs may come at once, end half-way or be repeated: one works at a time, and each starts from
 * what is there.
 *
 * @param container the control container, with the plan and the state
 * @param signal ends the run; @default as long as the lease of the state allows
 * @returns the state; undefined when another run is at work
 * @throws Error when the step failed; it is in the state too
 */
export async function control(
  container: ContainerClient,
  servers: DatabaseServers,
  signal = AbortSignal.timeout(RUN_MILLISECONDS),
): Promise<StateDocument | undefined> {
  await using lease = await leaseState(container.getBlockBlobClient(STATE_BLOB), signal);
  if (!lease) return undefined;
  const previous = readState(await lease.read());
  const run = await takeNextStep(container, servers, signal);
  const state = stateAfter(previous, run, new Date());
  await lease.write(JSON.stringify(state, undefined, 2)).catch((error: Error) => {
    throw new Error(`the state "${state.detail}" can't be written: ${error.message}`, { cause: error });
  });
  if (run.outcome instanceof Error) throw run.outcome;
  return state;
}

async function takeNextStep(container: ContainerClient, servers: DatabaseServers, signal: AbortSignal): Promise<Run> {
  let plan: PlanDocument | undefined;
  let reality: Reality | undefined;
  try {
    plan = readPlan(await textOfPlan(container, signal));
    reality = { server: plan.database && (await servers.read(plan.database.serverId, signal)) };
    const step = nextStep(plan, reality);
    if (step.kind === "blocked") throw new Error(step.reason);
    if ("serverId" in step) await servers.begin(step.kind, step.serverId, signal);
    return { plan, reality, outcome: step };
  } catch (error) {
    return { plan, reality, outcome: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function textOfPlan(container: ContainerClient, abortSignal: AbortSignal): Promise<string> {
  try {
    return await blobText(container.getBlobClient(PLAN_BLOB), abortSignal);
  } catch (error) {
    if (!(error instanceof RestError && error.statusCode === 404)) throw error;
    const mend = "`pulumi up --stack dr` writes it";
    throw new Error(`expected the plan ${PLAN_BLOB} in ${container.url}, found none; ${mend}`, { cause: error });
  }
}
