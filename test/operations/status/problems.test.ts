import { expect } from "chai";
import type { Facts } from "../../../operations/status/facts.ts";
import { problemsOf } from "../../../operations/status/problems.ts";
import { DECLARED, declaredFacts, factsWith, NOT_DECLARED, stateWith } from "./all-well.ts";

/** What is amiss, in short. */
const amiss = (facts: Facts) => problemsOf(facts).map(({ subject, problem }) => `${subject}: ${problem}`);
const mends = (facts: Facts) => problemsOf(facts).map(({ mend }) => mend);
const { sites, seen, names, declared } = factsWith();

describe("nothing is amiss", () => {
  it("while the primary serves, and the standby has no servers", () => {
    expect(amiss(factsWith())).to.deep.equal([]);
  });

  it("once all is declared and the standby serves, whatever the primary does", () => {
    expect(amiss(declaredFacts(["database", "content", "site"]))).to.deep.equal([]);
    expect(amiss(declaredFacts(["content"]))).to.deep.equal([]);
  });

  it("by what can't be told where something else says so already", () => {
    const unknown = { unknown: "AWS is dead" };
    expect(amiss(declaredFacts(["site"], { replication: unknown, drills: unknown, underWay: unknown }))).to.deep.equal(
      [],
    );
  });
});

