import type { AuditReport } from "../policy/audit/report.ts";
import type { Measured } from "./orders/measure.ts";
import type { Report } from "./report.ts";
import type { Happening, Span } from "./timeline.ts";

/** One thing that a scenario must show. */
export interface Assertion {
  /** What must be so. @example "no confirmed order is lost beyond the RPO" */
  what: string;
  ok: boolean;
  /** What was found. @example "0 of 4,812 are missing" */
  found: string;
}

/** One link of the chain that users waited for. */
export interface PathPart {
  /** @example "health checkers see the word: 3 checks, 10 s apart" */
  what: string;
  /** As users would have it: unscaled. */
  seconds: number;
  /** Where a published number comes from. @example "Route 53 Developer Guide" */
  source?: string;
}

/**
 * What a scenario came to. Milliseconds are those of the machine, on which time went `speed` times as fast as for
 * users; seconds are as users would have them.
 */
export interface ScenarioReport extends Report {
  /** @example "site" */
  scenario: string;
  /** @example "pilot-light" */
  strategy: string;
  /** Times as fast as for users. */
  speed: number;
  assertions: Assertion[];
  /** Who could delete which copies of what was deployed; absent when the run ended before it was. */
  audit?: AuditReport | undefined;
  timeline: { events: Happening[]; spans: Span[] };
  measured: Measured;
  criticalPath: PathPart[];
  /** What bounds the time that users wait, in one sentence. */
  limit: string;
}

/** Of a run that ended before anything was measured. */
export const UNMEASURED: Measured = {
  moments: {},
  requests: { sent: 0, well: 0, failed: 0, reasons: [], orders: { begun: 0, confirmed: 0, open: 0 } },
  puts: { sent: 0, well: 0, failed: 0 },
  recovery: {},
  served: [],
};
