import { DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { useLocalAws } from "./local-aws.ts";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

describe("the local AWS's security groups", () => {
  const aws = useLocalAws();
  let vpcId: string;

  before(async () => {
    vpcId = (await aws.deploy("aws:ec2/vpc:Vpc", { cidrBlock: "10.16.0.0/16" })).id;
  });

  async function rulesOf(id: string): Promise<[number, number]> {
    const { SecurityGroups } = await aws.cloud.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
    const [{ IpPermissions = [], IpPermissionsEgress = [] } = {}] = SecurityGroups ?? [];
    return [IpPermissions.length, IpPermissionsEgress.length];
  }

  it("let nothing in or out that no rule says", async () => {
    const inputs = { vpcId, description: "servers", tags: { Name: "a" } };
    const group = await aws.deploy(GROUP, inputs);
    expect(group.id).to.match(/^sg-/);
    expect(group.properties).to.include({ arn: `arn:aws:ec2:eu-central-1:111122223333:security-group/${group.id}` });
    expect(await rulesOf(group.id)).to.deep.equal([0, 0]);
    expect(await group.refresh()).to.deep.equal({ ...inputs, name: group.properties.name });
    const next = { ...inputs, name: group.properties.name, tags: { Other: "b" } };
    await group.update(next);
    expect(await group.refresh()).to.deep.equal(next);
    await group.delete();
    await group.delete();
    expect(await group.refresh()).to.equal(undefined);
  });

  it("are emptied where a VPC brings one along", async () => {
    const group = await aws.deploy(DEFAULT, { vpcId, ingress: [], egress: [], tags: { Name: "default" } });
    expect(await rulesOf(group.id)).to.deep.equal([0, 0]);
    expect(await group.refresh()).to.deep.equal({ vpcId, ingress: [], egress: [], tags: { Name: "default" } });
    await group.delete();
    expect(await aws.refusals(DEFAULT, { vpcId, ingress: [{}] })).to.match(/ingress: .* without rules/);
  });

  describe("have rules of their own", () => {
    let ids: string[];
    before(async () => {
      ids = (await Promise.all(["one", "two"].map((name) => aws.deploy(GROUP, { name, vpcId })))).map(({ id }) => id);
    });

    it("for a range", async () => {
      const inputs = {
        securityGroupId: ids[0],
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: "Users",
      };
      const rule = await aws.deploy(INGRESS, inputs);
      expect(rule.id).to.match(/^sgr-/);
      expect(rule.properties.securityGroupRuleId).to.equal(rule.id);
      expect(await rule.refresh()).to.deep.equal(inputs);
      const next = { ...inputs, cidrIpv4: "10.0.0.0/8", fromPort: 80, toPort: 80, description: "Users at home" };
      await rule.update(next);
      expect(await rule.refresh()).to.deep.equal(next);
      expect(await aws.refusals(INGRESS, next)).to.match(/InvalidPermission\.Duplicate/);
      expect(await aws.refusals(EGRESS, next)).to.equal("");
      await rule.delete();
      await rule.delete();
      expect([await rule.refresh(), await rulesOf(String(ids[0]))]).to.deep.equal([undefined, [0, 0]]);
    });

    it("for another group, all protocols or one", async () => {
      const inputs = { securityGroupId: ids[0], referencedSecurityGroupId: ids[1], ipProtocol: "-1" };
      const rule = await aws.deploy(EGRESS, inputs);
      expect(await rule.refresh()).to.deep.equal(inputs);
      expect(await rulesOf(String(ids[0]))).to.deep.equal([0, 1]);
      await rule.delete();
    });
  });

  describe("refuse", () => {
    const rule = { securityGroupId: "sg-1", cidrIpv4: "10.0.0.0/8", ipProtocol: "tcp", fromPort: 80, toPort: 80 };
    const refused: [string, string, Properties, RegExp][] = [
      ["a VPC that is not there", GROUP, { vpcId: "vpc-0" }, /InvalidVpcID\.NotFound/],
      ["rules of their own", GROUP, { ingress: [], egress: [] }, /SecurityGroupIngressRule/],
      ["a name that EC2 keeps for itself", GROUP, { name: "sg-1" }, /neither "default" nor beginning with "sg-"/],
      ["a letter that EC2 does not take", GROUP, { description: "grün" }, /"grün" is no description/],
      ["nobody", INGRESS, { ...rule, cidrIpv4: undefined }, /exactly one of .* found none/],
      ["two at once", INGRESS, { ...rule, referencedSecurityGroupId: "sg-2" }, /found cidrIpv4 and referenced/],
      ["a range that is none", INGRESS, { ...rule, cidrIpv4: "10.0.0.1/8" }, /no IPv4 range/],
      ["ports the wrong way round", INGRESS, { ...rule, toPort: 79 }, /80 to 79 is no range of ports/],
      ["no ports", INGRESS, { ...rule, fromPort: undefined }, /undefined to 80/],
      ["ports of all protocols", EGRESS, { ...rule, ipProtocol: "-1" }, /leave them out/],
    ];
    for (const [what, token, inputs, reason] of refused) {
      it(what, async () => {
        expect(await aws.refusals(token, inputs)).to.match(reason);
      });
    }

    it("nothing that is not known yet", async () => {
      const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
      const inputs = { ipProtocol: "tcp", fromPort: 80, toPort: 80, securityGroupId: unknown };
      expect(await aws.refusals(INGRESS, { ...inputs, referencedSecurityGroupId: unknown })).to.equal("");
    });
  });
});
