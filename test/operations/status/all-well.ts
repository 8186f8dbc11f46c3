import type { Switch } from "../../../components/standby/disaster.ts";
import type { SeenState } from "../../../operations/database/control.ts";
import type { Facts } from "../../../operations/status/facts.ts";
import type { Marked } from "../../../operations/status/sites.ts";

/** When all of it was found. */
export const AT = "2026-11-21T14:00:00.000Z";

export const NOT_DECLARED: Marked = { declared: false, ready: false };
export const DECLARED: Marked = { declared: true, ready: true };

/** The controller, which agreed with its plan half a minute ago. */
export function stateWith(changes: Partial<SeenState> = {}): SeenState {
  const planned = { database: { target: "stopped", follows: "dumps" } } as const;
  return {
    ...{ status: "settled", detail: "all is well", at: "2026-11-21T13:59:30.000Z", setAside: [] },
    ...{ planned, data: { loaded: "20261121T021500Z" }, ...changes },
  };
}

/** Two sites of which nothing is amiss, but for what a test changes. */
export function factsWith(changes: Partial<Facts> = {}): Facts {
  const [primary, standby] = ["shop-1.elb.amazonaws.com", "shop-app.azurefd.net"] as const;
  return {
    workload: "shop",
    at: AT,
    sites: {
      primary: { host: primary, answers: true, status: 200, milliseconds: 34 },
      standby: { host: standby, answers: false, status: 503, problem: "expected status 200, found 503" },
    },
    declared: { strategy: "pilot-light", disaster: "none", drill: false, handBack: "no", markers: [], servers: 0 },
    seen: { database: NOT_DECLARED, content: NOT_DECLARED, site: NOT_DECLARED },
    names: {
      app: { name: "app.example.com", host: primary, site: "primary" },
      content: { name: "content.example.com", host: "d1.cloudfront.net", site: "primary" },
    },
    replication: { objects: { waiting: 0, setAside: 0 }, dumps: { waiting: 0, setAside: 0 } },
    secrets: { secrets: 3, drift: [] },
    containers: null,
    controller: stateWith(),
    dump: { dump: "20261121T021500Z", kind: "daily", begunAt: "2026-11-21T02:15:00.000Z", faulty: 0 },
    rpo: { content: { text: "seconds: nothing waits" }, database: { seconds: 42_300, text: "11 h 45 min" } },
    drills: {
      last: { startedAt: "2026-11-02T09:00:00.000Z", status: "done", by: "me@here" },
      ...{ passedAt: "2026-11-02T09:00:00.000Z", skipped: 0, stale: false },
    },
    underWay: null,
    next: [],
    ...changes,
  };
}

/** The same, once these names are declared switched, and the standby serves them. */
export function declaredFacts(markers: Switch[], changes: Partial<Facts> = {}): Facts {
  const { declared, seen, names, sites } = factsWith();
  const disaster = markers.includes("site") ? "site" : (markers[0] ?? "none");
  const standby = { host: "shop-app.azurefd.net", answers: true, status: 200, milliseconds: 51 };
  return factsWith({
    declared: { ...declared, disaster, markers, servers: markers.includes("site") ? 3 : 0 },
    seen: { ...seen, ...Object.fromEntries(markers.map((name) => [name, DECLARED])) },
    names: {
      app: markers.includes("site") ? { name: "app.example.com", host: standby.host, site: "standby" } : names.app,
      content: markers.includes("content")
        ? { name: "content.example.com", host: "shop-content.azurefd.net", site: "standby" }
        : names.content,
    },
    sites: markers.includes("site") ? { primary: { unknown: "no answer within 2.5 s" }, standby } : sites,
    ...changes,
  });
}
