import type { Login } from "../database/connection.ts";
import { WrittenError } from "../database/copy-standby.ts";
import { dumpId } from "../database/layout.ts";
import { textIfThere } from "./blob-text.ts";
import { copyOf } from "./find-hand-back.ts";
import type { HandBackStep } from "./hand-back.ts";
import { Pause, workLong } from "./long-work.ts";
import { PLAN_BLOB } from "./plan-document.ts";
import type { Standby } from "./reality.ts";
import type { Run } from "./run.ts";
import { stateAfter } from "./state-after.ts";
import type { Copying } from "./state-document.ts";
import type { Decided, Taking } from "./steps.ts";

/** Takes a step of the way back. @param server its administrator's login @throws Error when it failed */
export async function takeHandBackStep(
  standby: Standby,
  taking: Taking,
  decided: Decided<HandBackStep>,
  server: Login,
): Promise<Run> {
  const { database: work } = standby;
  const { plan, found, step } = decided;
  const done: Run = { plan, reality: found.reality, outcome: step };
  const renewed = async () => taking.lease.renew();
  const long = <T>(job: () => Promise<T>) => workLong({ most: taking.work, pause: taking.pause, look: renewed }, job);
  switch (step.kind) {
    case "pause": {
      const former = found.reality.data?.paused;
      const dump = step.anew || former === undefined ? dumpId(new Date()) : former;
      // It waits for transactions, of each schema.
      await long(() => work.pause(server, dump));
      return done;
    }
    case "copy":
      return copy(standby, taking, { ...decided, step }, server);
    case "resume":
      await long(() => work.resume(server));
      return done;
    case "release": {
      const { requestedAt } = found.reality.release ?? {};
      await long(() => work.release(server, dumpId(requestedAt === undefined ? new Date() : new Date(requestedAt))));
      return done;
    }
  }
}

/** Copies the server, or goes on with that, for as long as a run may take. */
async function copy(
  { container, database: work, dumps }: Standby,
  taking: Taking,
  { plan, planText, found, step }: Decided<Extract<HandBackStep, { kind: "copy" }>>,
  server: Login,
): Promise<Run> {
  const { reality } = found;
  const run: Run = { plan, reality, outcome: step };
  const copying: Copying = { dump: step.dump, done: 0, of: 0 };
  const look = async () => {
    await taking.lease.renew();
    await taking.lease.write(stateAfter(taking.previous, { ...run, copying }, new Date()));
    const now = await textIfThere(container.getBlobClient(PLAN_BLOB), AbortSignal.timeout(taking.pause));
    if (now !== planText) throw new Pause("something else is wanted now");
  };
  const progress = (done: number, of: number) => void Object.assign(copying, { done, of });
  try {
    const manifest = await workLong({ most: taking.work, pause: taking.pause, look }, (signal) =>
      work.copy(server, { dump: step.dump, store: dumps.store, signal, progress }),
    );
    return { ...run, reality: { ...reality, copy: copyOf(manifest) } };
  } catch (error) {
    if (error instanceof Pause) return { ...run, copying };
    // Another copy, by another name: what is of several moments must never be whole.
    if (error instanceof WrittenError) await work.forgetCopy(server);
    throw error;
  }
}
