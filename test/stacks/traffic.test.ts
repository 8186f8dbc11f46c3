import { expect } from "chai";
import { DISASTERS, type Disaster } from "../../components/standby/disaster.ts";
import { DEFAULT_CAPACITY, standbyPlan } from "../../components/standby/standby-plan.ts";
import type { traffic } from "../../stacks/traffic.ts";
import { expectProtected, expectTags } from "../support/house-rules.ts";
import { outputsOf } from "../support/mock-outputs.ts";
import { type Registrations, settled } from "../support/mocks.ts";
import { DR_OUTPUTS, PROD_OUTPUTS } from "../support/other-stacks.ts";
import { rejection } from "../support/rejection.ts";
import { answersOf, DR_STACK, deployTraffic, HEALTH_CHECK, PROD_STACK } from "../support/traffic-stack.ts";

const APP = "app.shop.example.com";
const CONTENT = "content.shop.example.com";
const DATABASE = "database.shop.internal";

/** The share of its answers that each name's sites get, by what `dr` says. */
async function weightsWith(dr: object, changes: Parameters<typeof deployTraffic>[0] = {}) {
  const { resources } = await deployTraffic({ databaseHostName: DATABASE, ...changes }, dr);
  const weights = Object.entries({ app: APP, content: CONTENT, database: DATABASE }).map(([label, name]) => {
    const { primary, standby } = answersOf(resources, name);
    return [label, `${primary?.[1]}/${standby?.[1]}`];
  });
  return Object.fromEntries(weights) as Record<"app" | "content" | "database", string>;
}

/** The plan of a standby that serves a disaster. */
function declared(disaster: Disaster, drill = false, handBack: "no" | "copy" | "move" = "no") {
  const course = { handBack, growDatabase: false };
  return { declaredDisaster: disaster, plan: standbyPlan("warm-standby", disaster, drill, DEFAULT_CAPACITY, course) };
}

