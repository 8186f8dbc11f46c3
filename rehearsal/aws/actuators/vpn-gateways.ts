import {
  AttachVpnGatewayCommand,
  CreateCustomerGatewayCommand,
  CreateVpnGatewayCommand,
  type CustomerGateway,
  DeleteCustomerGatewayCommand,
  DeleteVpnGatewayCommand,
  DescribeCustomerGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeVpnGatewaysCommand,
  DetachVpnGatewayCommand,
  DisableVgwRoutePropagationCommand,
  EnableVgwRoutePropagationCommand,
  type VpnGateway,
} from "@aws-sdk/client-ec2";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { fromTagList, retagEc2 } from "./tags.ts";
import { refuseUnknownVpc } from "./vpc.ts";

/** aws:ec2/vpnGateway:VpnGateway, attached to its VPC. */
export const vpnGateway: Actuator<AwsCloud> = {
  replaceOn: ["amazonSideAsn", "availabilityZone", "vpcId"],

  async check(inputs, { cloud, former }) {
    const vpcId = text(inputs.vpcId);
    if (vpcId === undefined || vpcId === former?.vpcId) return checkAsn("amazonSideAsn", inputs.amazonSideAsn);
    const Filters = [{ Name: "attachment.vpc-id", Values: [vpcId] }];
    const { VpnGateways } = await cloud.ec2.send(new DescribeVpnGatewaysCommand({ Filters }));
    const other = VpnGateways?.[0]?.VpnGatewayId;
    const reason = `${vpcId} has the virtual private gateway ${other} already: a VPC has one at most (AttachVpnGateway)`;
    return [
      ...checkAsn("amazonSideAsn", inputs.amazonSideAsn),
      ...(await refuseUnknownVpc(cloud, vpcId)),
      ...(other ? [{ property: "vpcId", reason }] : []),
    ];
  },

  async create(inputs, cloud) {
    const { VpnGateway } = await cloud.ec2.send(
      new CreateVpnGatewayCommand({
        Type: "ipsec.1",
        AmazonSideAsn: inputs.amazonSideAsn === undefined ? undefined : Number(inputs.amazonSideAsn),
      }),
    );
    const VpnGatewayId = String(VpnGateway?.VpnGatewayId);
    // The emulator passes over the tags that a VPN's parts are created with.
    await retagEc2(cloud, VpnGatewayId, undefined, inputs.tags);
    const VpcId = text(inputs.vpcId);
    if (VpcId) await cloud.ec2.send(new AttachVpnGatewayCommand({ VpnGatewayId, VpcId }));
    const arn = cloud.arn("ec2", `vpn-gateway/${VpnGatewayId}`);
    return { id: VpnGatewayId, properties: { arn, tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await findVpnGateway(cloud, id);
    if (!found) return undefined;
    const tags = fromTagList(found.Tags);
    const amazonSideAsn = String(found.AmazonSideAsn);
    return { vpcId: found.VpcAttachments?.[0]?.VpcId, amazonSideAsn, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    await retagEc2(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  async delete({ id: VpnGatewayId, properties }, cloud) {
    const VpcId = text(properties.vpcId);
    if (VpcId) await ignoreMissing(cloud.ec2.send(new DetachVpnGatewayCommand({ VpnGatewayId, VpcId })));
    await ignoreMissing(cloud.ec2.send(new DeleteVpnGatewayCommand({ VpnGatewayId })));
  },
};

/** aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation */
export const vpnGatewayRoutePropagation: Actuator<AwsCloud> = {
  async create(inputs, cloud) {
    const [GatewayId, RouteTableId] = [String(inputs.vpnGatewayId), String(inputs.routeTableId)];
    await cloud.ec2.send(new EnableVgwRoutePropagationCommand({ GatewayId, RouteTableId }));
    return { id: `${GatewayId}_${RouteTableId}`, properties: {} };
  },

  async read({ properties }, cloud) {
    const command = new DescribeRouteTablesCommand({ RouteTableIds: [String(properties.routeTableId)] });
    const found = (await unlessMissing(cloud.ec2.send(command)))?.RouteTables?.[0]?.PropagatingVgws ?? [];
    return found.some(({ GatewayId }) => GatewayId === properties.vpnGatewayId) ? {} : undefined;
  },

  async delete({ properties }, cloud) {
    const [GatewayId, RouteTableId] = [String(properties.vpnGatewayId), String(properties.routeTableId)];
    await ignoreMissing(cloud.ec2.send(new DisableVgwRoutePropagationCommand({ GatewayId, RouteTableId })));
  },
};

/** aws:ec2/customerGateway:CustomerGateway */
export const customerGateway: Actuator<AwsCloud> = {
  replaceOn: ["bgpAsn", "ipAddress", "type", "deviceName"],

  check: (inputs) => [
    ...refuseLeftOut(inputs, ["certificateArn", "bgpAsnExtended", "deviceName"], "name its address and its ASN"),
    ...checkAsn("bgpAsn", inputs.bgpAsn),
  ],

  async create(inputs, cloud) {
    const { CustomerGateway } = await cloud.ec2.send(
      new CreateCustomerGatewayCommand({
        Type: "ipsec.1",
        BgpAsn: Number(inputs.bgpAsn),
        IpAddress: String(inputs.ipAddress),
      }),
    );
    const id = String(CustomerGateway?.CustomerGatewayId);
    await retagEc2(cloud, id, undefined, inputs.tags);
    return { id, properties: { arn: cloud.arn("ec2", `customer-gateway/${id}`), tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await findCustomerGateway(cloud, id);
    if (!found) return undefined;
    const tags = fromTagList(found.Tags);
    return { bgpAsn: found.BgpAsn, ipAddress: found.IpAddress, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    await retagEc2(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.ec2.send(new DeleteCustomerGatewayCommand({ CustomerGatewayId: id }))),
};

export async function findVpnGateway(cloud: AwsCloud, id: string): Promise<VpnGateway | undefined> {
  const command = new DescribeVpnGatewaysCommand({ VpnGatewayIds: [id] });
  return (await unlessMissing(cloud.ec2.send(command)))?.VpnGateways?.[0];
}

export async function findCustomerGateway(cloud: AwsCloud, id: string): Promise<CustomerGateway | undefined> {
  const command = new DescribeCustomerGatewaysCommand({ CustomerGatewayIds: [id] });
  return (await unlessMissing(cloud.ec2.send(command)))?.CustomerGateways?.[0];
}

function checkAsn(property: string, asn: unknown): Refusal[] {
  if (asn === undefined || (/^\d+$/.test(String(asn)) && Number(asn) >= 1 && Number(asn) < 2 ** 32)) return [];
  return [{ property, reason: `"${asn}" is no ASN: 1 to 4294967295 (CreateVpnGateway)` }];
}
