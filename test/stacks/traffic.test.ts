import { expect } from "chai";
import { DISASTERS, type Disaster } from "../../components/standby/disaster.ts";
import type { Settings } from "../../stacks/settings.ts";
import { traffic } from "../../stacks/traffic.ts";
import { expectProtected } from "../support/house-rules.ts";
import { deploy, type Registrations, type Surroundings, settled } from "../support/mocks.ts";
import { DR_OUTPUTS, PROD_OUTPUTS } from "../support/other-stacks.ts";
import { rejection } from "../support/rejection.ts";

const SETTINGS: Settings<"traffic"> = {
  role: "traffic",
  workload: "shop",
  environment: "staging",
  owner: "platform-team",
  protectData: true,
  prodStack: "prod-eu",
  drStack: "dr-eu",
  ttlSeconds: 45,
  failoverMode: "manual",
  otherMarkers: [],
  standbyShare: undefined,
  bypassEdge: false,
  databaseHostName: "",
  "aws:region": "us-east-1",
};

const PROD = "organization/multicloud-dr/prod-eu";
const DR = "organization/multicloud-dr/dr-eu";

function stacksWith(dr: object): Surroundings["stacks"] {
  return { [PROD]: { outputs: PROD_OUTPUTS }, [DR]: { outputs: { ...DR_OUTPUTS, ...dr } } };
}

function deployTraffic(stacks = stacksWith({})) {
  return deploy(() => traffic([SETTINGS]), { stacks });
}

/** The records of a name by site: their hosts and weights. */
function answersOf(resources: Registrations, name: string): Record<string, [host: unknown, weight: unknown]> {
  const records = resources.ofType("aws:route53/record:Record").map(({ inputs }) => inputs);
  return Object.fromEntries(
    records
      .filter((inputs) => inputs.name === name && inputs.type === "CNAME")
      .map(({ setIdentifier, records, weightedRoutingPolicies }) => [
        String(setIdentifier),
        [(records as unknown[])[0], (weightedRoutingPolicies as { weight: number }[])[0]?.weight],
      ]),
  );
}

describe("the traffic stack", () => {
  let resources: Registrations;
  let outputs: ReturnType<typeof traffic>;

  before(async () => {
    ({ resources, result: outputs } = await deployTraffic());
  });

  it("registers nothing but records of Route 53, in prod's zone", () => {
    expect(resources.customs).to.not.be.empty;
    for (const { type, inputs } of resources.customs) {
      expect(type).to.equal("aws:route53/record:Record");
      expect(inputs.zoneId).to.equal(PROD_OUTPUTS.zoneId);
    }
  });

  it("reads the two stacks that the settings name, and no others", () => {
    expect(resources.stacksRead).to.have.members([PROD, DR]);
  });

  it("protects nothing: it holds no data", () => {
    expectProtected(resources, []);
  });

  it("has both sites answer for the app and for the content, the primary with all the weight", () => {
    expect(answersOf(resources, "app.shop.example.com")).to.deep.equal({
      primary: [PROD_OUTPUTS.appHost, 100],
      standby: [DR_OUTPUTS.appHost, 0],
    });
    expect(answersOf(resources, "content.shop.example.com")).to.deep.equal({
      primary: [PROD_OUTPUTS.contentHost, 100],
      standby: [DR_OUTPUTS.contentHost, 0],
    });
  });

  it("has the switched records live as long as the settings say", () => {
    const switched = resources.customs.filter(({ inputs }) => inputs.type === "CNAME");
    for (const { inputs } of switched) expect(inputs.ttl).to.equal(45);
  });

  it("proves to Front Door that the names are ours", () => {
    const proofs = resources.customs.filter(({ inputs }) => inputs.type === "TXT").map(({ inputs }) => inputs);
    expect(proofs.map(({ name, records }) => [name, records])).to.have.deep.members([
      ["_dnsauth.app.shop.example.com", [DR_OUTPUTS.appToken]],
      ["_dnsauth.content.shop.example.com", [DR_OUTPUTS.contentToken]],
    ]);
  });

  /** Which site serves the app and the content under each declaration. */
  const SERVING: Record<Disaster, { app: string; content: string }> = {
    none: { app: "primary", content: "primary" },
    database: { app: "primary", content: "primary" },
    content: { app: "primary", content: "standby" },
    site: { app: "standby", content: "standby" },
  };
  for (const disaster of DISASTERS) {
    const { app, content } = SERVING[disaster];
    it(`has the ${app} serve the app and the ${content} the content when dr declares ${disaster}`, async () => {
      const { resources: declared } = await deployTraffic(stacksWith({ declaredDisaster: disaster }));
      const weightOf = (name: string, site: string) => answersOf(declared, `${name}.shop.example.com`)[site]?.[1];
      for (const site of ["primary", "standby"]) {
        expect(weightOf("app", site), `app at the ${site}`).to.equal(site === app ? 100 : 0);
        expect(weightOf("content", site), `content at the ${site}`).to.equal(site === content ? 100 : 0);
      }
    });
  }

  it("stops when dr tells no declaration, rather than guess one", async () => {
    const error = await rejection(deployTraffic(stacksWith({ declaredDisaster: undefined })));
    expect(error.message).to.contain(`stack ${DR} has no output declaredDisaster`);
  });

  it("stops when both sites serve different names: users would find no standby", async () => {
    const error = await rejection(deployTraffic(stacksWith({ appName: "www.shop.example.com" })));
    expect(error.message).to.contain(
      "multicloud-dr:appName is app.shop.example.com in prod and www.shop.example.com in dr",
    );
  });

  it("tells the zone and the names", async () => {
    expect((await settled(outputs)).shop).to.deep.equal({
      workload: "shop",
      zoneId: PROD_OUTPUTS.zoneId,
      names: ["app.shop.example.com", "content.shop.example.com"],
    });
  });
});
