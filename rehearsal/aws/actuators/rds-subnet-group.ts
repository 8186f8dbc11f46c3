import {
  CreateDBSubnetGroupCommand,
  type DBSubnetGroup,
  DeleteDBSubnetGroupCommand,
  DescribeDBSubnetGroupsCommand,
  ModifyDBSubnetGroupCommand,
} from "@aws-sdk/client-rds";
import type { Actuator, CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, list, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { instancesWith, rdsTags, retagRds } from "./rds-common.ts";
import { findSubnet } from "./subnet.ts";
import { toTagList } from "./tags.ts";

/** aws:rds/subnetGroup:SubnetGroup */
export const subnetGroup: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}`.toLowerCase() },
  replaceOn: ["name", "namePrefix", "region"],

  async check(inputs, context) {
    return [
      ...refuseLeftOut(inputs, ["namePrefix"], "give it a name, or none"),
      ...(await checkName(inputs, context)),
      ...(await checkSubnets(inputs, context)),
    ];
  },

  async create(inputs, cloud) {
    const name = String(inputs.name);
    const { DBSubnetGroup } = await cloud.rds.send(
      new CreateDBSubnetGroupCommand({
        DBSubnetGroupName: name,
        DBSubnetGroupDescription: text(inputs.description) ?? "Managed by Pulumi",
        SubnetIds: list(inputs.subnetIds).map(String),
        Tags: toTagList(inputs.tags),
      }),
    );
    return { id: name, properties: { ...outputs(cloud, name, DBSubnetGroup), tagsAll: inputs.tags } };
  },

  async read({ id, properties }, cloud) {
    const found = await findSubnetGroup(cloud, id);
    if (!found) return undefined;
    const tags = await rdsTags(cloud, cloud.arn("rds", `subgrp:${id}`));
    const ids = (found.Subnets ?? []).map(({ SubnetIdentifier = "" }) => SubnetIdentifier);
    // A set: the order in which the program names them is as good.
    const asked = list(properties.subnetIds).map(String);
    const subnetIds = [...asked.filter((each) => ids.includes(each)), ...ids.filter((each) => !asked.includes(each))];
    const description = found.DBSubnetGroupDescription;
    return { ...outputs(cloud, id, found), description, subnetIds, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    const { DBSubnetGroup } = await cloud.rds.send(
      new ModifyDBSubnetGroupCommand({
        DBSubnetGroupName: id,
        DBSubnetGroupDescription: text(inputs.description),
        SubnetIds: list(inputs.subnetIds).map(String),
      }),
    );
    await retagRds(cloud, cloud.arn("rds", `subgrp:${id}`), properties.tags, inputs.tags);
    return { ...outputs(cloud, id, DBSubnetGroup), tagsAll: inputs.tags };
  },

  async delete({ id }, cloud) {
    const users = await instancesWith(cloud, ({ DBSubnetGroup }) => DBSubnetGroup?.DBSubnetGroupName === id);
    if (users.length > 0) {
      throw new Error(`the subnet group ${id} is in use by ${users.join(", ")} (InvalidDBSubnetGroupStateFault)`);
    }
    await ignoreMissing(cloud.rds.send(new DeleteDBSubnetGroupCommand({ DBSubnetGroupName: id })));
  },
};

export async function findSubnetGroup(cloud: AwsCloud, name: string): Promise<DBSubnetGroup | undefined> {
  const command = new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: name });
  return (await unlessMissing(cloud.rds.send(command)))?.DBSubnetGroups?.[0];
}

function outputs(cloud: AwsCloud, name: string, found: DBSubnetGroup | undefined): Properties {
  return {
    arn: cloud.arn("rds", `subgrp:${name}`),
    supportedNetworkTypes: found?.SupportedNetworkTypes ?? ["IPV4"],
    vpcId: found?.VpcId,
  };
}

async function checkName(inputs: Properties, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const name = text(inputs.name);
  if (name === undefined) return [];
  if (!/^[a-z0-9 ._-]{1,255}$/.test(name) || name === "default") {
    const reason = `"${name}" is no name of a subnet group: 1 to 255 lowercase letters, digits, spaces, '.', '_' and '-', and not "default" (CreateDBSubnetGroup)`;
    return [{ property: "name", reason }];
  }
  if (name === former?.name || !(await findSubnetGroup(cloud, name))) return [];
  return [{ property: "name", reason: `the subnet group "${name}" exists already (DBSubnetGroupAlreadyExists)` }];
}

async function checkSubnets(inputs: Properties, { cloud, unknown }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  if (unknown.has("subnetIds")) return [];
  const refuse = (reason: string) => [{ property: "subnetIds", reason }];
  const ids = list(inputs.subnetIds).map(String);
  const subnets = await Promise.all(ids.map((id) => findSubnet(cloud, id)));
  const missing = ids.filter((_, index) => !subnets[index]);
  if (missing.length > 0) return refuse(`there is no subnet ${missing.join(", ")} (InvalidSubnet)`);
  if (new Set(subnets.map((subnet) => subnet?.VpcId)).size > 1) {
    return refuse("the subnets are of more than one VPC; a group lies in one (InvalidSubnet)");
  }
  const zones = new Set(subnets.map((subnet) => subnet?.AvailabilityZone));
  if (zones.size >= 2) return [];
  return refuse(`the subnets cover ${zones.size} zone; a group needs two (DBSubnetGroupDoesNotCoverEnoughAZs)`);
}
