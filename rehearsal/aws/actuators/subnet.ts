import {
  CreateSubnetCommand,
  DeleteSubnetCommand,
  DescribeAvailabilityZonesCommand,
  DescribeSubnetsCommand,
  ModifySubnetAttributeCommand,
  type Subnet,
} from "@aws-sdk/client-ec2";
import { cidr, contains, overlap, parseCidr } from "../../../components/cidr.ts";
import type { Actuator, CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { ec2Tags, fromTagList, retagEc2 } from "./tags.ts";
import { findVpc, refuseUnknownVpc } from "./vpc.ts";

const LEFT_OUT = [
  ...["assignIpv6AddressOnCreation", "customerOwnedIpv4Pool", "enableDns64", "enableLniAtDeviceIndex"],
  ...["enableResourceNameDnsARecordOnLaunch", "enableResourceNameDnsAaaaRecordOnLaunch", "ipv4IpamPoolId"],
  ...["ipv4NetmaskLength", "ipv6CidrBlock", "ipv6IpamPoolId", "ipv6Native", "ipv6NetmaskLength"],
  ...["mapCustomerOwnedIpOnLaunch", "outpostArn", "privateDnsHostnameTypeOnLaunch"],
];

/** aws:ec2/subnet:Subnet */
export const subnet: Actuator<AwsCloud> = {
  replaceOn: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "ipv6Native", "outpostArn", "region"],

  async check(inputs, context) {
    const range = checkRange(text(inputs.cidrBlock));
    const place = range.length === 0 ? await checkPlace(inputs, context) : [];
    const leftOut = refuseLeftOut(inputs, LEFT_OUT, "give the subnet an IPv4 range in a zone, without this");
    return [...leftOut, ...range, ...place, ...(await checkZone(inputs, context))];
  },

  async create(inputs, cloud) {
    const { Subnet } = await cloud.ec2.send(
      new CreateSubnetCommand({
        VpcId: String(inputs.vpcId),
        CidrBlock: String(inputs.cidrBlock),
        AvailabilityZone: text(inputs.availabilityZone),
        AvailabilityZoneId: text(inputs.availabilityZoneId),
        TagSpecifications: ec2Tags("subnet", inputs.tags),
      }),
    );
    const id = String(Subnet?.SubnetId);
    if (inputs.mapPublicIpOnLaunch === true) await mapPublicIp(cloud, id, true);
    return { id, properties: { ...outputs(cloud, Subnet), tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await findSubnet(cloud, id);
    if (!found) return undefined;
    const tags = fromTagList(found.Tags);
    return { ...outputs(cloud, found), mapPublicIpOnLaunch: found.MapPublicIpOnLaunch, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    await mapPublicIp(cloud, id, inputs.mapPublicIpOnLaunch === true);
    await retagEc2(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.ec2.send(new DeleteSubnetCommand({ SubnetId: id }))),
};

export async function findSubnet(cloud: AwsCloud, id: string): Promise<Subnet | undefined> {
  const found = await unlessMissing(cloud.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] })));
  return found?.Subnets?.[0];
}

function outputs(cloud: AwsCloud, found: Subnet | undefined): Properties {
  return {
    arn: cloud.arn("ec2", `subnet/${found?.SubnetId}`),
    ownerId: cloud.accountId,
    availabilityZone: found?.AvailabilityZone,
    availabilityZoneId: found?.AvailabilityZoneId,
    cidrBlock: found?.CidrBlock,
    vpcId: found?.VpcId,
  };
}

function checkRange(cidrBlock: string | undefined): Refusal[] {
  if (cidrBlock === undefined) return [];
  const refuse = (reason: string) => [{ property: "cidrBlock", reason }];
  const range = parseCidr(cidrBlock);
  if (!range) {
    return refuse(`"${cidrBlock}" is no IPv4 range, or has bits below its prefix: such as 10.16.0.0/24 (CreateSubnet)`);
  }
  if (range.prefix < 16 || range.prefix > 28) {
    return refuse(`"${cidrBlock}" is no size for a subnet: /16 to /28 (Subnet CIDR blocks)`);
  }
  return [];
}

/** That the VPC is there, and has room for the range. */
async function checkPlace(inputs: Properties, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const vpcId = text(inputs.vpcId);
  const cidrBlock = text(inputs.cidrBlock);
  const stays = vpcId === former?.vpcId && cidrBlock === former?.cidrBlock;
  if (vpcId === undefined || stays) return [];
  const vpc = await findVpc(cloud, vpcId);
  if (!vpc) return refuseUnknownVpc(cloud, vpcId);
  if (cidrBlock === undefined) return [];
  const range = cidr(cidrBlock);
  const ranges = (vpc.CidrBlockAssociationSet ?? []).map(({ CidrBlock = "" }) => CidrBlock);
  if (!ranges.some((each) => contains(cidr(each), range))) {
    const reason = `"${cidrBlock}" is not inside the VPC's range ${ranges.join(", ")} (InvalidSubnet.Range)`;
    return [{ property: "cidrBlock", reason }];
  }
  const siblings = await siblingsIn(cloud, vpcId);
  const other = siblings.find(({ CidrBlock = "" }) => overlap(cidr(CidrBlock), range));
  if (!other) return [];
  const reason = `"${cidrBlock}" overlaps ${other.SubnetId} with ${other.CidrBlock} (InvalidSubnet.Conflict)`;
  return [{ property: "cidrBlock", reason }];
}

async function checkZone(inputs: Properties, { cloud }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const { availabilityZone, availabilityZoneId } = inputs;
  if (availabilityZone !== undefined && availabilityZoneId !== undefined) {
    const reason = "given beside availabilityZone: one of the two names the zone (CreateSubnet)";
    return [{ property: "availabilityZoneId", reason }];
  }
  const { AvailabilityZones: zones = [] } = await cloud.ec2.send(new DescribeAvailabilityZonesCommand({}));
  const refusals: Refusal[] = [];
  const refuse = (property: string, value: unknown, known: (string | undefined)[]) => {
    if (value === undefined || known.includes(String(value))) return;
    const reason = `"${value}" is no availability zone of ${cloud.region}: ${known.join(", ")} (DescribeAvailabilityZones)`;
    refusals.push({ property, reason });
  };
  const names = zones.map(({ ZoneName }) => ZoneName);
  const ids = zones.map(({ ZoneId }) => ZoneId);
  refuse("availabilityZone", availabilityZone, names);
  refuse("availabilityZoneId", availabilityZoneId, ids);
  return refusals;
}

async function siblingsIn(cloud: AwsCloud, vpcId: string): Promise<Subnet[]> {
  const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
  return (await cloud.ec2.send(new DescribeSubnetsCommand({ Filters }))).Subnets ?? [];
}

async function mapPublicIp(cloud: AwsCloud, SubnetId: string, Value: boolean): Promise<void> {
  await cloud.ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value } }));
}
