import { DescribeAvailabilityZonesCommand } from "@aws-sdk/client-ec2";
import type { Invoke } from "../provider/provider.ts";
import { list, text } from "./actuators/common.ts";
import type { AwsCloud } from "./cloud.ts";

/** The functions of the AWS provider, answered by the local AWS. */
export function awsInvokes(cloud: AwsCloud): Record<string, Invoke> {
  return {
    "aws:index/getAvailabilityZones:getAvailabilityZones": (args) => availabilityZones(cloud, args),
    "aws:index/getCallerIdentity:getCallerIdentity": async () => ({
      id: cloud.accountId,
      accountId: cloud.accountId,
      arn: cloud.arn("iam", "root", { global: true }),
      userId: cloud.accountId,
    }),
    "aws:index/getPartition:getPartition": async () => ({
      id: "aws",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      reverseDnsPrefix: "com.amazonaws",
    }),
    "aws:index/getRegion:getRegion": async () => ({
      id: cloud.region,
      name: cloud.region,
      region: cloud.region,
      endpoint: `ec2.${cloud.region}.amazonaws.com`,
      description: cloud.region,
    }),
  };
}

async function availabilityZones(cloud: AwsCloud, args: Record<string, unknown>): Promise<Record<string, unknown>> {
  const state = text(args.state);
  const filters = list(args.filters) as { name: string; values: string[] }[];
  const Filters = [
    ...filters.map(({ name, values }) => ({ Name: name, Values: values })),
    ...(state ? [{ Name: "state", Values: [state] }] : []),
  ];
  const { AvailabilityZones = [] } = await cloud.ec2.send(
    new DescribeAvailabilityZonesCommand({ Filters, AllAvailabilityZones: args.allAvailabilityZones === true }),
  );
  const zones = AvailabilityZones.filter(
    ({ ZoneName, ZoneId, State }) =>
      (!state || State === state) &&
      !list(args.excludeNames).includes(ZoneName) &&
      !list(args.excludeZoneIds).includes(ZoneId),
  ).sort((a, b) => String(a.ZoneName).localeCompare(String(b.ZoneName)));
  return {
    id: cloud.region,
    region: cloud.region,
    state,
    names: zones.map(({ ZoneName }) => ZoneName),
    zoneIds: zones.map(({ ZoneId }) => ZoneId),
    groupNames: [...new Set(zones.map(({ GroupName }) => GroupName))],
  };
}
