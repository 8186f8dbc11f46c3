import type { ScenarioReport } from "../../rehearsal/scenario-report.ts";

/** What a scenario of a lost site may come to, as crowded as a real one. @param speed times as fast as for users */
export function sampleReport(speed = 1): ScenarioReport {
  const at = (seconds: number) => (seconds * 1000) / speed;
  return {
    ok: true,
    error: undefined,
    timings: [{ title: "Deploy dr", milliseconds: 98_760, result: "112 resources" }],
    resources: [{ stack: "dr", name: "network", type: "azure-native:network:VirtualNetwork", actuated: true }],
    crossed: [{ key: "unicode/übergrößen-日本語-🙂.txt", bytes: 4500, milliseconds: 312 }],
    answers: [{ site: "standby", question: "write a row", status: 201, milliseconds: 1345 }],
    scenario: "site",
    strategy: "pilot-light",
    speed,
    assertions: [
      { what: "users are served from the standby at most 5 min after the word", ok: true, found: "3 min 38 s" },
      { what: "no AWS API is asked before the standby serves", ok: true, found: "0 requests" },
      { what: "no confirmed order is lost beyond the RPO of 10 s", ok: true, found: "21 of 9,812, the oldest 2.1 s" },
      { what: "no order is there twice", ok: true, found: "0" },
      {
        what: "after the failback every order that the standby confirmed is at the primary",
        ok: true,
        found: "4,210 of 4,210",
      },
    ],
    timeline: {
      events: [
        { at: at(0), who: "users", what: "begin to write 10 orders per second" },
        { at: at(60), who: "aws", what: "dies: the emulator, its databases, its servers and its edges" },
        { at: at(60.4), who: "users", what: "first failed order" },
        { at: at(75), who: "operator", what: "declares a disaster of the site: “AWS is gone”, by operations" },
        { at: at(80), who: "azure", what: "marker declared/site.json is on the static website" },
        { at: at(81), who: "azure", what: "full capacity is asked for" },
        { at: at(105), who: "dns", what: "primary record is unhealthy: 3 checks of the marker have failed" },
        { at: at(92), who: "controller", what: "starts the database" },
        { at: at(212), who: "controller", what: "database runs; promotes it and its newest verified dump" },
        { at: at(231), who: "controller", what: "writes ready/site.json" },
        { at: at(241), who: "dns", what: "standby record is healthy: the deep check and the ready file" },
        { at: at(293), who: "users", what: "first order confirmed by the standby" },
        { at: at(420), who: "aws", what: "comes back with its data" },
        { at: at(430), who: "operator", what: "fails back: copies content and orders to the primary" },
        { at: at(540), who: "operator", what: "moves the markers away" },
        { at: at(575), who: "dns", what: "primary record is healthy" },
        { at: at(636), who: "users", what: "first order confirmed by the primary again" },
        { at: at(680), who: "rehearsal", what: "compares objects and rows" },
      ],
      spans: [
        { from: at(75), to: at(90), who: "operator", what: "up of the stack dr" },
        { from: at(81), to: at(196), who: "azure", what: "starts 4 servers" },
        { from: at(92), to: at(212), who: "azure", what: "starts the stopped database" },
        { from: at(241), to: at(293), who: "dns", what: "answers are cached by resolvers until their TTL is over" },
      ],
    },
    measured: {
      moments: { killedAt: at(60), declaredAt: at(75) },
      requests: {
        sent: 12_345,
        well: 9_812,
        failed: 2_533,
        reasons: [
          { reason: "ECONNREFUSED", count: 2_101 },
          { reason: "no answer within 2000 ms", count: 400 },
          { reason: "status 503", count: 32 },
        ],
        orders: { begun: 6_805, confirmed: 6_805, open: 0 },
      },
      puts: { sent: 680, well: 661, failed: 19 },
      recovery: { servedAt: at(293), fromWord: at(218), fromKill: at(233), gap: { from: at(60), to: at(293) } },
      served: [
        { from: at(0), to: at(60), by: "primary" },
        { from: at(60), to: at(293), by: "none" },
        { from: at(293), to: at(636), by: "standby" },
        { from: at(636), to: at(646), by: "both" },
        { from: at(646), to: at(700), by: "primary" },
      ],
      rows: {
        confirmed: 6_805,
        found: 6_786,
        missing: 21,
        different: 0,
        oldestMissing: at(2.1),
        lostLater: 0,
        duplicated: 0,
        neverConfirmed: 2,
        examples: ["order-1a2b3c4d-000579"],
      },
      objects: {
        confirmed: 661,
        found: 661,
        missing: 0,
        different: 0,
        oldestMissing: 0,
        lostLater: 0,
        duplicated: 0,
        neverConfirmed: 0,
        examples: [],
      },
    },
    criticalPath: [
      { what: "the declaration: up of the stack dr", seconds: 17 },
      { what: "the stopped database starts", seconds: 120, source: "Azure Database for MySQL, measured" },
      { what: "the database is promoted", seconds: 19 },
      {
        what: "health checkers see the ready file: 1 check, 10 s apart",
        seconds: 10,
        source: "Route 53 Developer Guide",
      },
      { what: "resolvers keep the old answer: TTL of 60 s", seconds: 52, source: "RFC 1035" },
    ],
    limit:
      "the start of the stopped database; a warm standby has none, and is bound by health check interval × threshold + TTL.",
  };
}
