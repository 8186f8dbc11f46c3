import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { useLocalAws } from "./local-aws.ts";

const VPC = "aws:ec2/vpc:Vpc";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const SUBNET = "aws:ec2/subnet:Subnet";
const TABLE = "aws:ec2/routeTable:RouteTable";
const ROUTE = "aws:ec2/route:Route";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";

const ZONE = "eu-central-1a";

describe("the local AWS's network", () => {
  const aws = useLocalAws();
  const vpcIn = async (cidrBlock: string) => (await aws.deploy(VPC, { cidrBlock })).id;

  describe("a VPC", () => {
    it("is made with its DNS settings and tags, and a refresh finds no drift", async () => {
      const inputs = {
        cidrBlock: "10.20.0.0/16",
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: { Name: "a" },
      };
      const vpc = await aws.deploy(VPC, inputs);

      expect(vpc.id).to.match(/^vpc-[0-9a-f]+$/);
      expect(vpc.properties.arn).to.equal(`arn:aws:ec2:eu-central-1:111122223333:vpc/${vpc.id}`);
      expect(vpc.properties.mainRouteTableId).to.match(/^rtb-/);
      expect(vpc.properties.defaultSecurityGroupId).to.match(/^sg-/);
      expect(vpc.properties.defaultNetworkAclId).to.match(/^acl-/);
      expect(await vpc.refresh()).to.deep.equal(inputs);
    });

    it("takes new settings in place and is gone once it is deleted", async () => {
      const vpc = await aws.deploy(VPC, { cidrBlock: "10.20.0.0/16", tags: { Name: "a", Old: "x" } });
      const next = { cidrBlock: "10.20.0.0/16", enableDnsHostnames: true, tags: { Name: "b" } };
      await vpc.update(next);
      expect(await vpc.refresh()).to.deep.equal(next);

      await vpc.delete();
      await vpc.delete();
      expect(await vpc.refresh()).to.equal(undefined);
    });

    const refused: [string, Properties, RegExp][] = [
      ["text that is no range", { cidrBlock: "10.20.0.0" }, /"10.20.0.0" is no IPv4 range/],
      ["bits below the prefix", { cidrBlock: "10.20.0.1/16" }, /bits below its prefix/],
      ["a range that is too large", { cidrBlock: "10.0.0.0/15" }, /\/16 to \/28 \(VPC CIDR blocks\)/],
      ["a range that is too small", { cidrBlock: "10.0.0.0/29" }, /\/16 to \/28 \(VPC CIDR blocks\)/],
      ["a range that no VPC may use", { cidrBlock: "169.254.0.0/16" }, /lies in 169.254.0.0\/16/],
      ["an unknown tenancy", { cidrBlock: "10.0.0.0/16", instanceTenancy: "host" }, /"host" is no tenancy/],
      [
        "host names without DNS",
        { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, enableDnsSupport: false },
        /enableDnsHostnames: .*ModifyVpcAttribute/,
      ],
    ];
    for (const [what, inputs, reason] of refused) {
      it(`refuses ${what}`, async () => {
        expect(await aws.refusals(VPC, inputs)).to.match(reason);
      });
    }
  });

  describe("an internet gateway", () => {
    it("is attached, moves to another VPC in place, and is detached before it is deleted", async () => {
      const [one, other] = [await vpcIn("10.21.0.0/16"), await vpcIn("10.22.0.0/16")];
      const gateway = await aws.deploy(GATEWAY, { vpcId: one, tags: { Name: "a" } });
      expect(gateway.id).to.match(/^igw-/);
      expect(await gateway.refresh()).to.deep.equal({ vpcId: one, tags: { Name: "a" } });

      await gateway.update({ vpcId: other, tags: { Name: "a" } });
      expect(await gateway.refresh()).to.deep.equal({ vpcId: other, tags: { Name: "a" } });

      await gateway.delete();
      expect(await gateway.refresh()).to.equal(undefined);
    });

    it("refuses a VPC that is not there, and one that has a gateway", async () => {
      expect(await aws.refusals(GATEWAY, { vpcId: "vpc-0123" })).to.match(/InvalidVpcID.NotFound/);
      const vpcId = await vpcIn("10.23.0.0/16");
      await aws.deploy(GATEWAY, { vpcId });
      expect(await aws.refusals(GATEWAY, { vpcId })).to.match(/has the internet gateway igw-\w+ already/);
    });
  });

  describe("a subnet", () => {
    it("is made in its zone, takes new settings in place, and is gone once it is deleted", async () => {
      const vpcId = await vpcIn("10.24.0.0/16");
      const inputs = { vpcId, cidrBlock: "10.24.1.0/24", availabilityZone: ZONE, tags: { Name: "a" } };
      const subnet = await aws.deploy(SUBNET, inputs);
      expect(subnet.id).to.match(/^subnet-/);
      expect(subnet.properties.availabilityZoneId).to.equal("euc1-az1");
      expect(await subnet.refresh()).to.deep.equal(inputs);

      await subnet.update({ ...inputs, mapPublicIpOnLaunch: true, tags: { Name: "b" } });
      expect(await subnet.refresh()).to.deep.equal({ ...inputs, mapPublicIpOnLaunch: true, tags: { Name: "b" } });

      await subnet.delete();
      expect(await subnet.refresh()).to.equal(undefined);
    });

    const refused: [string, Properties, RegExp][] = [
      ["bits below the prefix", { cidrBlock: "10.25.0.1/24" }, /bits below its prefix/],
      ["a range that is too small", { cidrBlock: "10.25.0.0/29" }, /\/16 to \/28 \(Subnet CIDR blocks\)/],
      ["a range outside the VPC", { cidrBlock: "10.26.0.0/24" }, /not inside the VPC's range 10.25.0.0\/16/],
      ["a range that a sibling has", { cidrBlock: "10.25.0.0/20" }, /overlaps subnet-\w+ with 10.25.1.0\/24/],
      ["a VPC that is not there", { vpcId: "vpc-0123" }, /there is no VPC "vpc-0123"/],
      ["a zone of another region", { availabilityZone: "eu-west-1a" }, /no availability zone of eu-central-1/],
      ["an unknown zone id", { availabilityZone: undefined, availabilityZoneId: "euw1-az1" }, /"euw1-az1" is no/],
      ["two names of the zone", { availabilityZoneId: "euc1-az1" }, /given beside availabilityZone/],
    ];
    describe("refuses", () => {
      let base: Properties;
      before(async () => {
        const vpcId = await vpcIn("10.25.0.0/16");
        await aws.deploy(SUBNET, { vpcId, cidrBlock: "10.25.1.0/24", availabilityZone: ZONE });
        base = { vpcId, cidrBlock: "10.25.2.0/24", availabilityZone: ZONE };
      });
      for (const [what, inputs, reason] of refused) {
        it(what, async () => {
          expect(await aws.refusals(SUBNET, { ...base, ...inputs })).to.match(reason);
        });
      }
    });

    it("does not stand in its own way", async () => {
      const inputs = { vpcId: await vpcIn("10.27.0.0/16"), cidrBlock: "10.27.1.0/24", availabilityZone: ZONE };
      await aws.deploy(SUBNET, inputs);
      expect(await aws.refusals(SUBNET, { ...inputs, mapPublicIpOnLaunch: true }, inputs)).to.equal("");
    });
  });

  describe("routes", () => {
    it("lead from a table's subnets to the internet", async () => {
      const vpcId = await vpcIn("10.28.0.0/16");
      const subnetId = (await aws.deploy(SUBNET, { vpcId, cidrBlock: "10.28.1.0/24", availabilityZone: ZONE })).state
        .id;
      const gatewayId = (await aws.deploy(GATEWAY, { vpcId })).id;

      const table = await aws.deploy(TABLE, { vpcId, tags: { Name: "a" } });
      const routeTableId = table.id;
      expect(table.properties.arn).to.match(/:route-table\/rtb-\w+$/);
      expect(await table.refresh()).to.deep.equal({ vpcId, tags: { Name: "a" } });
      await table.update({ vpcId, tags: { Name: "b" } });
      expect(await table.refresh()).to.deep.equal({ vpcId, tags: { Name: "b" } });

      const toInternet = { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId };
      const route = await aws.deploy(ROUTE, toInternet);
      expect(route.id).to.equal(`r-${routeTableId}1080289494`);
      expect(await route.refresh()).to.deep.equal(toInternet);

      const association = await aws.deploy(ASSOCIATION, { routeTableId, subnetId });
      expect(association.id).to.match(/^rtbassoc-/);
      expect(await association.refresh()).to.deep.equal({ routeTableId, subnetId });

      for (const each of [association, route, table]) {
        await each.delete();
        expect(await each.refresh()).to.equal(undefined);
        await each.delete();
      }
    });

    it("change their target in place", async () => {
      const vpcId = await vpcIn("10.29.0.0/16");
      const routeTableId = (await aws.deploy(TABLE, { vpcId })).id;
      const gatewayId = (await aws.deploy(GATEWAY, { vpcId })).id;
      const route = await aws.deploy(ROUTE, { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId });
      const next = { routeTableId, destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-0123" };
      await route.update(next);
      expect(await route.refresh()).to.deep.equal(next);
    });

    it("move to another table in place", async () => {
      const vpcId = await vpcIn("10.30.0.0/16");
      const subnetId = (await aws.deploy(SUBNET, { vpcId, cidrBlock: "10.30.1.0/24", availabilityZone: ZONE })).state
        .id;
      const [one, other] = [await aws.deploy(TABLE, { vpcId }), await aws.deploy(TABLE, { vpcId })];
      const association = await aws.deploy(ASSOCIATION, { routeTableId: one.id, subnetId });
      await association.update({ routeTableId: other.id, subnetId });
      expect(await association.refresh()).to.deep.equal({ routeTableId: other.id, subnetId });
    });

    describe("refuse", () => {
      let ids: Record<"vpcId" | "routeTableId" | "gatewayId" | "subnetId" | "strangerId", string>;
      before(async () => {
        const vpcId = await vpcIn("10.31.0.0/16");
        const routeTableId = (await aws.deploy(TABLE, { vpcId })).id;
        const gatewayId = (await aws.deploy(GATEWAY, { vpcId })).id;
        const subnet = { vpcId, cidrBlock: "10.31.1.0/24", availabilityZone: ZONE };
        const subnetId = (await aws.deploy(SUBNET, subnet)).id;
        const otherVpc = await vpcIn("10.32.0.0/16");
        const stranger = { vpcId: otherVpc, cidrBlock: "10.32.1.0/24", availabilityZone: ZONE };
        const strangerId = (await aws.deploy(SUBNET, stranger)).id;
        await aws.deploy(ROUTE, { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId });
        await aws.deploy(ASSOCIATION, { routeTableId, subnetId });
        ids = { vpcId, routeTableId, gatewayId, subnetId, strangerId };
      });

      const refused: [string, string, () => Properties, RegExp][] = [
        ["a table in a VPC that is not there", TABLE, () => ({ vpcId: "vpc-0123" }), /there is no VPC/],
        [
          "routes inside the table",
          TABLE,
          () => ({ vpcId: ids.vpcId, routes: [{ cidrBlock: "0.0.0.0/0" }] }),
          /make each an aws.ec2.Route/,
        ],
        [
          "a destination that is no range",
          ROUTE,
          () => ({ routeTableId: ids.routeTableId, destinationCidrBlock: "0.0.0.0", gatewayId: ids.gatewayId }),
          /"0.0.0.0" is no IPv4 range/,
        ],
        [
          "two destinations",
          ROUTE,
          () => ({
            routeTableId: ids.routeTableId,
            destinationCidrBlock: "1.0.0.0/8",
            destinationIpv6CidrBlock: "::/0",
          }),
          /a route has one destination/,
        ],
        [
          "two targets",
          ROUTE,
          () => ({ destinationCidrBlock: "1.0.0.0/8", gatewayId: ids.gatewayId, natGatewayId: "nat-1" }),
          /a route has one target/,
        ],
        [
          "a gateway that is not there",
          ROUTE,
          () => ({ routeTableId: ids.routeTableId, destinationCidrBlock: "1.0.0.0/8", gatewayId: "igw-0123" }),
          /there is no internet gateway "igw-0123"/,
        ],
        [
          "a table that is not there",
          ROUTE,
          () => ({ routeTableId: "rtb-0123", destinationCidrBlock: "1.0.0.0/8", gatewayId: ids.gatewayId }),
          /there is no route table "rtb-0123"/,
        ],
        [
          "a second route to one destination",
          ROUTE,
          () => ({ routeTableId: ids.routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId: ids.gatewayId }),
          /RouteAlreadyExists/,
        ],
        [
          "an association with subnet and gateway",
          ASSOCIATION,
          () => ({ routeTableId: ids.routeTableId, subnetId: ids.subnetId, gatewayId: ids.gatewayId }),
          /given beside gatewayId/,
        ],
        [
          "an association with a table that is not there",
          ASSOCIATION,
          () => ({ routeTableId: "rtb-0123", subnetId: ids.strangerId }),
          /there is no route table/,
        ],
        [
          "an association with a subnet that is not there",
          ASSOCIATION,
          () => ({ routeTableId: ids.routeTableId, subnetId: "subnet-0123" }),
          /there is no subnet/,
        ],
        [
          "an association across VPCs",
          ASSOCIATION,
          () => ({ routeTableId: ids.routeTableId, subnetId: ids.strangerId }),
          /both must be in one VPC/,
        ],
        [
          "a second association of a subnet",
          ASSOCIATION,
          () => ({ routeTableId: ids.routeTableId, subnetId: ids.subnetId }),
          /Resource.AlreadyAssociated/,
        ],
      ];
      for (const [what, token, inputs, reason] of refused) {
        it(what, async () => {
          expect(await aws.refusals(token, inputs())).to.match(reason);
        });
      }
    });
  });

  it("knows the region's availability zones", async () => {
    const found = await aws.provider.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {
      state: "available",
    });
    expect(found.names).to.deep.equal(["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
    expect(found.zoneIds).to.deep.equal(["euc1-az1", "euc1-az2", "euc1-az3"]);
    expect(found.id).to.equal("eu-central-1");
  });

  it("knows account, region and partition", async () => {
    const { provider } = aws;
    const account = await provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {});
    expect(account.accountId).to.equal("111122223333");
    expect((await provider.invoke("aws:index/getRegion:getRegion", {})).region).to.equal("eu-central-1");
    expect((await provider.invoke("aws:index/getPartition:getPartition", {})).partition).to.equal("aws");
  });
});