describe("the traffic stack", () => {
  let resources: Registrations;
  let outputs: ReturnType<typeof traffic>;

  before(async () => {
    ({ resources, result: outputs } = await deployTraffic());
  });

  it("registers nothing but Route 53's: health checks, and records in prod's zone", () => {
    const records = resources.ofType("aws:route53/record:Record");
    expect(records).to.have.length(6);
    for (const { inputs } of records) expect(inputs.zoneId).to.equal(PROD_OUTPUTS.zoneId);
    expect(new Set(resources.customs.map(({ type }) => type))).to.deep.equal(
      new Set(["aws:route53/record:Record", HEALTH_CHECK]),
    );
  });

  it("reads the two stacks that the settings name, and no others", () => {
    expect(resources.stacksRead).to.have.members([PROD_STACK, DR_STACK]);
  });

  it("protects nothing: it holds no data", () => {
    expectProtected(resources, []);
  });

  it("tags every health check as its own", () => {
    expectTags(resources, { Purpose: "traffic", Environment: "staging", Workload: "shop", Owner: "platform-team" });
  });

  it("has both sites answer for the app and for the content, the primary with all the weight", () => {
    expect(answersOf(resources, APP)).to.deep.equal({
      primary: [PROD_OUTPUTS.appHost, 100],
      standby: [DR_OUTPUTS.appHost, 0],
    });
    expect(answersOf(resources, CONTENT)).to.deep.equal({
      primary: [PROD_OUTPUTS.contentHost, 100],
      standby: [DR_OUTPUTS.contentHost, 0],
    });
  });

  it("has the switched records live as long as the settings say", () => {
    const switched = resources.customs.filter(({ inputs }) => inputs.type === "CNAME");
    expect(switched).to.have.length(4);
    for (const { inputs } of switched) expect(inputs.ttl).to.equal(45);
  });

  it("proves to Front Door that the names are ours", () => {
    const proofs = resources.customs.filter(({ inputs }) => inputs.type === "TXT").map(({ inputs }) => inputs);
    expect(proofs.map(({ name, records }) => [name, records])).to.have.deep.members([
      [`_dnsauth.${APP}`, [DR_OUTPUTS.appToken]],
      [`_dnsauth.${CONTENT}`, [DR_OUTPUTS.contentToken]],
    ]);
  });

  describe("gives a name's weight to the site that serves it", () => {
    /** The primary's share and the standby's of each name under each declaration. */
    const SERVING: Record<Disaster, Awaited<ReturnType<typeof weightsWith>>> = {
      none: { app: "100/0", content: "100/0", database: "100/0" },
      database: { app: "100/0", content: "100/0", database: "0/100" },
      content: { app: "100/0", content: "0/100", database: "100/0" },
      site: { app: "0/100", content: "0/100", database: "0/100" },
    };
    for (const disaster of DISASTERS) {
      it(`when dr declares ${disaster}: ${JSON.stringify(SERVING[disaster])}`, async () => {
        expect(await weightsWith(declared(disaster))).to.deep.equal(SERVING[disaster]);
      });
    }

    it("which is the primary in a drill: nobody is told", async () => {
      expect(await weightsWith(declared("none", true))).to.deep.equal(SERVING.none);
    });

    it("which is the standby while its database is copied, and the primary once the names move back", async () => {
      expect(await weightsWith(declared("site", false, "copy"))).to.deep.equal(SERVING.site);
      expect(await weightsWith(declared("site", false, "move"))).to.deep.equal(SERVING.none);
    });

    it("or shares it out as somebody asks, declared or not, but never the database's writers", async () => {
      const shared = { standbyShare: 10 };
      const asked = { app: "90/10", content: "90/10" };
      expect(await weightsWith(declared("none"), shared)).to.deep.equal({ ...asked, database: "100/0" });
      expect(await weightsWith(declared("site"), shared)).to.deep.equal({ ...asked, database: "0/100" });
      expect(await weightsWith(declared("site"), { standbyShare: 0 })).to.include({ app: "100/0", content: "100/0" });
    });
  });

  it("leads past the standby's edge to its load balancer when it is asked to, and asks there whether the app is well", async () => {
    const { resources: direct } = await deployTraffic({ bypassEdge: true });
    expect(answersOf(direct, APP)).to.deep.equal({ ...answersOf(resources, APP), standby: [DR_OUTPUTS.bypassHost, 0] });
    expect(answersOf(direct, CONTENT)).to.deep.equal(answersOf(resources, CONTENT));
    expect(direct.named("shop-app-standby-app").inputs.fqdn).to.equal(DR_OUTPUTS.bypassHost);
    expect(direct.names).to.deep.equal(resources.names);
  });

  it("stops when it is to lead past the edge to containers, which don't know the app's name", async () => {
    const error = await rejection(deployTraffic({ bypassEdge: true }, { bypassHost: undefined }));
    expect(error.message)
      .to.include("multicloud-dr:webTier in dr is containers")
      .and.to.include("set bypassEdge to false");
  });

  it("stops when dr tells no plan, rather than guess what is declared", async () => {
    const error = await rejection(deployTraffic({}, { plan: undefined }));
    expect(error.message).to.contain(`stack ${DR_STACK} has no output plan`);
  });

  it("stops when both sites serve different names: users would find no standby", async () => {
    const error = await rejection(deployTraffic({}, { appName: "www.shop.example.com" }));
    expect(error.message).to.contain(
      "multicloud-dr:appName is app.shop.example.com in prod and www.shop.example.com in dr",
    );
  });

  it("tells the zone, the names, and what says of each who answers", async () => {
    const idOf = (name: string) => outputsOf(HEALTH_CHECK, name, {}).id;
    expect((await settled(outputs)).shop).to.deep.equal({
      workload: "shop",
      zoneId: PROD_OUTPUTS.zoneId,
      databaseZoneId: undefined,
      names: { site: APP, content: CONTENT, database: undefined },
      healthChecks: {
        site: {
          declared: idOf("shop-app-declared"),
          ready: idOf("shop-app-ready"),
          "standby-app": idOf("shop-app-standby-app"),
          primary: idOf("shop-app-primary-guard"),
          standby: idOf("shop-app-standby-guard"),
        },
        content: {
          declared: idOf("shop-content-declared"),
          ready: idOf("shop-content-ready"),
          edge: idOf("shop-content-edge"),
          primary: idOf("shop-content-primary-guard"),
          standby: idOf("shop-content-standby-guard"),
        },
        database: undefined,
      },
    });
  });
});
