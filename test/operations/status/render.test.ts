import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import type { Facts } from "../../../operations/status/facts.ts";
import { problemsOf } from "../../../operations/status/problems.ts";
import { type Previews, renderStatus } from "../../../operations/status/render.ts";
import { DECLARED, declaredFacts, factsWith, stateWith } from "./all-well.ts";

const shown = (facts: Facts, previews?: Previews) =>
  stripVTControlCharacters(renderStatus(facts, problemsOf(facts), previews));

/** What stands behind a label. */
function row(label: string, facts: Facts, previews?: Previews): string | undefined {
  const line = shown(facts, previews)
    .split("\n")
    .find((each) => each.startsWith(`  ${label.padEnd(12)}  `));
  return line?.slice(16);
}

describe("the page that status prints", () => {
  it("tells on one page how everything stands", () => {
    expect(shown(factsWith()).split("\n")).to.deep.equal([
      "shop at 2026-11-21T14:00:00.000Z",
      "",
      "Sites",
      "  primary       answers at shop-1.elb.amazonaws.com in 34 ms",
      "  standby       does not answer, and has no servers (pilot-light, nothing declared for the app)",
      "",
      "Declared",
      "  by dr         nothing",
      "  markers       database: not declared; content: not declared; site: not declared",
      "",
      "Names",
      "  app           app.example.com leads to the primary (shop-1.elb.amazonaws.com)",
      "  content       content.example.com leads to the primary (d1.cloudfront.net)",
      "",
      "Replication",
      "  objects       0 events wait, 0 set aside",
      "  dumps         0 events wait, 0 set aside",
      "  vault         3 secrets, each as at the primary",
      "  newest dump   20261121T021500Z, 11 h 45 min old",
      "  database      holds the dump 20261121T021500Z",
      "  controller    settled, 30 s ago: all is well",
      "",
      "Would be lost now",
      "  content       seconds: nothing waits",
      "  database      11 h 45 min",
      "",
      "Operations",
      "  under way     nothing",
      "  last drill    2026-11-02T09:00:00.000Z, done, 19 d 5 h ago",
      "",
      "Next up",
      "  dr            as its stack file plans",
      "",
      "Problems",
      "  none",
    ]);
  });

  it("tells which image the standby has, and what is on its way, where images follow", () => {
    const standby = {
      image: "ami-1",
      created: "2026-11-14T14:00:00.000Z",
      version: "2026.1114.140000",
      promotedAt: "2026-11-14T16:00:00.000Z",
    };
    const same = { image: "ami-1", created: standby.created, patienceHours: 24 };
    const newer = { image: "ami-2", created: "2026-11-21T11:00:00.000Z", patienceHours: 24 };
    const shownOf = (images: Facts["images"]) => row("image", factsWith({ images }));
    expect(row("image", factsWith())).to.equal(undefined);
    expect(shownOf({ standby, primary: same })).to.equal("ami-1 as version 2026.1114.140000, 7 d old");
    expect(shownOf({ standby, primary: newer })).to.equal(
      "ami-1 as version 2026.1114.140000, 7 d old; ami-2, 3 h old, is on its way",
    );
    expect(shownOf({ standby, primary: { unknown: "no answer within 2.5 s" } })).to.match(/7 d old$/);
    expect(shownOf({ standby: null, primary: newer })).to.match(/^none yet; ami-2/);
  });

  it("tells how the images of containers stand, where they follow", () => {
    expect(row("containers", factsWith())).to.equal(undefined);
    const web = { repository: "shop/web", tags: 9, behind: [] };
    expect(row("containers", factsWith({ containers: [web] }))).to.equal(
      "9 tags in 1 repositories, each as at the primary",
    );
    expect(row("containers", factsWith({ containers: { unknown: "AWS is dead" } }))).to.match(/AWS is dead/);
  });

  it("tells each problem with what mends it", () => {
    expect(shown(factsWith({ dump: null }))).to.include(
      "Problems\n  dumps: there is none that can be loaded\n      `npm run dr -- dump-database --wait` makes one",
    );
  });

  it("tells of a declaration since when, by whom and why, and what the world sees of it", () => {
    const marked = { ...DECLARED, since: "2026-11-21T13:00:00.000Z", by: "platform-team", why: "RDS is down" };
    const facts = declaredFacts(["database"]);
    const seen = { ...facts.seen, database: marked, site: { unknown: "no connection" } };
    expect(row("by dr", { ...facts, seen })).to.equal(
      'database (since 2026-11-21T13:00:00.000Z, by platform-team, "RDS is down")',
    );
    expect(row("markers", { ...facts, seen })).to.equal(
      "database: declared, ready; content: not declared; site: can't be looked at (no connection)",
    );
  });

  it("tells a drill, and a declaration that is being handed back, as what they are", () => {
    const declaredAs = (changes: Partial<Facts["declared"]>) =>
      row("by dr", factsWith({ declared: { ...factsWith().declared, ...changes } }));
    expect(declaredAs({ drill: true })).to.equal("nothing, but a drill is on");
    expect(declaredAs({ disaster: "site", handBack: "copy" })).to.equal("site, handing back (copy)");
    expect(declaredAs({ disaster: "content", handBack: "no" })).to.equal("content");
  });

  it("tells why the standby does not answer once it has servers", () => {
    const declared = { ...factsWith().declared, servers: 1 };
    expect(row("standby", factsWith({ declared }))).to.equal("does not answer: expected status 200, found 503");
  });

  it("tells for everything that nobody answers for why it can't be told, and the rest all the same", () => {
    const dead = { unknown: "no answer within 2.5 s" };
    const facts = factsWith({
      ...{ sites: { primary: dead, standby: dead }, names: { app: dead, content: dead }, replication: dead },
      ...{ controller: dead, dump: dead, drills: dead, underWay: dead, next: dead },
    });
    const labels = ["primary", "standby", "app", "objects", "newest dump", "database", "controller"];
    for (const label of [...labels, "under way", "last drill", "dr"]) {
      expect(row(label, facts), label).to.equal("can't be told: no answer within 2.5 s");
    }
    expect(row("markers", facts)).to.include("site: not declared");
  });

  it("tells who is at work, and that a drill is stale or was never held", () => {
    const underWay = { operation: "declare", by: "me@here", startedAt: "2026-11-21T13:59:00.000Z" };
    expect(row("under way", factsWith({ underWay }))).to.equal("declare by me@here, since 2026-11-21T13:59:00.000Z");
    const last = { startedAt: "2026-02-02T14:00:00.000Z", status: "done", by: "me@here" } as const;
    expect(row("last drill", factsWith({ drills: { last, stale: true } }))).to.equal(
      "2026-02-02T14:00:00.000Z, done, 292 d ago, stale",
    );
    expect(row("last drill", factsWith({ drills: { stale: false } }))).to.equal("none");
  });

  it("tells what a database holds and how far it is behind what it follows", () => {
    const holds = (data: object) => row("database", factsWith({ controller: stateWith({ data }) }));
    expect(holds({ replication: { state: "following", lagSeconds: 2 } })).to.equal(
      "holds no dump; following, 2 s behind",
    );
    expect(holds({ loaded: "20261121T021500Z", replication: { state: "broken" } })).to.equal(
      "holds the dump 20261121T021500Z; broken",
    );
  });

  it("tells what the next up does, with what the engine says where it was asked", () => {
    const previews = { dr: { same: 90, create: 2, update: 1 }, traffic: { unknown: "no answer within 120 s" } };
    const facts = factsWith({ next: ["servers: none -> 3 to 12"] });
    expect(row("dr", facts, previews)).to.equal("servers: none -> 3 to 12");
    expect(row("preview dr", facts, previews)).to.equal("2 create, 1 update");
    expect(shown(facts, previews)).to.include("preview traffic  can't be told: no answer within 120 s");
    expect(row("preview dr", facts, { dr: { same: 90 } })).to.equal("nothing to change");
  });
});
