import { setTimeout as delay } from "node:timers/promises";
import type { SeenState } from "../database/control.ts";
import type { Operation } from "../operation.ts";
import type { RunbookStep, StepWatch } from "../runbook/runbook.ts";
import { isReady } from "./declaration.ts";

type Step = RunbookStep<Operation>;

/** What it takes to have a database that serves; docs/rehearsal.md and docs/database.md have where that is from. */
export const DATABASE_TYPICALLY =
  "a stopped database starts within 120 s, while servers boot; a load takes [what the data take](database.md#how-long-a-load-takes)";

/** Between two looks at the controller, in milliseconds. */
const LOOK = 1000;

/** Waits until the controller has brought about what is declared; the limit is that of the longest load. */
export function untilReady(): Step {
  return {
    id: "ready",
    title: "Wait until the standby's database serves",
    what:
      "The controller on Azure starts the database, loads the newest complete dump where the strategy needs one, promotes " +
      "it, and then says in public that it is ready. A dump that turns out to be damaged is set aside, and the one before " +
      "it is loaded: this step says so.",
    byHand: [
      "`npm run dr -- restore-database --list` shows the dumps, and what the controller last complained of",
      "`npm run dr -- restore-database --from <dump>` names another dump",
      "Where the controller does not run: its log is in Azure's portal, function app of output `controllerName`; restart it there",
    ],
    limit: 8 * 3600,
    typically: DATABASE_TYPICALLY,
    async act(operation, watch) {
      for (;;) {
        const state = await operation.control.state(watch.signal);
        const missing = await notReady(operation, watch.signal);
        if (missing.length === 0) return renderServed(state, operation);
        watch.report(renderWaiting(state));
        await delay(LOOK, undefined, { signal: watch.signal });
      }
    },
  };
}

async function notReady(operation: Operation, signal: StepWatch["signal"]): Promise<string[]> {
  const { markers } = operation.plan;
  const ready = await Promise.all(markers.map((name) => isReady(operation, name, signal).catch(() => false)));
  return markers.filter((_, index) => !ready[index]);
}

function renderWaiting({ status, detail, loading, lastError }: SeenState): string {
  if (loading) return `${loading.phase}: ${loading.done} of ${loading.of}`;
  return status === "failed" && lastError ? `it failed, and is tried again: ${lastError.message}` : detail;
}

/** What the database serves, and what of it had to be left out. */
function renderServed({ data, setAside }: SeenState, { plan }: Operation): string {
  if (plan.database.state !== "promoted") return "the database is not part of it";
  const loaded = data?.loaded === undefined ? "a database of its own" : `data seeded by the dump ${data.loaded}`;
  const newer = setAside.filter(({ dump }) => data?.loaded === undefined || dump > data.loaded);
  return [loaded, ...newer.map(({ dump, reason }) => `the dump ${dump} was set aside: ${reason}`)].join("; ");
}

/** @returns the controller's own words, once all is as planned, or waits for what is not its own to do */
export async function settled(operation: Operation, { report, signal }: StepWatch): Promise<string> {
  const wanted = operation.plan.database;
  for (;;) {
    const { status, detail, planned } = await operation.control.state(signal);
    const seesPlan = planned !== undefined && (planned.database?.target ?? "absent") === wanted.state;
    if (seesPlan && (status === "settled" || status === "waiting-for-dump")) return detail;
    report(detail);
    await delay(LOOK, undefined, { signal });
  }
}
