import { type Compared, compareKept } from "./kept.ts";
import type { OrderRecord, Put, Site, Try } from "./record.ts";
import { type Stretch, servedBy } from "./served.ts";

/** The moments that times are counted from, in milliseconds on the record's clock. */
export interface Moments {
  /** When the site was killed; absent where nothing was. */
  killedAt?: number;
  /** When users were moved away from a site that lives on; absent where it was killed. */
  movedAt?: number;
  /** When the night's copy was begun; absent where the standby has none. */
  copiedAt?: number;
  /** When the operator gave the word; absent where nobody did. */
  declaredAt?: number;
}

/** Requests and what came of them. */
export interface Requests {
  sent: number;
  well: number;
  failed: number;
  /** Failures by their reason, the most frequent first. */
  reasons: { reason: string; count: number }[];
  /** Orders by their keys: begun, confirmed, and never confirmed. */
  orders: { begun: number; confirmed: number; open: number };
}

/** How long users waited, in milliseconds on the record's clock; absent where it cannot be said. */
export interface Recovery {
  /** When the standby, or whichever site it was counted by, confirmed the first order that came to it by DNS, of those after the word (else the kill). */
  servedAt?: number;
  fromWord?: number;
  fromKill?: number;
  /** The longest time without a confirmed order. */
  gap?: { from: number; to: number };
}

/** All that is measured of a scenario; every time is on the record's clock, which is the timeline's. */
export interface Measured {
  moments: Moments;
  requests: Requests;
  puts: { sent: number; well: number; failed: number };
  recovery: Recovery;
  served: Stretch[];
  /** Absent where the rows were not read at the end. */
  rows?: Compared;
  /** Absent where the objects were not read at the end. */
  objects?: Compared;
}

export interface MeasureOptions {
  moments: Moments;
  /** Which site a host that DNS gave belongs to. */
  siteOf(host: string): Site | undefined;
  /** From when to when the users were there. */
  window: { from: number; to: number };
  /** What ends the wait once it is confirmed, and by which site's host. @default orders, at the standby */
  recoveredBy?: "orders" | "objects";
  recoveredAt?: Site;
  /** Longest pause between two confirmed orders in which a site still counts as serving, in milliseconds. */
  tolerance: number;
  /** What the site that serves at the end has. */
  found: { rows?: { key: string }[]; objects?: { key: string; sha256: string }[] };
}

/** Measures a scenario from the users' own record. */
export function measure(record: Pick<OrderRecord, "tries" | "puts">, options: MeasureOptions): Measured {
  const { moments, siteOf, window, tolerance, found, recoveredBy = "orders", recoveredAt } = options;
  const { tries, puts } = record;
  // What counts as lost is what was confirmed before this.
  const lostAt = moments.killedAt ?? moments.movedAt ?? moments.declaredAt ?? window.to;
  const orders = tries.filter(({ asked }) => asked === "order");
  return {
    moments,
    requests: countRequests(tries),
    puts: { sent: puts.length, well: puts.filter(({ well }) => well).length, failed: failuresOf(puts).length },
    recovery: measureRecovery(
      recoveredBy === "orders" ? confirmations(tries) : putsKept(puts),
      siteOf,
      moments,
      window,
      recoveredAt,
    ),
    served: servedBy(confirmations(tries), siteOf, window, tolerance),
    ...(found.rows && { rows: compareKept(orders, found.rows, lostAt) }),
    ...(found.objects && { objects: compareKept(puts, found.objects, lostAt) }),
  };
}

export function countRequests(tries: readonly Try[]): Requests {
  const failures = failuresOf(tries);
  const begun = new Set(tries.filter(({ asked }) => asked === "order").map(({ key }) => key));
  const confirmed = new Set(confirmations(tries).map(({ key }) => key));
  return {
    sent: tries.length,
    well: tries.length - failures.length,
    failed: failures.length,
    reasons: Map.groupBy(failures, ({ error }) => error)
      .entries()
      .map(([reason, those]) => ({ reason, count: those.length }))
      .toArray()
      .sort((one, other) => other.count - one.count),
    orders: { begun: begun.size, confirmed: confirmed.size, open: begun.size - confirmed.size },
  };
}

/** @param confirmed in the order in which they were @param window from when to when users were there */
export function measureRecovery(
  confirmed: readonly Pick<Try, "endedAt" | "host">[],
  siteOf: (host: string) => Site | undefined,
  { killedAt, declaredAt }: Moments,
  window: { from: number; to: number },
  recoveredAt: Site = "standby",
): Recovery {
  const gap = longestGap(
    confirmed.map(({ endedAt }) => endedAt),
    window,
  );
  const since = declaredAt ?? killedAt;
  if (since === undefined) return { gap };
  const servedAt = confirmed.find(({ endedAt, host }) => endedAt >= since && siteOf(host) === recoveredAt)?.endedAt;
  if (servedAt === undefined) return { gap };
  return {
    gap,
    servedAt,
    ...(declaredAt !== undefined && { fromWord: servedAt - declaredAt }),
    ...(killedAt !== undefined && { fromKill: servedAt - killedAt }),
  };
}

/** The longest pause in which nothing happened, the ones at both ends of the window included. */
export function longestGap(
  times: readonly number[],
  window: { from: number; to: number },
): { from: number; to: number } {
  const inside = times.filter((time) => time > window.from && time < window.to).toSorted((one, other) => one - other);
  const edges = [window.from, ...inside, window.to];
  const gaps = edges.slice(1).map((to, index) => ({ from: edges[index] as number, to }));
  return gaps.reduce((longest, gap) => (gap.to - gap.from > longest.to - longest.from ? gap : longest));
}

/** Puts that were confirmed, in the order in which they were. */
function putsKept(puts: readonly Put[]): Put[] {
  return puts.filter(({ well }) => well).sort((one, other) => one.endedAt - other.endedAt);
}

/** Confirmed orders in the order in which they were confirmed. */
export function confirmations(tries: readonly Try[]): Try[] {
  return tries.filter(({ asked, well }) => asked === "order" && well).sort((one, other) => one.endedAt - other.endedAt);
}

function failuresOf<T extends Try | Put>(tries: readonly T[]): T[] {
  return tries.filter(({ well }) => !well);
}
