import type { Clock } from "./local/clock.ts";
import type { PathPart } from "./scenario-report.ts";
import type { Happening } from "./timeline.ts";

/** What is told when a thing that users wait for has come about; the timeline is searched for these words. */
export const SEEN = {
  marker: "the marker of the app is published",
  ready: "says in public that the standby is ready",
  well: "the standby's app is well",
} as const;

/** The moments that a path is made of. */
export interface Waited {
  events: readonly Happening[];
  /** The app's name as the health checks have it. @example "shop-app" */
  name: string;
  /** When the word was given, and when the standby confirmed the first order after it; on the timeline's clock. */
  declaredAt: number;
  servedAt: number;
  ttlSeconds: number;
}

/** Moments in the order of their causes, each with what happened from the one before until it. */
interface Milestone {
  at: number;
  what: string;
  source?: string;
}

const CHECKS = "Route 53 Developer Guide, How Route 53 determines whether a health check is healthy";

/**
 * What users waited for, from the word to the first order that the standby confirmed: each part begins where the one
 * before it ended, and what went on beside it is left out.
 */
export function criticalPath(waited: Waited, clock: Clock): PathPart[] {
  let from = waited.declaredAt;
  const parts: PathPart[] = [];
  for (const { at, what, source } of milestones(waited)) {
    const to = Math.min(Math.max(at, from), waited.servedAt);
    if (to > from) parts.push({ what, seconds: clock.unscaled(to - from) / 1000, ...(source && { source }) });
    from = to;
  }
  return parts;
}

/** Names are answered by the standby once both records have changed their health: what the later one waited for counts. */
function milestones({ events, name, declaredAt, servedAt, ttlSeconds }: Waited): Milestone[] {
  const first = (what: string) => events.find((event) => event.at >= declaredAt && event.what === what)?.at;
  const marker = first(SEEN.marker) ?? declaredAt;
  const lost = first(`${name}-primary is unhealthy`) ?? servedAt;
  const ready = first(`${name}-standby is healthy`) ?? declaredAt;
  const published = { at: marker, what: "the word is carried out, until the marker is published" };
  const served = { at: servedAt, what: `resolvers keep the former answer, up to ${ttlSeconds} s`, source: "RFC 1035" };
  if (lost >= ready) {
    const what = "the health checkers see the marker: 3 looks, 10 s apart";
    return [published, { at: lost, what, source: CHECKS }, served];
  }
  // What came about only after the record was well has kept nobody waiting.
  const before = (what: string) => {
    const at = first(what) ?? marker;
    return at <= ready ? at : marker;
  };
  const [database, app] = [before(SEEN.ready), before(SEEN.well)];
  const stands =
    database >= app
      ? { at: database, what: "the database starts, is promoted, and the controller says so" }
      : { at: app, what: "servers boot, until the app is well behind the edge" };
  // A file is believed at the first look, an app at the third.
  const looks = database >= app ? "1 look, up to 10 s away" : "3 looks, 10 s apart";
  const seen = { at: ready, what: `the health checkers find the standby well: ${looks}`, source: CHECKS };
  return [published, stands, seen, served];
}

/** What bounds the wait, in one sentence. */
export function limitOf(parts: readonly PathPart[]): string {
  const longest = parts.toSorted((one, other) => other.seconds - one.seconds)[0];
  if (!longest) return "nobody had to wait";
  const all = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  const share = Math.round((100 * longest.seconds) / all);
  return `${longest.what} (${share} % of the wait).`;
}
