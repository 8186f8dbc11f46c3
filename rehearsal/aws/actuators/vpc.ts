import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteVpcCommand,
  DescribeInternetGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  type InternetGateway,
  ModifyVpcAttributeCommand,
  type Vpc,
} from "@aws-sdk/client-ec2";
import { cidr, overlap, parseCidr } from "../../../components/cidr.ts";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { ec2Tags, fromTagList, retagEc2 } from "./tags.ts";

/** Ranges that a VPC may not share an address with ("VPC CIDR blocks", restrictions). */
const RESERVED_RANGES = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"];

const LEFT_OUT = [
  ...["assignGeneratedIpv6CidrBlock", "enableNetworkAddressUsageMetrics", "ipv4IpamPoolId", "ipv4NetmaskLength"],
  ...["ipv6CidrBlock", "ipv6CidrBlockNetworkBorderGroup", "ipv6IpamPoolId", "ipv6NetmaskLength"],
];

/** aws:ec2/vpc:Vpc */
export const vpc: Actuator<AwsCloud> = {
  replaceOn: ["cidrBlock", "instanceTenancy", "ipv4IpamPoolId", "ipv4NetmaskLength", "region"],

  check(inputs) {
    const refusals = [
      ...refuseLeftOut(inputs, LEFT_OUT, "give the VPC an IPv4 range of its own, without this"),
      ...checkRange(text(inputs.cidrBlock)),
    ];
    const tenancy = text(inputs.instanceTenancy);
    if (tenancy !== undefined && !["default", "dedicated"].includes(tenancy)) {
      const reason = `"${tenancy}" is no tenancy: "default" or "dedicated" (CreateVpc)`;
      refusals.push({ property: "instanceTenancy", reason });
    }
    if (inputs.enableDnsHostnames === true && inputs.enableDnsSupport === false) {
      const reason = "true beside enableDnsSupport false: host names need DNS support (ModifyVpcAttribute)";
      refusals.push({ property: "enableDnsHostnames", reason });
    }
    return refusals;
  },

  async create(inputs, cloud) {
    const { Vpc } = await cloud.ec2.send(
      new CreateVpcCommand({
        CidrBlock: String(inputs.cidrBlock),
        InstanceTenancy: inputs.instanceTenancy === "dedicated" ? "dedicated" : "default",
        TagSpecifications: ec2Tags("vpc", inputs.tags),
      }),
    );
    const id = String(Vpc?.VpcId);
    await setDns(cloud, id, inputs);
    return { id, properties: await vpcOutputs(cloud, id, inputs) };
  },

  async read({ id, properties }, cloud) {
    const found = await findVpc(cloud, id);
    if (!found) return undefined;
    return {
      ...(await vpcOutputs(cloud, id, properties)),
      ...(await dnsOf(cloud, id)),
      cidrBlock: found.CidrBlock,
      tags: fromTagList(found.Tags),
      tagsAll: fromTagList(found.Tags),
    };
  },

  async update({ id, properties }, inputs, cloud) {
    await setDns(cloud, id, inputs);
    await retagEc2(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.ec2.send(new DeleteVpcCommand({ VpcId: id }))),
};

/** aws:ec2/internetGateway:InternetGateway */
export const internetGateway: Actuator<AwsCloud> = {
  replaceOn: ["region"],

  async check(inputs, { cloud, former }) {
    const vpcId = text(inputs.vpcId);
    if (vpcId === undefined || vpcId === former?.vpcId) return [];
    const unknown = await refuseUnknownVpc(cloud, vpcId);
    if (unknown.length > 0) return unknown;
    const other = await gatewayOf(cloud, vpcId);
    if (!other) return [];
    const reason = `${vpcId} has the internet gateway ${other} already: a VPC has one at most (AttachInternetGateway)`;
    return [{ property: "vpcId", reason }];
  },

  async create(inputs, cloud) {
    const { InternetGateway } = await cloud.ec2.send(
      new CreateInternetGatewayCommand({ TagSpecifications: ec2Tags("internet-gateway", inputs.tags) }),
    );
    const id = String(InternetGateway?.InternetGatewayId);
    await attach(cloud, id, text(inputs.vpcId));
    const arn = cloud.arn("ec2", `internet-gateway/${id}`);
    return { id, properties: { arn, ownerId: cloud.accountId, tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await findGateway(cloud, id);
    if (!found) return undefined;
    const tags = fromTagList(found.Tags);
    return { vpcId: found.Attachments?.[0]?.VpcId, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    if (inputs.vpcId !== properties.vpcId) {
      await detach(cloud, id, text(properties.vpcId));
      await attach(cloud, id, text(inputs.vpcId));
    }
    await retagEc2(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  async delete({ id }, cloud) {
    const found = await findGateway(cloud, id);
    await detach(cloud, id, found?.Attachments?.[0]?.VpcId);
    await ignoreMissing(cloud.ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id })));
  },
};

export async function findVpc(cloud: AwsCloud, id: string): Promise<Vpc | undefined> {
  const found = await unlessMissing(cloud.ec2.send(new DescribeVpcsCommand({ VpcIds: [id] })));
  return found?.Vpcs?.[0];
}

export async function refuseUnknownVpc(cloud: AwsCloud, vpcId: string): Promise<Refusal[]> {
  if (await findVpc(cloud, vpcId)) return [];
  return [{ property: "vpcId", reason: `there is no VPC "${vpcId}" in ${cloud.region} (InvalidVpcID.NotFound)` }];
}

function checkRange(cidrBlock: string | undefined): Refusal[] {
  if (cidrBlock === undefined) return [];
  const refuse = (reason: string) => [{ property: "cidrBlock", reason }];
  const range = parseCidr(cidrBlock);
  if (!range) {
    return refuse(`"${cidrBlock}" is no IPv4 range, or has bits below its prefix: such as 10.16.0.0/16 (CreateVpc)`);
  }
  if (range.prefix < 16 || range.prefix > 28) {
    return refuse(`"${cidrBlock}" is no size for a VPC: /16 to /28 (VPC CIDR blocks)`);
  }
  const reserved = RESERVED_RANGES.find((each) => overlap(cidr(each), range));
  return reserved ? refuse(`"${cidrBlock}" lies in ${reserved}, which no VPC may use (VPC CIDR blocks)`) : [];
}

/** EC2 takes one attribute a call; a new VPC supports DNS and gives no host names. */
async function setDns(cloud: AwsCloud, VpcId: string, inputs: Properties): Promise<void> {
  const support = { Value: inputs.enableDnsSupport !== false };
  await cloud.ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: support }));
  const hostnames = { Value: inputs.enableDnsHostnames === true };
  await cloud.ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: hostnames }));
}

