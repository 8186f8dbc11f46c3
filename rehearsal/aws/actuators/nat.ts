import {
  AllocateAddressCommand,
  CreateNatGatewayCommand,
  CreateVpcEndpointCommand,
  DeleteNatGatewayCommand,
  DeleteVpcEndpointsCommand,
  DescribeAddressesCommand,
  DescribeNatGatewaysCommand,
  DescribeVpcEndpointsCommand,
  ModifyVpcEndpointCommand,
  ReleaseAddressCommand,
} from "@aws-sdk/client-ec2";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, list, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { findSubnet } from "./subnet.ts";
import { ec2Tags, fromTagList, retagEc2 } from "./tags.ts";
import { refuseUnknownVpc } from "./vpc.ts";

/** Services with gateway endpoints (Gateway endpoints); all others have interfaces. */
const GATEWAYS = ["s3", "dynamodb"];

/** aws:ec2/eip:Eip; its `id` is the allocation's. */
export const eip: Actuator<AwsCloud> = {
  replaceOn: ["domain"],

  check: (inputs) =>
    refuseLeftOut(
      inputs,
      ["instance", "networkInterface", "associateWithPrivateIp", "customerOwnedIpv4Pool", "ipamPoolId", "address"],
      "leave the address free, for a NAT gateway",
    ),

  async create(inputs, cloud) {
    const { AllocationId, PublicIp = "" } = await cloud.ec2.send(
      new AllocateAddressCommand({ Domain: "vpc", TagSpecifications: ec2Tags("elastic-ip", inputs.tags) }),
    );
    const id = String(AllocationId);
    const publicDns = `ec2-${PublicIp.replaceAll(".", "-")}.${cloud.region}.compute.amazonaws.com`;
    const arn = cloud.arn("ec2", `elastic-ip/${id}`);
    const properties = { allocationId: id, arn, domain: "vpc", publicDns, publicIp: PublicIp, tagsAll: inputs.tags };
    return { id, properties };
  },

  async read({ id }, cloud) {
    const { Addresses } = await cloud.ec2.send(new DescribeAddressesCommand({ AllocationIds: [id] }));
    const [found] = Addresses ?? [];
    if (!found) return undefined;
    const tags = fromTagList(found.Tags);
    return { publicIp: found.PublicIp, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    await retagEc2(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.ec2.send(new ReleaseAddressCommand({ AllocationId: id }))),
};

/** aws:ec2/natGateway:NatGateway */
export const natGateway: Actuator<AwsCloud> = {
  replaceOn: ["subnetId", "allocationId", "connectivityType", "privateIp"],

  async check(inputs, { cloud, former, unknown }) {
    const refusals: Refusal[] = [];
    const isPublic = inputs.connectivityType !== "private";
    if (isPublic && inputs.allocationId === undefined && !unknown.has("allocationId")) {
      const reason = "a public NAT gateway needs the allocation of an Elastic IP (CreateNatGateway)";
      refusals.push({ property: "allocationId", reason });
    }
    const subnetId = text(inputs.subnetId);
    if (subnetId === undefined || subnetId === former?.subnetId || (await findSubnet(cloud, subnetId))) return refusals;
    const reason = `there is no subnet "${subnetId}" in ${cloud.region} (InvalidSubnetID.NotFound)`;
    return [...refusals, { property: "subnetId", reason }];
  },

  async create(inputs, cloud) {
    const { NatGateway } = await cloud.ec2.send(
      new CreateNatGatewayCommand({
        SubnetId: String(inputs.subnetId),
        AllocationId: text(inputs.allocationId),
        ConnectivityType: inputs.connectivityType === "private" ? "private" : "public",
        TagSpecifications: ec2Tags("natgateway", inputs.tags),
      }),
    );
    const { Addresses } = await cloud.ec2.send(new DescribeAddressesCommand({}));
    const address = Addresses?.find(({ AllocationId }) => AllocationId === inputs.allocationId);
    return { id: String(NatGateway?.NatGatewayId), properties: { publicIp: address?.PublicIp, tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const { NatGateways } = await cloud.ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] }));
    const [found] = NatGateways ?? [];
    if (!found || found.State === "deleted") return undefined;
    const tags = fromTagList(found.Tags);
    return { subnetId: found.SubnetId, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    await retagEc2(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: id }))),
};

/** aws:ec2/vpcEndpoint:VpcEndpoint, for gateways. */
export const vpcEndpoint: Actuator<AwsCloud> = {
  replaceOn: ["serviceName", "vpcEndpointType", "vpcId"],

  async check(inputs, { cloud, former }) {
    const refusals = refuseLeftOut(inputs, ["subnetIds", "securityGroupIds"], "gateway endpoints only");
    const service = text(inputs.serviceName);
    const known = GATEWAYS.map((name) => `com.amazonaws.${cloud.region}.${name}`);
    if (service !== undefined && !known.includes(service)) {
      const reason = `"${service}" has no gateway endpoint in ${cloud.region}: one of ${known.join(", ")} (InvalidServiceName)`;
      refusals.push({ property: "serviceName", reason });
    }
    const vpcId = text(inputs.vpcId);
    return vpcId === undefined || vpcId === former?.vpcId
      ? refusals
      : [...refusals, ...(await refuseUnknownVpc(cloud, vpcId))];
  },

  async create(inputs, cloud) {
    const { VpcEndpoint } = await cloud.ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: String(inputs.vpcId),
        ServiceName: String(inputs.serviceName),
        VpcEndpointType: "Gateway",
        RouteTableIds: list(inputs.routeTableIds) as string[],
        PolicyDocument: text(inputs.policy),
        TagSpecifications: ec2Tags("vpc-endpoint", inputs.tags),
      }),
    );
    const id = String(VpcEndpoint?.VpcEndpointId);
    const arn = cloud.arn("ec2", `vpc-endpoint/${id}`);
    return { id, properties: { arn, ownerId: cloud.accountId, state: "available", tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await unlessMissing(cloud.ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] })));
    const [endpoint] = found?.VpcEndpoints ?? [];
    return endpoint && { serviceName: endpoint.ServiceName, vpcId: endpoint.VpcId };
  },

  async update({ id, properties }, inputs, cloud) {
    const former = list(properties.routeTableIds) as string[];
    const next = list(inputs.routeTableIds) as string[];
    await cloud.ec2.send(
      new ModifyVpcEndpointCommand({
        VpcEndpointId: id,
        AddRouteTableIds: next.filter((table) => !former.includes(table)),
        RemoveRouteTableIds: former.filter((table) => !next.includes(table)),
      }),
    );
    await retagEc2(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }))),
};
