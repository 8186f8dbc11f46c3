import { momentOf } from "../database/layout.ts";
import type { StateDocument } from "./state-document.ts";

/** What every report begins with; alarms look for it in the log. */
export const REPORT = '{"report":"standby"';

/** How the controller stands, as one line of its log. Alarms read these fields. */
export interface Report {
  report: "standby";
  status: StateDocument["status"] | "busy";
  detail: string;
  /** Where the server's data come from. */
  follows?: string;
  /** Hours since the dump that is loaded was begun; since dumps are followed, while none is loaded. Only where they are. */
  ageHours?: number;
  /** Seconds that the server is behind the primary. */
  lagSeconds?: number;
  /** Whether it is to follow the primary, and does not: for whatever reason nothing comes. */
  followsNot?: boolean;
  /** Dumps newer than the loaded one that can't be loaded. */
  setAside?: number;
}

/** A line for the log. @param state undefined when another run is at work */
export function reportOf(state: StateDocument | undefined, now: Date): string {
  if (!state) return render({ report: "standby", status: "busy", detail: "another run acts" });
  const { status, detail, planned, loaded, followedSince, data } = state;
  // What was released is as the primary was then.
  const held = data?.released ?? loaded?.dump;
  const since = held !== undefined ? momentOf(held) : followedSince && new Date(followedSince);
  const age = planned?.database?.follows === "dumps" && since ? now.getTime() - since.getTime() : undefined;
  const { lagSeconds: lag, state: following } = data?.replication ?? {};
  const followsNot = planned?.database?.follows === "primary" && following !== "following";
  return render({
    ...{ report: "standby", status, detail },
    ...(planned?.database && { follows: planned.database.follows }),
    ...(age !== undefined && { ageHours: Math.round(age / 36_000) / 100 }),
    ...(lag !== undefined && { lagSeconds: lag }),
    ...(followsNot && { followsNot }),
    setAside: state.setAside.filter(({ dump }) => dump > (loaded?.dump ?? "")).length,
  });
}

function render(report: Report): string {
  return JSON.stringify(report);
}
