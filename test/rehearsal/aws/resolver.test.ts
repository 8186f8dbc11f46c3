import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { rejection } from "../../support/rejection.ts";
import { useLocalAws } from "./local-aws.ts";

const ENDPOINT = "aws:route53/resolverEndpoint:ResolverEndpoint";
const RULE = "aws:route53/resolverRule:ResolverRule";
const ASSOCIATION = "aws:route53/resolverRuleAssociation:ResolverRuleAssociation";

describe("the local AWS's resolver", () => {
  const aws = useLocalAws();
  let vpcId: string;
  let endpoint: Properties;
  before(async () => {
    vpcId = (await aws.deploy("aws:ec2/vpc:Vpc", { cidrBlock: "10.41.0.0/16" })).id;
    const subnet = async (cidrBlock: string) => (await aws.deploy("aws:ec2/subnet:Subnet", { vpcId, cidrBlock })).id;
    const group = await aws.deploy("aws:ec2/securityGroup:SecurityGroup", { vpcId, name: "asking" });
    endpoint = {
      ...{ name: "asking", direction: "OUTBOUND", securityGroupIds: [group.id] },
      ipAddresses: [{ subnetId: await subnet("10.41.0.0/24") }, { subnetId: await subnet("10.41.1.0/24") }],
    };
  });

  const ruleTo = (resolverEndpointId: string, more: Properties = {}): Properties => ({
    ...{ name: "rule", ruleType: "FORWARD", domainName: "example.com", resolverEndpointId },
    targetIps: [{ ip: "10.32.104.4", port: 53 }],
    ...more,
  });

  it("keeps an endpoint, a rule and its network, and lets none go before what needs it", async () => {
    const asking = await aws.deploy(ENDPOINT, { ...endpoint, tags: { Name: "a" } });
    expect(asking.id).to.match(/^rslvr-out-[0-9a-f]{17}$/);
    expect(asking.properties.arn).to.match(
      /^arn:aws:route53resolver:eu-central-1:\d{12}:resolver-endpoint\/rslvr-out-/,
    );
    const rule = await aws.deploy(RULE, ruleTo(asking.id));
    const association = await aws.deploy(ASSOCIATION, { resolverRuleId: rule.id, vpcId });
    expect(await aws.refusals(ASSOCIATION, { resolverRuleId: rule.id, vpcId })).to.match(/^vpcId: .*ResourceExists/);

    const moved = ruleTo(asking.id, { targetIps: [{ ip: "10.32.104.5", port: 53 }] });
    expect(await rule.update(moved)).to.deep.include({ targetIps: [{ ip: "10.32.104.5", port: 53 }] });
    expect(await rule.refresh()).to.deep.equal(moved);
    expect(await asking.refresh()).to.deep.equal({ ...endpoint, tags: { Name: "a" } });

    for (const needed of [asking, rule]) expect((await rejection(needed.delete())).message).to.contain("ResourceInUse");
    for (const each of [association, rule, asking]) {
      await each.delete();
      await each.delete();
      expect(await each.refresh()).to.equal(undefined);
    }
  });

  it("refuses an endpoint that Route 53 would, or that it does not have itself", async () => {
    const refused = (more: Properties) => aws.refusals(ENDPOINT, { ...endpoint, ...more });
    const [first] = endpoint.ipAddresses as Properties[];
    expect(await refused({})).to.equal("");
    expect(await refused({ ipAddresses: [first] })).to.match(/^ipAddresses: 1 of them; expected 2 to 20/);
    expect(await refused({ ipAddresses: [first, { subnetId: "subnet-0123456789abcdef0" }] })).to.contain(
      "no subnet subnet-0123456789abcdef0",
    );
    expect(await refused({ ipAddresses: [first, { ...first, ip: "10.41.0.9" }] })).to.contain("does not carry this");
    expect(await refused({ securityGroupIds: [] })).to.match(/^securityGroupIds: none is given/);
    expect(await refused({ securityGroupIds: ["sg-0123456789abcdef0"] })).to.contain(
      "no security group sg-0123456789abcdef0",
    );
    expect(await refused({ direction: "INBOUND" })).to.match(/^direction: .*OUTBOUND is expected/);
    expect(await refused({ resolverEndpointType: "DUALSTACK" })).to.match(/^resolverEndpointType: /);
    expect(await refused({ name: "a.b" })).to.match(/^name: "a.b" is no name/);
    const elsewhere = (await aws.deploy("aws:ec2/vpc:Vpc", { cidrBlock: "10.42.0.0/16" })).id;
    const group = await aws.deploy("aws:ec2/securityGroup:SecurityGroup", { vpcId: elsewhere, name: "asking" });
    expect(await refused({ securityGroupIds: [group.id] })).to.contain("expected one VPC");
  });

  it("refuses a rule that asks from nowhere, asks nobody, or is for no domain; and a network for no rule", async () => {
    const asking = await aws.deploy(ENDPOINT, endpoint);
    const refused = (more: Properties) => aws.refusals(RULE, ruleTo(asking.id, more));
    expect(await refused({})).to.equal("");
    expect(await refused({ resolverEndpointId: "rslvr-out-none" })).to.contain("no outbound endpoint rslvr-out-none");
    expect(await refused({ resolverEndpointId: undefined })).to.match(/^resolverEndpointId: /);
    expect(await refused({ targetIps: [] })).to.match(/^targetIps: .*somebody to ask/);
    expect(await refused({ targetIps: [{ ip: "dns.example.com" }] })).to.match(/^targetIps: .*no IPv4 address/);
    expect(await refused({ domainName: "-.a..b" })).to.match(/^domainName: /);
    expect(await refused({ ruleType: "SYSTEM" })).to.match(/^ruleType: /);
    expect(await aws.refusals(ASSOCIATION, { resolverRuleId: "rslvr-rr-none", vpcId })).to.contain(
      "no rule rslvr-rr-none",
    );
    await asking.delete();
  });
});
