import type { Login } from "../database/connection.ts";
import type { LoadProof } from "../database/ledger.ts";
import { textIfThere } from "./blob-text.ts";
import type { Progress } from "./database-work.ts";
import { isDumpsFault } from "./load-failure.ts";
import { Pause, workLong } from "./long-work.ts";
import type { Step } from "./next-step.ts";
import { PLAN_BLOB, type PlanDocument, type PlannedDatabase } from "./plan-document.ts";
import type { Found, Standby } from "./reality.ts";
import { RESTORE_BLOB } from "./restore-document.ts";
import { type Loading, type Run, type StateDocument, type StepTaken, stateAfter } from "./state-document.ts";
import type { StateLease } from "./state-lease.ts";

/** Name of the blob, beside the state, that tells what was found when the server's dump was loaded. */
export const PROOF_BLOB = "proof.json";

/** What a step is taken with, besides what was found. */
export interface Taking {
  lease: StateLease;
  /** State of the run before. */
  previous: StateDocument | undefined;
  /** Ends what is no long step. */
  signal: AbortSignal;
  /** Longest time of a long step, in milliseconds. */
  work: number;
  /** Between two looks during that, in milliseconds. */
  pause: number;
}

/** A step, and what it was decided by. */
export interface Decided<S extends Step = StepTaken> {
  plan: PlanDocument;
  planText: string;
  found: Found;
  step: S;
}

/** Takes a step. @throws Error when it failed */
export async function takeStep(standby: Standby, taking: Taking, decided: Decided): Promise<Run> {
  const { plan, found, step } = decided;
  const { servers, database: work } = standby;
  const done: Run = { plan, reality: found.reality, outcome: step };
  await keepProof(standby, found.proof, taking);
  switch (step.kind) {
    case "start":
    case "stop":
      await servers.begin(step.kind, step.serverId, taking.signal);
      return done;
    case "prepare":
      await servers.prepare(step.preparation, planned(plan).serverId, taking.signal);
      return done;
    case "follow":
      await work.follow(known(found.administrator), known(found.primary));
      return tried(done);
    case "leave":
      await long(
        taking,
        async () => {},
        (signal) => work.leave(known(found.administrator), undefined, signal),
      );
      return done;
    case "promote": {
      // In a drill the primary lives, and goes on being followed after it.
      const source = step.tenure === "own" ? found.primary : undefined;
      await long(
        taking,
        async () => {},
        (signal) => work.promote(known(found.administrator), source, step.tenure, signal),
      );
      return done;
    }
    case "load":
      return load(standby, taking, { ...decided, step });
    default:
      return done;
  }
}

/** What broke off is started again; whether it stays so is seen at the next look. Until then it is still broken. */
function tried(run: Run): Run {
  const { state, lastError } = run.reality?.data?.replication ?? {};
  if (state !== "broken") return run;
  return {
    ...run,
    outcome: new Error(`the server no longer follows the primary, and was told to go on: ${lastError}`),
  };
}

/** Loads a dump, or goes on with that, for as long as a run may take. */
async function load(
  standby: Standby,
  taking: Taking,
  { plan, planText, found, step }: Decided<Extract<Step, { kind: "load" }>>,
): Promise<Run> {
  const { container, database: work, dumps } = standby;
  const { reality } = found;
  const manifest = await dumps.find(step.dump, taking.signal);
  if (!manifest)
    throw new Error(`expected the dump ${step.dump} in ${dumps.store.place}, found that it is not complete`);
  const run: Run = { plan, reality, outcome: step };
  const loading: Loading = { dump: step.dump, phase: "rows", done: 0, of: manifest.chunks.length };
  const requested = () => textIfThere(container.getBlobClient(RESTORE_BLOB), AbortSignal.timeout(taking.pause));
  const wanted = await requested();
  const look = async () => {
    await taking.lease.write(stateAfter(taking.previous, { ...run, loading }, new Date()));
    // A copy that is just taking its place can only go on.
    if (loading.phase === "swap" || loading.phase === "programs") return;
    const now = await textIfThere(container.getBlobClient(PLAN_BLOB), AbortSignal.timeout(taking.pause));
    if (now !== planText || (await requested()) !== wanted) throw new Pause("something else is wanted now");
  };
  const progress = (reached: Progress) => Object.assign(loading, reached);
  const request = reality.request?.dump === step.dump ? reality.request.requestedAt : undefined;
  const administrator = known(found.administrator);
  const { target, own } = planned(plan);
  const tenure = target !== "promoted" ? undefined : own ? "own" : "lent";
  try {
    await long(taking, look, (signal) =>
      work.load(administrator, { store: dumps.store, manifest, ...(request && { request }), ...(tenure && { tenure }), signal, progress }),
    );
  } catch (error) {
    if (error instanceof Pause) return { ...run, loading };
    if (!isDumpsFault(error)) throw error;
    return { ...run, outcome: error as Error, faulty: step.dump };
  }
  const { data, proof } = await work.look(administrator, planned(plan).follows === "primary");
  await keepProof(standby, proof, taking);
  return { ...run, reality: { ...reality, data } };
}

/** Works at something that may take longer than the lease; whoever holds that no longer ends at once. */
function long<T>(
  { lease, pause, work: most }: Taking,
  look: () => Promise<void>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const never = new AbortController().signal;
  const renewed = async () => {
    await lease.renew();
    await look();
  };
  return workLong({ most, pause, signal: never, look: renewed }, work);
}

/** Lays the proof of what is loaded beside the state, where people and programs find it while the server is stopped. */
async function keepProof({ container }: Standby, proof: LoadProof | undefined, { previous }: Taking): Promise<void> {
  if (!proof || (previous?.loaded?.dump === proof.dump && previous.loaded.at === proof.loadedAt)) return;
  const text = JSON.stringify(proof, undefined, 2);
  await container.getBlockBlobClient(PROOF_BLOB).upload(text, Buffer.byteLength(text), {
    abortSignal: AbortSignal.timeout(10_000),
    blobHTTPHeaders: { blobContentType: "application/json" },
  });
}

function planned({ database }: PlanDocument): PlannedDatabase {
  if (!database) throw new Error("expected a plan with a server: there is nothing to do to none");
  return database;
}

function known(login: Login | undefined): Login {
  if (!login) throw new Error("expected a server that is ready: nothing is done inside of another one");
  return login;
}
