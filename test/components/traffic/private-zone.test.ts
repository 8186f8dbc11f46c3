import { expect } from "chai";
import { PrivateZone } from "../../../components/traffic/private-zone.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

describe("PrivateZone", () => {
  let resources: Registrations;
  let zone: PrivateZone;

  before(async () => {
    const args = {
      recordName: "database.shop.internal",
      vpcId: "vpc-0123456789abcdef0",
      vpcRegion: "eu-west-1",
      tags: TAGS,
    };
    ({ resources, result: zone } = await deploy(() => new PrivateZone("shop-database", args)));
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-database", "multicloud-dr:traffic:PrivateZone");
    expectProtected(resources, []);
  });

  it("is all that follows the name's first part, for one VPC alone", async () => {
    const { inputs } = resources.named("shop-database-zone");
    expect(inputs.name).to.equal("shop.internal");
    expect(inputs.vpcs).to.deep.equal([{ vpcId: "vpc-0123456789abcdef0", vpcRegion: "eu-west-1" }]);
    expect(await settled(zone.zoneId)).to.match(/^Z[0-9A-F]{20}$/);
  });
});
