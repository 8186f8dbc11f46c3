import {
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, list, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { ec2Tags, fromTagList, retagEc2 } from "./tags.ts";
import { refuseUnknownVpc } from "./vpc.ts";

/** What the provider writes when the program says nothing. */
const DEFAULT_DESCRIPTION = "Managed by Pulumi";

const INSTEAD = "make each rule an aws.vpc.SecurityGroupIngressRule or SecurityGroupEgressRule";

/** aws:ec2/securityGroup:SecurityGroup, its rules as resources of their own. */
export const securityGroup: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix", "description", "vpcId"],

  async check(inputs, { cloud, former }) {
    const refusals = [...refuseLeftOut(inputs, ["ingress", "egress"], INSTEAD), ...checkTexts(inputs)];
    const vpcId = text(inputs.vpcId);
    return vpcId === undefined || vpcId === former?.vpcId
      ? refusals
      : [...refusals, ...(await refuseUnknownVpc(cloud, vpcId))];
  },

  async create(inputs, cloud) {
    const { GroupId } = await cloud.ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: String(inputs.name),
        Description: text(inputs.description) ?? DEFAULT_DESCRIPTION,
        VpcId: text(inputs.vpcId),
        TagSpecifications: ec2Tags("security-group", inputs.tags),
      }),
    );
    const id = String(GroupId);
    // A new group lets everything out, and the provider takes that rule away first thing.
    await revokeAll(cloud, await find(cloud, id));
    return { id, properties: { ...outputs(cloud, id), description: inputs.description ?? DEFAULT_DESCRIPTION } };
  },

  async read({ id }, cloud) {
    const found = await find(cloud, id);
    if (!found) return undefined;
    const tags = fromTagList(found.Tags);
    return { name: found.GroupName, description: found.Description, vpcId: found.VpcId, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    await retagEc2(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  async delete({ id, properties }, cloud) {
    if (properties.revokeRulesOnDelete === true) await revokeAll(cloud, await find(cloud, id));
    await ignoreMissing(cloud.ec2.send(new DeleteSecurityGroupCommand({ GroupId: id })));
  },
};

/** aws:ec2/defaultSecurityGroup:DefaultSecurityGroup: adopts what every VPC comes with, and takes its rules away. */
export const defaultSecurityGroup: Actuator<AwsCloud> = {
  replaceOn: ["vpcId"],

  check(inputs) {
    const rules = ["ingress", "egress"].filter((key) => list(inputs[key]).length > 0);
    return rules.flatMap((key) => refuseLeftOut(inputs, [key], "leave the default group without rules"));
  },

  async create(inputs, cloud) {
    const found = await findDefault(cloud, String(inputs.vpcId));
    await revokeAll(cloud, found);
    const id = String(found?.GroupId);
    await retagEc2(cloud, id, {}, inputs.tags);
    return { id, properties: { ...outputs(cloud, id), name: "default", description: found?.Description } };
  },

  async read({ id }, cloud) {
    const found = await find(cloud, id);
    if (!found) return undefined;
    const tags = fromTagList(found.Tags);
    return { tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    await revokeAll(cloud, await find(cloud, id));
    await retagEc2(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  // It goes with its VPC.
  async delete() {},
};

async function find(cloud: AwsCloud, id: string): Promise<SecurityGroup | undefined> {
  const found = await unlessMissing(cloud.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] })));
  return found?.SecurityGroups?.[0];
}

async function findDefault(cloud: AwsCloud, vpcId: string): Promise<SecurityGroup | undefined> {
  const Filters = [
    { Name: "vpc-id", Values: [vpcId] },
    { Name: "group-name", Values: ["default"] },
  ];
  return (await cloud.ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups?.[0];
}

async function revokeAll(cloud: AwsCloud, group: SecurityGroup | undefined): Promise<void> {
  const { GroupId, IpPermissions = [], IpPermissionsEgress = [] } = group ?? {};
  if (IpPermissions.length > 0) {
    await cloud.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  }
  if (IpPermissionsEgress.length > 0) {
    await cloud.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: IpPermissionsEgress }));
  }
}

function outputs(cloud: AwsCloud, id: string): Properties {
  return { arn: cloud.arn("ec2", `security-group/${id}`), ownerId: cloud.accountId, ingress: [], egress: [] };
}

function checkTexts(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const name = text(inputs.name);
  if (name !== undefined && (name.length > 255 || name.startsWith("sg-") || name === "default")) {
    const reason = `"${name}" is no name: 1 to 255 characters, neither "default" nor beginning with "sg-" (CreateSecurityGroup)`;
    refusals.push({ property: "name", reason });
  }
  const description = text(inputs.description);
  if (description !== undefined && !/^[\w. :/()#,@[\]+=&;{}!$*-]{0,255}$/.test(description)) {
    const reason = `"${description}" is no description: 255 of a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$* (CreateSecurityGroup)`;
    refusals.push({ property: "description", reason });
  }
  return refusals;
}