async function dnsOf(cloud: AwsCloud, VpcId: string): Promise<Properties> {
  const support = await cloud.ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: "enableDnsSupport" }));
  const hostnames = await cloud.ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: "enableDnsHostnames" }));
  return {
    enableDnsSupport: support.EnableDnsSupport?.Value,
    enableDnsHostnames: hostnames.EnableDnsHostnames?.Value,
  };
}

/** What comes with every VPC: a route table, a network ACL, a security group, each the default one. */
async function vpcOutputs(cloud: AwsCloud, id: string, inputs: Properties): Promise<Properties> {
  const Filters = [{ Name: "vpc-id", Values: [id] }];
  const [found, tables, acls, groups] = await Promise.all([
    findVpc(cloud, id),
    cloud.ec2.send(new DescribeRouteTablesCommand({ Filters })),
    cloud.ec2.send(new DescribeNetworkAclsCommand({ Filters })),
    cloud.ec2.send(new DescribeSecurityGroupsCommand({ Filters })),
  ]);
  const main = tables.RouteTables?.find(({ Associations }) => Associations?.some(({ Main }) => Main))?.RouteTableId;
  return {
    arn: cloud.arn("ec2", `vpc/${id}`),
    ownerId: cloud.accountId,
    mainRouteTableId: main,
    defaultRouteTableId: main,
    defaultNetworkAclId: acls.NetworkAcls?.find(({ IsDefault }) => IsDefault)?.NetworkAclId,
    defaultSecurityGroupId: groups.SecurityGroups?.find(({ GroupName }) => GroupName === "default")?.GroupId,
    dhcpOptionsId: found?.DhcpOptionsId,
    instanceTenancy: found?.InstanceTenancy,
    tagsAll: inputs.tags,
  };
}

async function findGateway(cloud: AwsCloud, id: string): Promise<InternetGateway | undefined> {
  const command = new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] });
  return (await unlessMissing(cloud.ec2.send(command)))?.InternetGateways?.[0];
}

async function gatewayOf(cloud: AwsCloud, vpcId: string): Promise<string | undefined> {
  const { InternetGateways } = await cloud.ec2.send(
    new DescribeInternetGatewaysCommand({ Filters: [{ Name: "attachment.vpc-id", Values: [vpcId] }] }),
  );
  return InternetGateways?.[0]?.InternetGatewayId;
}

async function attach(cloud: AwsCloud, InternetGatewayId: string, VpcId: string | undefined): Promise<void> {
  if (VpcId) await cloud.ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
}

async function detach(cloud: AwsCloud, InternetGatewayId: string, VpcId: string | undefined): Promise<void> {
  if (VpcId) await ignoreMissing(cloud.ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId })));
}
