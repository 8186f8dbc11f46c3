import { expect } from "chai";
import fc from "fast-check";
import { parseSettings } from "../../stacks/settings.ts";
import { CONFIG } from "../support/config.ts";

const { "multicloud-dr:workload": _, ...COMMON } = CONFIG.prod;

/** What each workload must have for itself: its names, in the one zone that stands. */
function own(workloads: Record<string, object | null>): Record<string, object> {
  return Object.fromEntries(Object.entries(workloads).map(([name, values]) => [name, { ...NAMES(name), ...values }]));
}

const NAMES = (name: string) => ({
  appName: `${name}-app.shop.example.com`,
  contentName: `${name}-content.shop.example.com`,
  zoneId: "Z0123456789ABCDEFGHIJ",
});

/** The settings of a prod stack that lists these workloads. */
function read(workloads: unknown, more: Record<string, string> = {}) {
  const listed = typeof workloads === "string" ? workloads : JSON.stringify(workloads);
  const settings = parseSettings({ ...COMMON, "multicloud-dr:workloads": listed, ...more }, "prod");
  if (settings.role !== "prod") throw new Error(`expected settings of prod, found ${settings.role}`);
  return settings;
}

function report(workloads: unknown, more: Record<string, string> = {}): string {
  try {
    read(workloads, more);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("several workloads in one stack file", () => {
  it("take what stands at the top, and have what they say themselves", () => {
    const { listed, workloads } = read(own({ shop: {}, billing: { zones: 2, serverType: "c7i.large" } }));
    expect(listed).to.equal(true);
    expect(workloads.map(({ workload, zones, serverType }) => [workload, zones, serverType])).to.deep.equal([
      ["shop", 3, "m7i.large"],
      ["billing", 2, "c7i.large"],
    ]);
  });

  it("may say nothing of their own", () => {
    expect(read({ shop: null }).workloads).to.have.length(1);
  });

  it("are as many as somebody likes, and the same as if each stood alone", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-kn-z][a-z0-9]{2,15}$/), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(names, fc.integer({ min: 2, max: 6 }), (all, zones) => {
        const { workloads } = read(own(Object.fromEntries(all.map((name) => [name, { zones }]))));
        const alone = all.map((name) => {
          const names = Object.entries(NAMES(name)).map(([key, value]) => [`multicloud-dr:${key}`, value]);
          const single = { "multicloud-dr:workload": name, "multicloud-dr:zones": String(zones) };
          const config = { ...COMMON, ...Object.fromEntries(names), ...single };
          return parseSettings(config, "prod").workloads[0];
        });
        expect(workloads).to.deep.equal(alone);
      }),
    );
  });

  it("have each problem named by its place, and with the command that mends it there", () => {
    const problems = report(own({ shop: { zones: 9 }, billing: { serversMax: 1 } }));
    expect(problems).to.match(/^2 problems/);
    expect(problems).to.contain("\n  multicloud-dr:workloads.shop.zones\n");
    expect(problems).to.contain("mend     pulumi config set --path --stack prod multicloud-dr:workloads.shop.zones 3");
    expect(problems).to.contain("\n  multicloud-dr:workloads.billing.serversMax\n");
  });

  it("have a problem of the top told once, however many they are", () => {
    const problems = report(own({ shop: {}, billing: {}, mail: {} }), { "multicloud-dr:zones": "nine" });
    expect(problems).to.match(/^1 problem .*\n {2}multicloud-dr:zones\n/);
  });

  it("are refused with a key that nobody reads, or that holds for the whole stack", () => {
    const problems = report({ shop: { zone: 3, role: "dr", "aws:region": "eu-west-1" } });
    expect(problems).to.match(/^3 problems/);
    expect(problems).to.contain("\n  multicloud-dr:workloads.shop.zone\n");
    expect(problems).to.contain("did you mean multicloud-dr:zones?");
    expect(problems).to.contain("mend     pulumi config rm --path --stack prod multicloud-dr:workloads.shop.role");
    expect(problems).to.contain("it holds for the whole stack");
  });

  it("are refused with names of each other, and with one zone that each would make", () => {
    const problems = report({ shop: {}, billing: {} });
    expect(problems).to.match(/^3 problems/);
    expect(problems).to.contain("\n  multicloud-dr:workloads.billing.appName\n");
    expect(problems).to.contain("a name that no other workload has; shop is app.shop.example.com already");
    expect(problems).to.contain(
      "mend     pulumi config set --path --stack prod multicloud-dr:workloads.billing.contentName billing-content.shop.example.com",
    );
    expect(problems).to.contain("expected the id of the zone of shop.example.com, which shop would make too");
    expect(report(own({ shop: {}, billing: { appName: "shop-content.shop.example.com" } }))).to.contain("1 problem");
  });

  it("are refused with a marker of each other: who declares for one would declare for both", () => {
    const { "multicloud-dr:workload": _, ...common } = CONFIG.traffic;
    const markers = "https://marker.example.net/ https://marker.example.org/";
    const reportOn = (shop: object, billing: object, top = "") => {
      const workloads = JSON.stringify({ shop, billing });
      const config = { ...common, "multicloud-dr:otherMarkers": top, "multicloud-dr:workloads": workloads };
      try {
        parseSettings(config, "traffic");
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    };
    const others = { otherMarkers: "https://other.example.net/ https://marker.example.org:443" };
    for (const problems of [reportOn({}, {}, markers), reportOn({ otherMarkers: markers }, others)]) {
      expect(problems).to.match(/^1 problem .*\n {2}multicloud-dr:workloads\.billing\.otherMarkers\n/);
      expect(problems).to.match(/addresses that no other workload has; shop has https:\/\/marker\.example\.\S+, and/);
      expect(problems).to.contain(
        "mend     pulumi config set --path --stack traffic multicloud-dr:workloads.billing.otherMarkers ''",
      );
    }
    expect(reportOn({}, { otherMarkers: "" }, markers)).to.equal("");
    const own = { otherMarkers: "https://marker.example.net/billing https://marker.example.org/billing" };
    expect(reportOn({ otherMarkers: markers }, own)).to.equal("");
  });

  it("are refused with a name that is none", () => {
    const problems = report({ "My Shop": {} });
    expect(problems).to.contain("\n  multicloud-dr:workloads.My Shop\n");
    expect(problems).to.contain("expected 3 to 16 lowercase letters");
  });

  it("are refused beside a single one", () => {
    expect(report({ shop: {} }, { "multicloud-dr:workload": "shop" })).to.contain("expected nothing beside");
  });

  for (const wrong of ["shop", "[]", "{}", '["shop"]', '{"shop":3}', "{"]) {
    it(`are refused as ${wrong}`, () => {
      expect(report(wrong)).to.contain("expected workloads by name, each with what is special to it");
    });
  }
});
