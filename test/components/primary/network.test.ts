import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { TIERS } from "../../../components/primary/address-plan.ts";
import { Network, type NetworkArgs } from "../../../components/primary/network.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";
import { rejection } from "../../support/rejection.ts";

const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

function deployNetwork(args: Partial<NetworkArgs> = {}, names = ZONES) {
  const usual: NetworkArgs = {
    cidr: "10.16.0.0/16",
    zones: 3,
    natGateways: "zone",
    logRetentionDays: 90,
    tags: TAGS,
  };
  return deploy(() => new Network("shop", { ...usual, ...args }), {
    functions: { "aws:index/getAvailabilityZones:getAvailabilityZones": { names } },
  });
}

describe("the primary site's Network", () => {
  let resources: Registrations;
  let network: Network;

  before(async () => {
    ({ resources, result: network } = await deployNetwork());
  });

  it("keeps the rules of the house, and protects the network itself, for what stands in it", () => {
    expectHouseRules(resources, "shop", "multicloud-dr:primary:Network");
    expectProtected(resources, ["shop-vpc"]);
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

  it("has one route table for the public and the data tier, and one per zone for the private tier", () => {
    expect(resources.ofType("aws:ec2/routeTable:RouteTable").map(({ name }) => name)).to.have.members([
      "shop-public-routes",
      "shop-private-routes-0",
      "shop-private-routes-1",
      "shop-private-routes-2",
      "shop-data-routes",
    ]);
    for (const zone of [0, 1, 2]) {
      const tableOf = (tier: string) => resources.named(`shop-${tier}-${zone}-routes`).dependencies;
      expect(tableOf("public")).to.have.members([`shop-public-${zone}`, "shop-public-routes"]);
      expect(tableOf("private")).to.have.members([`shop-private-${zone}`, `shop-private-routes-${zone}`]);
      expect(tableOf("data")).to.have.members([`shop-data-${zone}`, "shop-data-routes"]);
    }
  });

  it("leads the public tier straight to the internet, the private one through NAT, and the data tier nowhere", () => {
    const routes = resources.ofType("aws:ec2/route:Route");
    for (const { inputs } of routes) expect(inputs.destinationCidrBlock).to.equal("0.0.0.0/0");
    expect(routes.map(({ name, dependencies }) => [name, ...dependencies].join(" "))).to.have.members([
      "shop-public-internet shop-internet shop-public-routes",
      "shop-private-0-internet shop-nat-0 shop-private-routes-0",
      "shop-private-1-internet shop-nat-1 shop-private-routes-1",
      "shop-private-2-internet shop-nat-2 shop-private-routes-2",
    ]);
  });

  describe("its NAT gateways", () => {
    it("stand in the public subnet of their zone, each with an address of its own that stays", async () => {
      const subnetIds = await settled(network.subnetIds);
      for (const zone of [0, 1, 2]) {
        const { inputs, dependencies } = resources.named(`shop-nat-${zone}`);
        expect(inputs.subnetId).to.equal(subnetIds.public[zone]);
        expect(dependencies).to.include(`shop-nat-${zone}-address`);
        expect(resources.named(`shop-nat-${zone}-address`).inputs.domain).to.equal("vpc");
      }
    });

    it("wait for the internet gateway that they speak through", () => {
      expect(resources.named("shop-nat-0").dependencies).to.include("shop-internet");
    });

    it("are a single one for all zones where that is told, and no table changes by it", async () => {
      const { resources: cheap } = await deployNetwork({ natGateways: "one" });
      expect(cheap.ofType("aws:ec2/natGateway:NatGateway").map(({ name }) => name)).to.deep.equal(["shop-nat-0"]);
      expect(cheap.ofType("aws:ec2/eip:Eip")).to.have.length(1);
      for (const zone of [0, 1, 2]) {
        expect(cheap.named(`shop-private-${zone}-internet`).dependencies).to.include("shop-nat-0");
      }
      const others = ({ names }: Registrations) => names.filter((name) => !name.startsWith("shop-nat-"));
      expect(others(cheap)).to.deep.equal(others(resources));
    });
  });

  it("reaches S3 of its region from the private and the data tier without NAT", async () => {
    const { inputs, dependencies } = resources.named("shop-s3");
    expect(inputs).to.include({ vpcEndpointType: "Gateway", serviceName: "com.amazonaws.eu-west-1.s3" });
    expect(inputs.routeTableIds).to.have.length(4);
    expect(dependencies).to.have.members([
      "shop-vpc",
      "shop-private-routes-0",
      "shop-private-routes-1",
      "shop-private-routes-2",
      "shop-data-routes",
    ]);
  });

  it("empties the group of those who name none", async () => {
    const { inputs } = resources.named("shop-default-access");
    expect(inputs).to.deep.include({ vpcId: await settled(network.vpcId), ingress: [], egress: [] });
  });

  it("writes down who spoke with whom, for as long as it is told", async () => {
    expect(resources.named("shop-flows-traffic").inputs.vpcId).to.equal(await settled(network.vpcId));
    const { resources: longer } = await deployNetwork({ logRetentionDays: 365 });
    expect(resources.named("shop-flows-group").inputs.retentionInDays).to.equal(90);
    expect(longer.named("shop-flows-group").inputs.retentionInDays).to.equal(365);
  });

  it("names everything of the VPC in the console after its logical name", () => {
    for (const { name, inputs } of resources.customs.filter(({ parent, inputs }) => parent === "shop" && inputs.tags)) {
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
    expect(two.ofType("aws:ec2/natGateway:NatGateway")).to.have.length(2);
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
