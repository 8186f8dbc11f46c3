import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { TIERS } from "../../../components/primary/address-plan.ts";
import { Network, type NetworkArgs } from "../../../components/primary/network.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";
import { rejection } from "../../support/rejection.ts";

const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

function deployNetwork(args: Partial<NetworkArgs> = {}, names = ZONES) {
  return deploy(() => new Network("shop", { cidr: "10.16.0.0/16", zones: 3, tags: TAGS, ...args }), {
    functions: { "aws:index/getAvailabilityZones:getAvailabilityZones": { names } },
  });
}

describe("the primary site's Network", () => {
  let resources: Registrations;
  let network: Network;

  before(async () => {
    ({ resources, result: network } = await deployNetwork());
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop", "multicloud-dr:primary:Network");
    expectProtected(resources, []);
  });

  it("is one VPC of the given range, with names for its hosts", () => {
    expect(resources.ofType("aws:ec2/vpc:Vpc")).to.have.length(1);
    expect(resources.named("shop-vpc").inputs).to.include({
      cidrBlock: "10.16.0.0/16",
      enableDnsSupport: true,
      enableDnsHostnames: true,
    });
  });

  it("has a subnet of each tier in each zone, in the plan's ranges", () => {
    const subnets = resources.ofType("aws:ec2/subnet:Subnet");
    expect(subnets).to.have.length(9);
    const rows = subnets.map(({ name, inputs }) => [name, inputs.availabilityZone, inputs.cidrBlock]);
    expect(rows).to.deep.include.members([
      ["shop-public-0", "eu-west-1a", "10.16.0.0/21"],
      ["shop-public-2", "eu-west-1c", "10.16.16.0/21"],
      ["shop-private-1", "eu-west-1b", "10.16.72.0/21"],
      ["shop-data-0", "eu-west-1a", "10.16.128.0/21"],
    ]);
  });

  it("hands out addresses of the internet to nobody by default", () => {
    for (const { inputs } of resources.ofType("aws:ec2/subnet:Subnet")) {
      expect(inputs).to.not.have.property("mapPublicIpOnLaunch");
    }
  });

  it("gives each tier a route table of its own, and puts every subnet on its tier's", async () => {
    expect(resources.ofType("aws:ec2/routeTable:RouteTable")).to.have.length(3);
    for (const tier of TIERS) {
      for (const zone of [0, 1, 2]) {
        expect(resources.named(`shop-${tier}-${zone}-routes`).dependencies).to.have.members([
          `shop-${tier}-${zone}`,
          `shop-${tier}-routes`,
        ]);
      }
    }
  });

  it("lets only the public tier reach the internet", () => {
    const [route, ...others] = resources.ofType("aws:ec2/route:Route");
    expect(others).to.be.empty;
    expect(route?.inputs.destinationCidrBlock).to.equal("0.0.0.0/0");
    expect(route?.dependencies).to.have.members(["shop-public-routes", "shop-internet"]);
  });

  it("names everything in the console after its logical name", () => {
    for (const { name, inputs } of resources.customs.filter(({ inputs }) => inputs.tags)) {
      expect(inputs.tags).to.include({ Name: name });
    }
  });

  it("tells the ids of the VPC and of the subnets, by tier and in the order of the zones", async () => {
    expect(await settled(network.vpcId)).to.match(/^vpc-[0-9a-f]{17}$/);
    const subnetIds = await settled(network.subnetIds);
    for (const tier of TIERS) {
      for (const [zone, id] of subnetIds[tier].entries()) {
        expect(resources.named(`shop-${tier}-${zone}-routes`).inputs.subnetId).to.equal(id);
      }
      expect(subnetIds[tier]).to.have.length(3);
    }
  });

  it("spreads over as many zones as it is told, and no more", async () => {
    const { resources: two } = await deployNetwork({ zones: 2 });
    expect(two.ofType("aws:ec2/subnet:Subnet").map(({ inputs }) => inputs.availabilityZone)).to.have.members(
      TIERS.flatMap(() => ["eu-west-1a", "eu-west-1b"]),
    );
  });

  it("stops when the region has fewer zones, and says how many it has", async () => {
    const error = await rejection(deployNetwork({ zones: 3 }, ["us-west-1a", "us-west-1b"]));
    expect(error).to.be.instanceOf(pulumi.RunError);
    expect(error.message).to.contain(
      "multicloud-dr:zones asks for 3 or more availability zones, the region offers 2; lower it.",
    );
  });

  it("takes no range that is none, and no more zones than the plan has room for", async () => {
    expect((await rejection(deployNetwork({ cidr: "10.16.0.0" }))).message).to.contain('found "10.16.0.0"');
    expect((await rejection(deployNetwork({ zones: 9 }))).message).to.contain("does not exist");
  });
});
