import type { ScenarioReport } from "../../rehearsal/scenario-report.ts";
import { WHO } from "../../rehearsal/timeline.ts";
import { sampleReport } from "./scenario-report.ts";

/** What must not do anything in a page, nor burst it. */
export const HOSTILE = [
  "<script>alert('1')</script>",
  "\"'><img src=https://example.com/x.png onerror=alert(1)>",
  "</style></svg></title><iframe src=https://example.com></iframe>",
  "&lt;b&gt; &amp; {{alert(1)}} url(https://example.com/y.png)",
  "W".repeat(300),
  "👩‍👩‍👧‍👦".repeat(60),
  "日本語の長い名前".repeat(20),
  "e\u0301".repeat(200),
];

/** A report every text of which is one that somebody made to do harm. */
export function hostileReport(): ScenarioReport {
  const report = sampleReport();
  const text = (index: number) => HOSTILE[index % HOSTILE.length] as string;
  const { timeline, measured } = report;
  const kept = { ...measured.rows, examples: HOSTILE } as typeof measured.rows;
  return {
    ...report,
    ok: false,
    error: HOSTILE.join(" "),
    timings: HOSTILE.map((title) => ({ title, milliseconds: 1, result: title })),
    crossed: HOSTILE.map((key) => ({ key, bytes: 1, milliseconds: 1 })),
    scenario: text(0),
    strategy: text(4),
    assertions: HOSTILE.map((what) => ({ what, ok: false, found: what })),
    timeline: {
      events: timeline.events.map((event, index) => ({ ...event, what: text(index) })),
      spans: timeline.spans.map((span, index) => ({ ...span, what: text(index + 4) })),
    },
    measured: {
      ...measured,
      requests: { ...measured.requests, reasons: HOSTILE.map((reason) => ({ reason, count: 1 })) },
      rows: kept,
    },
    criticalPath: HOSTILE.map((what) => ({ what, seconds: 1, source: what })),
    limit: HOSTILE.join(" "),
  };
}

/** A run that ended before anything happened. */
export function emptyReport(): ScenarioReport {
  const { measured, ...report } = sampleReport();
  return {
    ...report,
    ...{ ok: false, error: "interrupted", timings: [], crossed: [], answers: [], assertions: [], criticalPath: [] },
    timeline: { events: [], spans: [] },
    measured: {
      ...{ moments: {}, recovery: {}, served: [], puts: { sent: 0, well: 0, failed: 0 } },
      requests: {
        ...measured.requests,
        sent: 0,
        well: 0,
        failed: 0,
        reasons: [],
        orders: { begun: 0, confirmed: 0, open: 0 },
      },
    },
  };
}

/** A run with this many events, many of them at one moment and in one lane. */
export function crowdedReport(events: number): ScenarioReport {
  const report = sampleReport();
  const crowd = Array.from({ length: events }, (_, index) => ({
    at: Math.floor(index / 7) * 1000,
    who: WHO[index % 3] ?? "users",
    what: `event ${index}: something of which there is a lot`,
  }));
  return { ...report, timeline: { ...report.timeline, events: crowd } };
}
