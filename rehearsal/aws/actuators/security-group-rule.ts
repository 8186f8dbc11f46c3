import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupRulesCommand,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { parseCidr } from "../../../components/cidr.ts";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, refuseLeftOut, text } from "./common.ts";
import { ec2Tags, retagEc2 } from "./tags.ts";

/** Whom a rule may name; exactly one is given. */
const PEERS = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];

/** Protocol of a rule for all traffic. */
const ALL = "-1";

/** aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule */
export const securityGroupIngressRule = ruleOf("ingress");

/** aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule */
export const securityGroupEgressRule = ruleOf("egress");

function ruleOf(direction: "ingress" | "egress"): Actuator<AwsCloud> {
  const egress = direction === "egress";
  return {
    replaceOn: ["securityGroupId"],

    async check(inputs, { cloud, former, unknown }) {
      const refusals = [
        ...refuseLeftOut(inputs, ["prefixListId", "cidrIpv6"], "name an IPv4 range or a security group"),
        ...checkPeer(inputs, unknown),
        ...checkPorts(inputs, unknown),
      ];
      const complete = !PEERS.some((key) => unknown.has(key)) && text(inputs.securityGroupId) !== undefined;
      if (former || refusals.length > 0 || !complete) return refusals;
      const same = (await rulesOf(cloud, String(inputs.securityGroupId), egress)).find((rule) => equals(rule, inputs));
      if (!same) return [];
      const reason = `${inputs.securityGroupId} has the same rule already, ${same.SecurityGroupRuleId} (InvalidPermission.Duplicate)`;
      return [{ property: "securityGroupId", reason }];
    },

    async create(inputs, cloud) {
      const request = {
        GroupId: String(inputs.securityGroupId),
        IpPermissions: [permissionOf(inputs)],
        TagSpecifications: ec2Tags("security-group-rule", inputs.tags),
      };
      const { SecurityGroupRules } = await (egress
        ? cloud.ec2.send(new AuthorizeSecurityGroupEgressCommand(request))
        : cloud.ec2.send(new AuthorizeSecurityGroupIngressCommand(request)));
      const id = String(SecurityGroupRules?.[0]?.SecurityGroupRuleId);
      const arn = cloud.arn("ec2", `security-group-rule/${id}`);
      return { id, properties: { arn, securityGroupRuleId: id, tagsAll: inputs.tags } };
    },

    async read({ id, properties }, cloud) {
      const found = await rulesOf(cloud, String(properties.securityGroupId), egress);
      const rule = found.find(({ SecurityGroupRuleId }) => SecurityGroupRuleId === id);
      if (!rule) return undefined;
      const ports = rule.IpProtocol === ALL ? {} : { fromPort: rule.FromPort, toPort: rule.ToPort };
      return {
        ...ports,
        ipProtocol: rule.IpProtocol,
        cidrIpv4: rule.CidrIpv4,
        referencedSecurityGroupId: rule.ReferencedGroupInfo?.GroupId,
        description: rule.Description,
      };
    },

    async update({ id, properties }, inputs, cloud) {
      const SecurityGroupRule = {
        IpProtocol: String(inputs.ipProtocol),
        FromPort: inputs.fromPort as number | undefined,
        ToPort: inputs.toPort as number | undefined,
        CidrIpv4: text(inputs.cidrIpv4),
        ReferencedGroupId: text(inputs.referencedSecurityGroupId),
        Description: text(inputs.description),
      };
      await cloud.ec2.send(
        new ModifySecurityGroupRulesCommand({
          GroupId: String(inputs.securityGroupId),
          SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule }],
        }),
      );
      await retagEc2(cloud, id, properties.tags, inputs.tags);
      return { tagsAll: inputs.tags };
    },

    delete({ id, properties }, cloud) {
      const request = { GroupId: String(properties.securityGroupId), SecurityGroupRuleIds: [id] };
      return ignoreMissing(
        egress
          ? cloud.ec2.send(new RevokeSecurityGroupEgressCommand(request))
          : cloud.ec2.send(new RevokeSecurityGroupIngressCommand(request)),
      );
    },
  };
}

async function rulesOf(cloud: AwsCloud, groupId: string, egress: boolean): Promise<SecurityGroupRule[]> {
  const Filters = [{ Name: "group-id", Values: [groupId] }];
  const { SecurityGroupRules = [] } = await cloud.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
  return SecurityGroupRules.filter(({ IsEgress }) => IsEgress === egress);
}

function equals(rule: SecurityGroupRule, inputs: Properties): boolean {
  const { ipProtocol, fromPort = -1, toPort = -1, cidrIpv4, referencedSecurityGroupId } = inputs;
  return (
    rule.IpProtocol === ipProtocol &&
    (rule.FromPort ?? -1) === fromPort &&
    (rule.ToPort ?? -1) === toPort &&
    rule.CidrIpv4 === cidrIpv4 &&
    rule.ReferencedGroupInfo?.GroupId === referencedSecurityGroupId
  );
}

function permissionOf(inputs: Properties): IpPermission {
  const Description = text(inputs.description);
  const { cidrIpv4, referencedSecurityGroupId } = inputs;
  return {
    IpProtocol: String(inputs.ipProtocol),
    FromPort: inputs.fromPort as number | undefined,
    ToPort: inputs.toPort as number | undefined,
    IpRanges: cidrIpv4 === undefined ? undefined : [{ CidrIp: String(cidrIpv4), Description }],
    UserIdGroupPairs:
      referencedSecurityGroupId === undefined
        ? undefined
        : [{ GroupId: String(referencedSecurityGroupId), Description }],
  };
}

function checkPeer(inputs: Properties, unknown: ReadonlySet<string>): Refusal[] {
  const given = PEERS.filter((key) => inputs[key] !== undefined || unknown.has(key));
  if (given.length !== 1) {
    const found = given.join(" and ") || "none";
    const reason = `exactly one of ${PEERS.join(", ")} is expected, found ${found} (AuthorizeSecurityGroupIngress)`;
    return [{ property: given[0] ?? "cidrIpv4", reason }];
  }
  const range = text(inputs.cidrIpv4);
  if (range === undefined || parseCidr(range)) return [];
  return [{ property: "cidrIpv4", reason: `"${range}" is no IPv4 range (InvalidParameterValue)` }];
}

function checkPorts({ ipProtocol, fromPort, toPort }: Properties, unknown: ReadonlySet<string>): Refusal[] {
  if (unknown.has("fromPort") || unknown.has("toPort") || ipProtocol === undefined) return [];
  const refuse = (reason: string) => [{ property: "fromPort", reason: `${reason} (AuthorizeSecurityGroupIngress)` }];
  if (ipProtocol === ALL) {
    if (fromPort === undefined && toPort === undefined) return [];
    return refuse("ports beside the protocol -1, which is for all traffic: leave them out");
  }
  const ports = [fromPort, toPort].map(Number);
  const [from = 0, to = 0] = ports;
  if (ports.every((port) => Number.isInteger(port) && port >= -1 && port <= 65_535) && from <= to) return [];
  return refuse(`${fromPort} to ${toPort} is no range of ports: 0 to 65535, the lower one first`);
}
