import type { Site, Try } from "./record.ts";

/** A stretch of time and who confirmed orders in it, in milliseconds on the record's clock. */
export interface Stretch {
  from: number;
  to: number;
  by: Site | "both" | "none";
}

interface Run {
  from: number;
  to: number;
}

/**
 * Who served when: a site counts as serving between two of its confirmed orders that are not too far apart.
 *
 * @param confirmed confirmed orders in the order in which they were confirmed
 * @param window the time to look at
 * @param tolerance longest pause between two confirmed orders in which a site still counts as serving
 * @returns stretches without a gap between them from one end of the window to the other
 */
export function servedBy(
  confirmed: readonly Pick<Try, "host" | "endedAt">[],
  siteOf: (host: string) => Site | undefined,
  window: Run,
  tolerance: number,
): Stretch[] {
  const runs = (site: Site) => {
    const times = confirmed.filter(({ host }) => siteOf(host) === site).map(({ endedAt }) => endedAt);
    return runsOf(times, tolerance);
  };
  const primary = runs("primary");
  const standby = runs("standby");
  const inside = (time: number) => time > window.from && time < window.to;
  const cuts = [...primary, ...standby].flatMap(({ from, to }) => [from, to]).filter(inside);
  const edges = [window.from, ...new Set(cuts.sort((one, other) => one - other)), window.to];
  const stretches = edges.slice(1).map((to, index): Stretch => {
    const from = edges[index] as number;
    const middle = (from + to) / 2;
    const within = (those: Run[]) => those.some((run) => run.from <= middle && middle <= run.to);
    return { from, to, by: nameOf(within(primary), within(standby)) };
  });
  return merged(stretches);
}

/** Times that are close to one another, as runs from the first to the last. */
function runsOf(times: readonly number[], tolerance: number): Run[] {
  const runs: Run[] = [];
  for (const time of times) {
    const last = runs.at(-1);
    if (last && time - last.to <= tolerance) last.to = time;
    else runs.push({ from: time, to: time });
  }
  return runs;
}

function nameOf(primary: boolean, standby: boolean): Stretch["by"] {
  if (primary) return standby ? "both" : "primary";
  return standby ? "standby" : "none";
}

/** Neighbours with one name become one. */
function merged(stretches: Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const stretch of stretches) {
    const last = result.at(-1);
    if (last?.by === stretch.by) last.to = stretch.to;
    else result.push({ ...stretch });
  }
  return result;
}
