import { newestOf } from "../database/choice.ts";
import type { SeenState } from "../database/control.ts";
import { listDumps, lookAt } from "../database/dumps.ts";
import { openDumps } from "../database/sites.ts";
import type { Outputs } from "../outputs.ts";

/** The newest dump that can be loaded. */
export interface NewestDump {
  dump: string;
  kind: string;
  /** When it was begun: what the primary took after that is not in it, but for some minutes. */
  begunAt: string;
  /** Newer ones that are not complete, or come too late to be. */
  faulty: number;
}

/** Finds it; undefined when there is none. @param setAside dumps that the controller takes no more */
export async function newestDump(
  dr: Outputs,
  setAside: SeenState["setAside"],
  signal: AbortSignal,
): Promise<NewestDump | undefined> {
  const store = await openDumps(dr);
  const dumps = await listDumps(store, signal);
  const newest = await newestOf(dumps, setAside, (dump) => lookAt(store, dump, signal));
  if (!newest) return undefined;
  const { dump, kind, begunAt } = newest;
  const faulty = dumps.filter((each) => each.begunAt > begunAt).length;
  return { dump, kind, begunAt: begunAt.toISOString(), faulty };
}
