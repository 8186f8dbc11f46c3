import type { Login } from "../database/connection.ts";
import type { LoadProof, Phase } from "../database/ledger.ts";
import { isOneWay } from "../database/load.ts";
import type { Manifest } from "../database/manifest.ts";
import { textIfThere } from "./blob-text.ts";
import type { Progress } from "./database-work.ts";
import { takeHandBackStep } from "./hand-back-steps.ts";
import { isDumpsFault } from "./load-failure.ts";
import { isFurther, type Reached } from "./load-failures.ts";
import { Pause, TimeUp, workLong } from "./long-work.ts";
import type { Step } from "./next-step.ts";
import { PLAN_BLOB, type PlanDocument, type PlannedDatabase } from "./plan-document.ts";
import type { Found, Standby } from "./reality.ts";
import { RESTORE_BLOB } from "./restore-document.ts";
import type { Run, StepTaken } from "./run.ts";
import { stateAfter } from "./state-after.ts";
import type { Loading, StateDocument } from "./state-document.ts";
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
    case "accounts":
      return accounts(standby, taking, { ...decided, step });
    case "leave":
      await long(
        taking,
        async () => {},
        () => work.leave(known(found.administrator)),
      );
      return done;
    case "promote": {
      // In a drill the primary lives, and goes on being followed after it.
      const source = step.tenure === "own" ? found.primary : undefined;
      const { givenUp } = planned(plan);
      const promoted = await long(
        taking,
        async () => {},
        (signal) =>
          work.promote(known(found.administrator), {
            ...{ tenure: step.tenure, signal },
            ...(source && { source }),
            ...(givenUp && { givenUp }),
          }),
      );
      return { ...done, promoted };
    }
    case "load":
      return load(standby, taking, { ...decided, step });
    case "pause":
    case "copy":
    case "resume":
    case "release": {
      const server = known(found.administrator);
      const run = await takeHandBackStep(standby, taking, { ...decided, step }, server);
      if (run.copying) return run;
      const { data } = await work.look(server, planned(plan).follows === "primary");
      return { ...run, reality: { ...run.reality, data } };
    }
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

/** Gives the server the accounts of a dump. One whose definitions are damaged is set aside as if it had been loaded. */
async function accounts(
  { database: work, dumps }: Standby,
  taking: Taking,
  { plan, found, step }: Decided<Extract<Step, { kind: "accounts" }>>,
): Promise<Run> {
  const run: Run = { plan, reality: found.reality, outcome: step };
  const { store } = dumps;
  const manifest = await dumps.find(step.dump, taking.signal);
  if (!manifest) throw new Error(`expected the dump ${step.dump} in ${store.place}, found that it is not complete`);
  try {
    await long(
      taking,
      async () => {},
      (signal) => work.accounts(known(found.administrator), { store, manifest, signal }),
    );
    return run;
  } catch (error) {
    if (!isDumpsFault(error)) throw error;
    const failedLoad = { dump: step.dump, faulty: true, reached: { phase: "rows", done: 0 } };
    return { ...run, outcome: error as Error, failedLoad };
  }
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
    if (isTakingPlace(loading)) return;
    const now = await textIfThere(container.getBlobClient(PLAN_BLOB), AbortSignal.timeout(taking.pause));
    if (now !== planText || (await requested()) !== wanted) throw new Pause("something else is wanted now");
  };
  const last = taking.previous?.loading;
  let before: Reached | undefined = last?.dump === step.dump ? last : undefined;
  const progress = (reached: Progress) => {
    before ??= { ...reached };
    Object.assign(loading, reached);
  };
  const request = reality.request?.dump === step.dump ? reality.request.requestedAt : undefined;
  const administrator = known(found.administrator);
  const { target, own, storageGib } = planned(plan);
  const tenure = target !== "promoted" ? undefined : own ? "own" : "lent";
  try {
    await long(taking, look, (signal) =>
      work.load(administrator, {
        store: dumps.store,
        manifest,
        ...(request && { request }),
        ...(tenure && { tenure }),
        ...(storageGib !== undefined && { storageGib }),
        signal,
        progress,
      }),
    );
  } catch (error) {
    // A copy that is taking its place can only go on, whatever fails.
    if (isTakingPlace(loading))
      return error instanceof Pause ? { ...run, loading } : { ...run, outcome: asError(error) };
    const idle = error instanceof TimeUp && !isFurther(loading, before ?? loading);
    if (error instanceof Pause && !idle) return { ...run, loading };
    const outcome = idle ? tooLong(manifest, loading, taking.work) : asError(error);
    const failedLoad = { dump: step.dump, faulty: idle || isDumpsFault(error), reached: loading };
    return { ...run, outcome, failedLoad, ...(idle && { loading }) };
  }
  const { data, proof } = await work.look(administrator, planned(plan).follows === "primary");
  await keepProof(standby, proof, taking);
  return { ...run, reality: { ...reality, data } };
}

function isTakingPlace({ phase }: Loading): boolean {
  return isOneWay(phase as Phase);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** What a run can't end, the next one begins anew: it never ends. */
function tooLong({ dump, chunks }: Manifest, { phase, done, of }: Loading, most: number): Error {
  const [largest] = chunks.toSorted((one, other) => other.bytes - one.bytes);
  const piece = largest && `${largest.schema}.${largest.table}, of which ${(largest.bytes / 2 ** 30).toFixed(1)} GiB`;
  return new Error(
    `expected more of the dump ${dump} to be loaded in ${Math.round(most / 60_000)} minutes, found no more than before: ` +
      `${phase}, ${done} of ${of}; ${piece ? `see ${piece} are in one piece: ` : ""}give the table a primary key that can ` +
      "be split, or the server a larger size",
  );
}

/** Works at something that may take longer than the lease; whoever holds that no longer ends at once. */
function long<T>(
  { lease, pause, work: most }: Taking,
  look: () => Promise<void>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const renewed = async () => {
    await lease.renew();
    await look();
  };
  return workLong({ most, pause, look: renewed }, work);
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
