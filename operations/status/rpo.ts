import { momentOf } from "../../lambdas/database/layout.ts";
import type { SeenState } from "../database/control.ts";
import { span } from "../database/units.ts";
import type { NewestDump } from "./database.ts";
import type { Queued } from "./objects.ts";
import { isUnknown, type Told } from "./told.ts";

/** What would be lost if the primary were gone this moment. */
export interface Rpo {
  /** Seconds; absent where they can't be told. */
  seconds?: number;
  /** For people. */
  text: string;
}

/** Of the content: an event takes seconds, and what waits is not there yet. */
export function contentRpo(objects: Told<Queued>): Rpo {
  if (isUnknown(objects)) return { text: `can't be told: ${objects.unknown}` };
  const { waiting } = objects;
  return { text: waiting === 0 ? "seconds: nothing waits" : `what ${waiting} waiting events are about` };
}

/** Of the database: how far it is behind its source, or how old the newest dump is that can be loaded. */
export function databaseRpo(state: Told<SeenState>, newest: Told<NewestDump | undefined>, now: Date): Rpo {
  const database = isUnknown(state) ? undefined : state.planned?.database;
  if (database?.target === "promoted") return { text: "none: the standby has data of its own, and follows nobody" };
  const lag = isUnknown(state) ? undefined : state.data?.replication?.lagSeconds;
  if (database?.follows === "primary" && lag !== undefined) {
    const seconds = lag;
    return { seconds, text: `${lag.toFixed(1)} s behind the primary` };
  }
  if (isUnknown(newest)) return { text: `can't be told: ${newest.unknown}` };
  const loaded = isUnknown(state) ? undefined : state.data?.loaded;
  const dump = [newest?.dump, loaded]
    .filter((each) => each !== undefined)
    .sort()
    .at(-1);
  if (dump === undefined) return { text: "all of it: there is no dump that can be loaded" };
  const milliseconds = Math.max(0, now.getTime() - momentOf(dump).getTime());
  return { seconds: Math.round(milliseconds / 1000), text: `${span(milliseconds)}, as the dump ${dump}` };
}