describe("it is amiss", () => {
  it("that the primary does not answer, and the way out is a declaration", () => {
    const facts = factsWith({ sites: { ...sites, primary: { host: "h", answers: false, problem: "no connection" } } });
    expect(amiss(facts)).to.deep.equal(["sites: the primary should serve the app, and does not answer: no connection"]);
    expect(mends(facts)[0]).to.include("`npm run dr -- declare site");
  });

  it("that the standby does not answer once it should serve", () => {
    const dead = { ...sites, standby: { unknown: "no answer within 2.5 s" } };
    expect(amiss(declaredFacts(["database", "content", "site"], { sites: dead }))).to.deep.equal([
      "sites: the standby should serve the app, and does not answer: no answer within 2.5 s",
    ]);
  });

  it("that a marker is not as it was declared, or can't be looked at", () => {
    const markersSeen = (content: Facts["seen"]["content"], facts = factsWith()) =>
      amiss({ ...facts, seen: { ...facts.seen, content } });
    expect(markersSeen(DECLARED)).to.deep.equal(["marker of the content: stands, and nothing is declared"]);
    expect(markersSeen({ unknown: "no connection" })).to.deep.equal([
      "marker of the content: can't be looked at: no connection",
    ]);
    const moved = declaredFacts(["content"]);
    expect(markersSeen(NOT_DECLARED, moved)).to.deep.equal([
      "marker of the content: is declared, and the world does not see it",
    ]);
    expect(markersSeen({ declared: true, ready: false }, moved)).to.deep.equal([
      "marker of the content: is seen, and the standby is not ready yet",
    ]);
  });

  it("that a name leads to the other site, but not before the standby is ready for it", () => {
    const there = { name: "app.example.com", host: "shop-app.azurefd.net", site: "standby" } as const;
    expect(amiss(factsWith({ names: { ...names, app: there } }))).to.deep.equal([
      "name of the app: app.example.com leads to the standby, and should to the primary",
    ]);
    const late = declaredFacts(["database", "content", "site"]);
    expect(amiss({ ...late, names: { ...late.names, app: names.app } })).to.deep.equal([
      "name of the app: app.example.com leads to the primary, and should to the standby",
    ]);
    const unready = { ...late.seen, site: { declared: true, ready: false } };
    expect(amiss({ ...late, seen: unready, names: { ...late.names, app: names.app } })).to.deep.equal([
      "marker of the site: is seen, and the standby is not ready yet",
    ]);
  });

  it("that a name leads nowhere known, or is not answered", () => {
    const app = { name: "app.example.com", host: "parked.example.net", site: "neither" } as const;
    expect(amiss(factsWith({ names: { app, content: { unknown: "no CNAME" } } }))).to.deep.equal([
      "name of the app: app.example.com leads to parked.example.net, which neither site gave out",
      "name of the content: no CNAME",
    ]);
  });

  it("that events are set aside, not that some wait", () => {
    const replication = { objects: { waiting: 90, setAside: 0 }, dumps: { waiting: 0, setAside: 2 } };
    expect(amiss(factsWith({ replication }))).to.deep.equal(["replication of dumps: 2 events are set aside"]);
  });

  it("that the controller is silent for more than three minutes, has failed, or can't be asked", () => {
    const saidAt = (at: string) => amiss(factsWith({ controller: stateWith({ at }) }));
    expect(saidAt("2026-11-21T13:57:00.000Z")).to.deep.equal([]);
    expect(saidAt("2026-11-21T13:56:59.000Z")).to.deep.equal(["controller: has said nothing for 3 min 1 s"]);
    const failed = stateWith({ status: "failed", detail: "the server is not found" });
    expect(amiss(factsWith({ controller: failed }))).to.deep.equal(["controller: the server is not found"]);
    expect(amiss(factsWith({ controller: { unknown: "it has never run" } }))).to.deep.equal([
      "controller: it has never run",
    ]);
  });

  it("that a database does not follow the primary as it should, and its last error says why", () => {
    const planned = { database: { target: "running", follows: "primary" } } as const;
    const broken = stateWith({ planned, data: { replication: { state: "broken", lastError: "duplicate key" } } });
    expect(problemsOf(factsWith({ controller: broken }))).to.deep.equal([
      {
        subject: "controller",
        problem: "the database should follow the primary, and is broken",
        mend: "duplicate key",
      },
    ]);
    const following = stateWith({ planned, data: { replication: { state: "following" } } });
    expect(amiss(factsWith({ controller: following }))).to.deep.equal([]);
  });

  it("that there is no dump, that the newest is older than a night, or that newer ones can't be loaded", () => {
    const dump = { dump: "20261120T120000Z", kind: "daily", begunAt: "2026-11-20T12:00:00.000Z", faulty: 0 };
    expect(amiss(factsWith({ dump: null }))).to.deep.equal(["dumps: there is none that can be loaded"]);
    expect(amiss(factsWith({ dump: { unknown: "denied" } }))).to.deep.equal(["dumps: denied"]);
    expect(amiss(factsWith({ dump }))).to.deep.equal([]);
    const old = { ...dump, begunAt: "2026-11-20T11:59:00.000Z", faulty: 2 };
    expect(amiss(factsWith({ dump: old }))).to.deep.equal([
      "dumps: the newest that can be loaded is 1 d 2 h old",
      "dumps: 2 newer than the newest complete one, 20261120T120000Z, can't be loaded",
    ]);
    const own = stateWith({ planned: { database: { target: "promoted", follows: "nobody" } } });
    expect(amiss(factsWith({ dump: { ...old, faulty: 0 }, controller: own }))).to.deep.equal([]);
  });

  it("that an operation was not brought to its end, and the same command goes on with it", () => {
    const begun = { name: "declare", startedAt: "2026-11-21T13:00:00.000Z" };
    const failed = factsWith({ unfinished: { ...begun, status: "failed", step: "Bring it up", error: "no room" } });
    expect(amiss(failed)).to.deep.equal([
      'operations: declare of 2026-11-21T13:00:00.000Z failed at "Bring it up": no room',
    ]);
    expect(mends(failed)).to.deep.equal(["`npm run dr -- declare` goes on where things stand"]);
    expect(amiss(factsWith({ unfinished: { ...begun, status: "running" } }))).to.deep.equal([
      "operations: declare of 2026-11-21T13:00:00.000Z was left half-way",
    ]);
  });

  it("that no drill was held, that none went well, that the last failed, or that the last good one is stale", () => {
    const last = { startedAt: "2026-11-02T09:00:00.000Z", status: "failed", by: "me@here" } as const;
    const passedAt = "2026-03-02T09:00:00.000Z";
    const drills = (found: Facts["drills"]) => amiss(factsWith({ drills: found }));
    expect(drills({ stale: false })).to.deep.equal(["drills: none was ever held"]);
    expect(drills({ last, stale: false })).to.deep.equal(["drills: none ever went well"]);
    expect(drills({ last, passedAt, skipped: 1, stale: false })).to.deep.equal([
      "drills: the last one, of 2026-11-02T09:00:00.000Z, failed",
    ]);
    expect(drills({ last, passedAt, skipped: 2, stale: true })).to.deep.equal([
      "drills: stale: the last one that went well is of 2026-03-02T09:00:00.000Z, and 2 quarters were skipped since",
    ]);
  });

  it("that the stack file plans what is not deployed, or can't be read", () => {
    expect(amiss(factsWith({ next: ["servers: none -> 3 to 12", "markers: none -> site"] }))).to.deep.equal([
      "stack file of dr: is not deployed: servers: none -> 3 to 12; markers: none -> site",
    ]);
    expect(amiss(factsWith({ next: { unknown: "expected YAML" } }))).to.deep.equal(["stack file of dr: expected YAML"]);
  });

  it("in as many ways as there are at once, each with what mends it", () => {
    const worst = factsWith({
      sites: { ...sites, primary: { unknown: "dead" } },
      seen: { ...seen, site: DECLARED },
      declared: { ...declared },
      dump: null,
      next: ["markers: site -> none"],
    });
    expect(problemsOf(worst).map(({ subject }) => subject)).to.deep.equal([
      ...["sites", "marker of the site", "dumps", "stack file of dr"],
    ]);
    expect(mends(worst).every((mend) => mend.length > 0)).to.equal(true);
  });

  it("that the newest image waits for longer than it may to be at the standby, and not that it is on its way", () => {
    const standby = { image: "ami-1", created: "2026-11-01T00:00:00.000Z", version: "2026.1101.0", promotedAt: "" };
    const newest = (created: string) => ({ image: "ami-2", created, patienceHours: 24 });
    const of = (images: Facts["images"]) => amiss(factsWith({ images }));
    expect(of({ standby, primary: newest("2026-11-21T00:00:00.000Z") })).to.deep.equal([]);
    expect(of({ standby, primary: null })).to.deep.equal([]);
    expect(of({ standby, primary: newest("2026-11-19T14:00:00.000Z") })).to.deep.equal([
      "images: ami-2 waits for 2 d to be at the standby; the standby has ami-1",
    ]);
    expect(of({ standby: null, primary: newest("2026-11-19T14:00:00.000Z") })).to.deep.equal([
      "images: ami-2 waits for 2 d to be at the standby; the standby has none",
    ]);
    const slow = { ...newest("2026-11-19T14:00:00.000Z"), patienceHours: 72 };
    expect(of({ standby, primary: slow }), "the stack file of link allows it").to.deep.equal([]);
    expect(of({ standby: { unknown: "no answer" }, primary: null })).to.deep.equal(["images: no answer"]);
  });

  it("that images of containers are behind, and which", () => {
    const standing = (behind: string[]) => factsWith({ containers: [{ repository: "shop/web", tags: 9, behind }] });
    expect(amiss(standing([]))).to.deep.equal([]);
    expect(amiss(standing(["1.4"]))).to.deep.equal(["containers: of the images at the standby 1 behind: shop/web:1.4"]);
  });
});
