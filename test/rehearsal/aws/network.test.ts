import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { useLocalAws } from "./local-aws.ts";

const VPC = "aws:ec2/vpc:Vpc";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const SUBNET = "aws:ec2/subnet:Subnet";

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
});
