import { expect } from "chai";
import fc from "fast-check";
import { SWITCHES, type Switch } from "../../../components/standby/disaster.ts";
import { type CheckedBy, type ChecksPlan, checksFor, FAILOVER_MODES } from "../../../components/traffic/check-plan.ts";
import type { Site } from "../../../components/traffic/weights.ts";

const MANUAL: CheckedBy = { mode: "manual", markers: 1 };

/** What can be the case outside. */
interface World {
  /** For each marker what it says: that a disaster is declared, that none is, or nothing, because nobody reaches it. */
  markers: ("declared" | "none" | "lost")[];
  ready: boolean;
  primaryApp: boolean;
  standbyApp: boolean;
  edge: boolean;
}

/** Whether the record of a site is healthy once all checks have looked. */
function healthy({ checks, guards }: ChecksPlan, site: Site, world: World): boolean {
  const found = new Map(
    checks.map(({ label, place, invertHealthcheck }) => {
      const sees = label.startsWith("declared")
        ? world.markers["marker" in place ? place.marker : 0] === "declared"
        : { ready: world.ready, "primary-app": world.primaryApp, "standby-app": world.standbyApp, edge: world.edge }[
            label
          ];
      return [label, sees !== invertHealthcheck];
    }),
  );
  const { children, threshold } = guards[site];
  return children.filter((label) => found.get(label)).length >= threshold;
}

const world = (markers: 1 | 3) =>
  fc.record<World>({
    markers: fc.array(fc.constantFrom("declared", "none", "lost"), { minLength: markers, maxLength: markers }),
    ready: fc.boolean(),
    primaryApp: fc.boolean(),
    standbyApp: fc.boolean(),
    edge: fc.boolean(),
  });
const switches = fc.constantFrom(...SWITCHES);

describe("the health checks of a name", () => {
  it("look at the app's declaration, its standby, and whether that is ready", () => {
    expect(checksFor("site", MANUAL)).to.deep.equal({
      checks: [
        {
          label: "declared",
          place: { marker: 0 },
          type: "HTTPS_STR_MATCH",
          file: "declared/site.json",
          searchString: '"declared":true',
          invertHealthcheck: true,
          enableSni: true,
          requestInterval: 10,
          failureThreshold: 3,
        },
        {
          label: "standby-app",
          place: { site: "standby" },
          type: "HTTPS",
          invertHealthcheck: false,
          enableSni: true,
          requestInterval: 10,
          failureThreshold: 3,
        },
        {
          label: "ready",
          place: { marker: 0 },
          type: "HTTPS_STR_MATCH",
          file: "ready/site.json",
          searchString: '"ready":true',
          invertHealthcheck: false,
          enableSni: true,
          requestInterval: 10,
          failureThreshold: 1,
        },
      ],
      guards: {
        primary: { children: ["declared"], threshold: 1 },
        standby: { children: ["standby-app", "ready"], threshold: 2 },
      },
    });
  });

  it("look at the content's edge without asking it for anything: it has no page that is always there", () => {
    const { checks, guards } = checksFor("content", MANUAL);
    expect(checks.map(({ label, type, file }) => [label, type, file])).to.deep.equal([
      ["declared", "HTTPS_STR_MATCH", "declared/content.json"],
      ["edge", "TCP", undefined],
      ["ready", "HTTPS_STR_MATCH", "ready/content.json"],
    ]);
    expect(guards.standby).to.deep.equal({ children: ["edge", "ready"], threshold: 2 });
  });

  it("look at no database, which is out of their reach: its readiness speaks for it", () => {
    const { checks, guards } = checksFor("database", MANUAL);
    expect(checks.map(({ file }) => file)).to.deep.equal(["declared/database.json", "ready/database.json"]);
    expect(guards.standby).to.deep.equal({ children: ["ready"], threshold: 1 });
  });

  it("keep their labels when two more markers are asked: what stands is not made anew", () => {
    const labels = (markers: 1 | 3) => checksFor("site", { mode: "manual", markers }).checks.map(({ label }) => label);
    expect(labels(3)).to.deep.equal(["declared", "declared-2", "declared-3", "standby-app", "ready"]);
    expect(labels(3)).to.include.members(labels(1));
  });

  describe("have the primary answered", () => {
    it("until its one marker declares, and never less because that is lost", () => {
      fc.assert(
        fc.property(switches, world(1), (moves, seen) => {
          const plan = checksFor(moves, MANUAL);
          expect(healthy(plan, "primary", seen)).to.equal(seen.markers[0] !== "declared");
        }),
      );
    });

    it("until two of three markers declare, whichever they are", () => {
      fc.assert(
        fc.property(switches, world(3), (moves, seen) => {
          const plan = checksFor(moves, { mode: "manual", markers: 3 });
          const declaring = seen.markers.filter((marker) => marker === "declared").length;
          expect(healthy(plan, "primary", seen)).to.equal(declaring < 2);
        }),
      );
    });

    it("while its app is well too, in automatic mode", () => {
      fc.assert(
        fc.property(world(1), (seen) => {
          const plan = checksFor("site", { mode: "automatic", markers: 1 });
          expect(healthy(plan, "primary", seen)).to.equal(seen.markers[0] !== "declared" && seen.primaryApp);
        }),
      );
    });
  });

  describe("have the standby answered", () => {
    it("only once it is ready, and can be reached", () => {
      fc.assert(
        fc.property(switches, world(1), (moves, seen) => {
          const reached: Record<Switch, boolean> = { site: seen.standbyApp, content: seen.edge, database: true };
          expect(healthy(checksFor(moves, MANUAL), "standby", seen)).to.equal(seen.ready && reached[moves]);
        }),
      );
    });

    it("whenever its app is well, in automatic mode: nobody writes that it is ready where nothing is declared", () => {
      fc.assert(
        fc.property(world(1), (seen) => {
          const plan = checksFor("site", { mode: "automatic", markers: 1 });
          expect(healthy(plan, "standby", seen)).to.equal(seen.standbyApp);
        }),
      );
    });
  });

  it("move content and database by declaration in either mode: whoever writes them must be one alone", () => {
    for (const moves of ["content", "database"] as const) {
      expect(checksFor(moves, { mode: "automatic", markers: 1 })).to.deep.equal(checksFor(moves, MANUAL));
    }
  });

  it("are none where the app's health and two of three markers were to count: Route 53 nests nothing", () => {
    expect(() => checksFor("site", { mode: "automatic", markers: 3 })).to.throw(/nests no calculated health checks/);
  });

  it("count only what is looked at, each once, and never so much that a record is always or never answered", () => {
    fc.assert(
      fc.property(switches, fc.constantFrom(...FAILOVER_MODES), fc.constantFrom(1, 3), (moves, mode, markers) => {
        fc.pre(mode === "manual" || markers === 1);
        const { checks, guards } = checksFor(moves, { mode, markers: markers as 1 | 3 });
        const labels = checks.map(({ label }) => label);
        expect(new Set(labels).size).to.equal(labels.length);
        expect([...guards.primary.children, ...guards.standby.children]).to.have.members(labels);
        for (const { children, threshold } of Object.values(guards)) expect(threshold).to.be.within(1, children.length);
      }),
    );
  });
});
