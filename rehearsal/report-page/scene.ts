import type { Compared } from "../orders/kept.ts";
import type { Moments } from "../orders/measure.ts";
import type { Stretch } from "../orders/served.ts";
import type { ScenarioReport } from "../scenario-report.ts";
import { WHO } from "../timeline.ts";
import { durationText } from "../times.ts";
import type { Range } from "./scales.ts";

/** Something in a lane: a moment, or a stretch of time. In milliseconds as users would have them. */
export interface Item extends Range {
  lane: string;
  text: string;
  /** Whether it was measured rather than told. */
  measured: boolean;
}

/** All that the drawings of the timeline show, in milliseconds as users would have them. */
export interface Scene {
  range: Range;
  served: Stretch[];
  /** Names of the lanes in the order in which they are drawn; those with nothing in them are left out. */
  lanes: string[];
  /** In the order of time. */
  items: Item[];
}

/** What is shown as having served. */
export const SERVED_BY: Record<Stretch["by"], string> = {
  primary: "the primary",
  standby: "the standby",
  both: "both sites",
  none: "nobody",
};

/** Lanes of what was measured. */
const RTO = "RTO";
const RPO = "RPO";

export function sceneOf({ timeline, measured, speed }: ScenarioReport): Scene {
  const told = [
    ...timeline.events.map(({ at, who, what }) => ({ from: at, to: at, lane: who, text: what, measured: false })),
    ...timeline.spans.map(({ what, who, ...range }) => ({ ...range, lane: who, text: what, measured: false })),
  ];
  const items = [...told, ...measuredItems(measured, speed)]
    .map((item) => ({ ...item, from: item.from * speed, to: item.to * speed }))
    .sort((one, other) => one.from - other.from);
  const served = measured.served.map(({ from, to, by }) => ({ from: from * speed, to: to * speed, by }));
  const times = [...items, ...served].flatMap(({ from, to }) => [from, to]);
  return {
    range: { from: Math.min(0, ...times), to: Math.max(1000, ...times) },
    served,
    lanes: [RTO, RPO, ...WHO].filter((lane) => items.some((item) => item.lane === lane)),
    items,
  };
}

/** What was measured, as stretches on the machine's own clock. */
function measuredItems({ moments, recovery, rows, objects }: ScenarioReport["measured"], speed: number): Item[] {
  const { killedAt, declaredAt } = moments;
  const items: (Item | undefined)[] = [
    rtoItem(killedAt, recovery.servedAt, "from the loss", speed),
    rtoItem(declaredAt, recovery.servedAt, "from the word", speed),
    rpoItem(moments, rows, "orders", speed),
    rpoItem(moments, objects, "objects", speed),
  ];
  return items.filter((item) => item !== undefined);
}

function rtoItem(from: number | undefined, to: number | undefined, since: string, speed: number): Item | undefined {
  if (from === undefined || to === undefined) return undefined;
  return { from, to, lane: RTO, text: `${since}: ${durationText((to - from) * speed)}`, measured: true };
}

function rpoItem({ killedAt, declaredAt }: Moments, kept: Compared | undefined, what: string, speed: number) {
  const at = killedAt ?? declaredAt;
  if (at === undefined || kept === undefined) return undefined;
  const lost = kept.missing + kept.different;
  const text =
    lost === 0
      ? `of ${what}: 0 s, nothing lost`
      : `of ${what}: ${durationText(kept.oldestMissing * speed)}, ${lost.toLocaleString("en")} lost`;
  return { from: at - kept.oldestMissing, to: at, lane: RPO, text, measured: true };
}
