import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { expect } from "chai";
import fc from "fast-check";
import { type Check, healthOf, NEW, type Opinion } from "../../../rehearsal/dns/health.ts";
import { choose } from "../../../rehearsal/dns/route53.ts";

/** How things are at one of the places that the health checks ask. */
type Found = "yes" | "no" | "new";

const MARKERS = ["marker1", "marker2", "marker3"] as const;

/** The checks of a failover name: its markers say "declared", its standby answers, and its READY file is there. */
function checksOf(markers: number, automatic: boolean): Check[] {
  const asked = MARKERS.slice(0, markers);
  const undeclared = markers === 1 ? 1 : 2;
  const endpoint = (id: string, more: object = {}): Check => ({ id, config: { Type: "HTTPS", ...more } });
  return [
    ...asked.map((id) => endpoint(id, { Inverted: true })),
    endpoint("app"),
    endpoint("deep"),
    endpoint("ready"),
    {
      id: "primary",
      config: {
        Type: "CALCULATED",
        HealthThreshold: undeclared + (automatic ? 1 : 0),
        ChildHealthChecks: [...asked, ...(automatic ? ["app"] : [])],
      },
    },
    { id: "standby", config: { Type: "CALCULATED", HealthThreshold: 2, ChildHealthChecks: ["deep", "ready"] } },
  ];
}

/** Where the users are sent, out of all draws. */
function served(
  found: Record<string, Found>,
  {
    weights = [100, 0],
    markers = 1,
    automatic = false,
  }: { weights?: number[]; markers?: number; automatic?: boolean } = {},
): string {
  const opinionsOf = (id: string): Opinion[] => {
    const what = found[id] ?? "no";
    return Array(3).fill(what === "new" ? NEW : { healthy: what === "yes", against: 0 });
  };
  const health = healthOf(checksOf(markers, automatic), opinionsOf);
  const pair = ["primary", "standby"].map(
    (id, index): ResourceRecordSet => ({
      Name: "app.shop.example.com.",
      Type: "CNAME",
      TTL: 60,
      SetIdentifier: id,
      Weight: weights[index],
      HealthCheckId: id,
      ResourceRecords: [{ Value: `${id}.example.net` }],
    }),
  );
  const chosen = [0, 0.25, 0.5, 0.75, 0.999].map((point) => choose(pair, health, () => point).SetIdentifier);
  return [...new Set(chosen)].join(" and ");
}

describe("the pair of records of a failover name, weights 100 and 0", () => {
  const standing = { deep: "yes", ready: "yes" } as const;

  it("stays at the primary while nothing is declared, whatever the standby is like", () => {
    expect(served({ ...standing })).to.equal("primary");
    expect(served({})).to.equal("primary");
  });

  it("moves once it is declared and the standby serves", () => {
    expect(served({ ...standing, marker1: "yes" })).to.equal("standby");
  });

  it("does not move before the standby serves: neither by the deep check alone nor by the READY file alone", () => {
    expect(served({ marker1: "yes" })).to.equal("primary");
    expect(served({ marker1: "yes", deep: "yes" })).to.equal("primary");
    expect(served({ marker1: "yes", ready: "yes" })).to.equal("primary");
  });

  it("moves nobody when the marker's site is lost", () => {
    expect(served({ ...standing, marker1: "no" })).to.equal("primary");
  });

  it("would move everybody by a marker's check that is new, were the standby ready: so records get it settled", () => {
    expect(served({ ...standing, marker1: "new" })).to.equal("standby");
    expect(served({ marker1: "new" })).to.equal("primary");
    // The checks of the standby are new too: an ordinary one counts as healthy until it has looked.
    expect(served({ marker1: "new", deep: "new", ready: "new" })).to.equal("standby");
  });

  it("needs two of three markers, and stands the loss of one", () => {
    const three = { markers: 3 };
    expect(served({ ...standing, marker1: "yes" }, three)).to.equal("primary");
    expect(served({ ...standing, marker1: "yes", marker2: "yes" }, three)).to.equal("standby");
    expect(served({ ...standing, marker1: "yes", marker2: "no", marker3: "yes" }, three)).to.equal("standby");
    expect(served({ ...standing }, three)).to.equal("primary");
  });

  it("moves on its own in automatic mode when the app is down, and not otherwise", () => {
    expect(served({ ...standing, app: "no" })).to.equal("primary");
    expect(served({ ...standing, app: "no" }, { automatic: true })).to.equal("standby");
    expect(served({ ...standing, app: "yes" }, { automatic: true })).to.equal("primary");
  });

  it("can't be told with three markers in automatic mode: the app's being up makes up for a declared marker", () => {
    const both = { markers: 3, automatic: true };
    // Two of three say declared and the app is down: 1 of 4 is healthy, users move.
    expect(served({ ...standing, marker1: "yes", marker2: "yes" }, both)).to.equal("standby");
    // The app alone is down: 3 of 4 are healthy, which is enough to stay; so the mode would be without effect.
    expect(served({ ...standing, app: "no" }, both)).to.equal("primary");
  });

  it("goes by weight while both are healthy: that is the gradual way back", () => {
    expect(served({ ...standing }, { weights: [50, 50] })).to.equal("primary and standby");
    expect(served({ ...standing }, { weights: [0, 100] })).to.equal("standby");
    expect(served({ ...standing, marker1: "yes" }, { weights: [0, 100] })).to.equal("standby");
  });

  it("serves a cold standby never, as long as its weight is 0", () => {
    const found = fc.constantFrom<Found>("yes", "no");
    const all = fc.record({ marker1: found, marker2: found, marker3: found, app: found, deep: found, ready: found });
    const options = fc.record({ markers: fc.constantFrom(1, 3), automatic: fc.boolean() });
    fc.assert(
      fc.property(all, options, (things, given) => {
        const warm = things.deep === "yes" && things.ready === "yes";
        if (!warm) expect(served(things, given)).to.equal("primary");
      }),
    );
  });
});
