import { expect } from "chai";
import { DISASTERS, type Disaster } from "../../components/standby/disaster.ts";
import type { Settings } from "../../stacks/settings.ts";
import { traffic } from "../../stacks/traffic.ts";
import { expectProtected, expectTags } from "../support/house-rules.ts";
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
  domain: "shop.example.com",
  contentName: "static",
  ttlSeconds: 45,
  "aws:region": "us-east-1",
};

const PROD = "organization/multicloud-dr/prod-eu";
const DR = "organization/multicloud-dr/dr-eu";

function stacksDeclaring(declaredDisaster: string): Surroundings["stacks"] {
  return { [PROD]: { outputs: PROD_OUTPUTS }, [DR]: { outputs: { ...DR_OUTPUTS, declaredDisaster } } };
}

function deployTraffic(stacks = stacksDeclaring("none")) {
  return deploy(() => traffic(SETTINGS), { stacks });
}

describe("the traffic stack", () => {
  let resources: Registrations;
  let outputs: ReturnType<typeof traffic>;

  before(async () => {
    ({ resources, result: outputs } = await deployTraffic());
  });

  it("registers nothing but Route 53", () => {
    expect(resources.customs).to.not.be.empty;
    expect(resources.customs.map(({ type }) => type).filter((type) => !type.startsWith("aws:route53/"))).to.be.empty;
  });

  it("reads the two stacks that the settings name, and no others", () => {
    expect(resources.stacksRead).to.have.members([PROD, DR]);
  });

  it("tags everything as traffic, and protects nothing: it holds no data", () => {
    expectTags(resources, { Purpose: "traffic", Environment: "staging", Workload: "shop", Owner: "platform-team" });
    expectProtected(resources, []);
  });

  it("holds the zone, and in it the content's name with both sites' hosts", async () => {
    const { zoneId } = await settled(outputs);
    expect(resources.named("shop-zone").inputs.name).to.equal("shop.example.com");
    const records = resources.ofType("aws:route53/record:Record").map(({ inputs }) => inputs);
    for (const inputs of records) expect(inputs).to.include({ zoneId, name: "static.shop.example.com", ttl: 45 });
    const hosts = records.map((inputs) => [inputs.setIdentifier, inputs.records]);
    expect(hosts).to.have.deep.members([
      ["primary", ["shop-content-bucket-1a2b3c4.s3.eu-west-1.amazonaws.com"]],
      ["standby", ["shopcopiesa1b2c3d4.blob.core.windows.net"]],
    ]);
  });

  const SERVING: Record<Disaster, object> = {
    none: { primary: 100, standby: 0 },
    database: { primary: 100, standby: 0 },
    content: { primary: 0, standby: 100 },
    site: { primary: 0, standby: 100 },
  };
  for (const disaster of DISASTERS) {
    it(`sends the content's users where dr's declaration says: ${disaster}`, async () => {
      const { resources: declared } = await deployTraffic(stacksDeclaring(disaster));
      const weights = declared
        .ofType("aws:route53/record:Record")
        .map(({ inputs }) => [
          inputs.setIdentifier,
          (inputs.weightedRoutingPolicies as { weight: number }[])[0]?.weight,
        ]);
      expect(Object.fromEntries(weights)).to.deep.equal(SERVING[disaster]);
    });
  }

  it("stops when dr tells no declaration, rather than guess one", async () => {
    const { declaredDisaster: _, ...lacking } = DR_OUTPUTS;
    const error = await rejection(deployTraffic({ [PROD]: { outputs: PROD_OUTPUTS }, [DR]: { outputs: lacking } }));
    expect(error.message).to.contain(`stack ${DR} has no output declaredDisaster`);
  });

  it("tells the zone and the servers that the registrar must name", async () => {
    const told = await settled(outputs);
    expect(told.zoneId).to.match(/^Z[0-9A-F]{20}$/);
    expect(told.nameServers).to.have.length(4);
  });
});
