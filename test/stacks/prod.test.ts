import { expect } from "chai";
import { prod } from "../../stacks/prod.ts";
import type { Settings } from "../../stacks/settings.ts";
import { expectProtected, expectTags } from "../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../support/mocks.ts";

const SETTINGS: Settings<"prod"> = {
  role: "prod",
  workload: "shop",
  environment: "staging",
  owner: "platform-team",
  protectData: true,
  primaryCidr: "10.20.0.0/16",
  standbyCidr: "10.32.0.0/16",
  zones: 2,
  "aws:region": "eu-west-1",
};

const ZONES = { names: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] };

function deployProd(changes: Partial<Settings<"prod">> = {}) {
  return deploy(() => prod({ ...SETTINGS, ...changes }), {
    functions: { "aws:index/getAvailabilityZones:getAvailabilityZones": ZONES },
  });
}

describe("the prod stack", () => {
  let resources: Registrations;
  let outputs: ReturnType<typeof prod>;

  before(async () => {
    ({ resources, result: outputs } = await deployProd());
  });

  it("registers nothing but AWS, and reads no other stack: it stands alone", () => {
    expect(resources.customs).to.not.be.empty;
    expect(resources.customs.map(({ type }) => type).filter((type) => !type.startsWith("aws:"))).to.be.empty;
    expect(resources.stacksRead).to.be.empty;
  });

  it("begins every name with the workload", () => {
    for (const { name } of resources.all) expect(name).to.match(/^shop-/);
  });

  it("tags everything as the primary site's", () => {
    expectTags(resources, {
      Purpose: "primary",
      Environment: "staging",
      Workload: "shop",
      Owner: "platform-team",
    });
  });

  it("has the network that the settings say", () => {
    expect(resources.named("shop-primary-vpc").inputs.cidrBlock).to.equal("10.20.0.0/16");
    expect(resources.ofType("aws:ec2/subnet:Subnet")).to.have.length(6);
  });

  it("protects the content while the settings say so", async () => {
    expectProtected(resources, ["shop-content-bucket", "shop-content-versioning"]);
    expectProtected((await deployProd({ protectData: false })).resources, []);
  });

  it("tells other stacks what they need", async () => {
    const told = await settled(outputs);
    expect(told.region).to.equal("eu-west-1");
    expect(told.vpcId).to.match(/^vpc-/);
    expect(told.subnetIds.private).to.have.length(2);
    expect(told.contentBucketName).to.match(/^shop-content-bucket-/);
    expect(told.contentBucketArn).to.equal(`arn:aws:s3:::${told.contentBucketName}`);
    expect(told.contentHost).to.equal(`${told.contentBucketName}.s3.eu-west-1.amazonaws.com`);
  });
});
