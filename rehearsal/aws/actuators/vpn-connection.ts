import { crc32 } from "node:zlib";
import {
  CreateVpnConnectionCommand,
  DeleteVpnConnectionCommand,
  DescribeVpnConnectionsCommand,
  type VpnConnection,
} from "@aws-sdk/client-ec2";
import { cidr, renderCidr } from "../../../components/cidr.ts";
import type { Actuator } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { fromTagList, retagEc2 } from "./tags.ts";
import { tunnelRefusals } from "./vpn-checks.ts";
import { findVpnGateway } from "./vpn-gateways.ts";

const TUNNELS = [1, 2] as const;

/**
 * aws:ec2/vpnConnection:VpnConnection. The emulator keeps the connection and none of its tunnels' options: these are
 * checked, and stay in the engine's state.
 */
export const vpnConnection: Actuator<AwsCloud> = {
  replaceOn: [
    ...["type", "staticRoutesOnly", "enableAcceleration", "presharedKeyStorage", "outsideIpAddressType"],
    ...["tunnel1InsideCidr", "tunnel2InsideCidr", "tunnelInsideIpVersion"],
  ],

  check(inputs, { unknown }) {
    const ends = ["vpnGatewayId", "transitGatewayId"].filter((key) => inputs[key] !== undefined || unknown.has(key));
    const reason = `exactly one of vpnGatewayId and transitGatewayId is expected, found ${ends.join(" and ") || "none"} (CreateVpnConnection)`;
    return [
      ...refuseLeftOut(inputs, ["vpnConcentratorId", "transportTransitGatewayAttachmentId"], "name a gateway"),
      ...(ends.length === 1 ? [] : [{ property: "vpnGatewayId", reason }]),
      ...tunnelRefusals(inputs),
    ];
  },

  async create(inputs, cloud) {
    const { VpnConnection } = await cloud.ec2.send(
      new CreateVpnConnectionCommand({
        Type: "ipsec.1",
        CustomerGatewayId: String(inputs.customerGatewayId),
        VpnGatewayId: text(inputs.vpnGatewayId),
        TransitGatewayId: text(inputs.transitGatewayId),
        Options: { StaticRoutesOnly: inputs.staticRoutesOnly === true },
      }),
    );
    const id = String(VpnConnection?.VpnConnectionId);
    await retagEc2(cloud, id, undefined, inputs.tags);
    const arn = cloud.arn("ec2", `vpn-connection/${id}`);
    return { id, properties: { arn, tagsAll: inputs.tags, ...(await tunnelOutputs(id, inputs, cloud)) } };
  },

  async read({ id, properties }, cloud) {
    const found = await findConnection(cloud, id);
    if (!found) return undefined;
    const tags = fromTagList(found.Tags);
    return { ...properties, customerGatewayId: found.CustomerGatewayId, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    await retagEc2(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.ec2.send(new DeleteVpnConnectionCommand({ VpnConnectionId: id }))),
};

async function findConnection(cloud: AwsCloud, id: string): Promise<VpnConnection | undefined> {
  const command = new DescribeVpnConnectionsCommand({ VpnConnectionIds: [id] });
  return (await unlessMissing(cloud.ec2.send(command)))?.VpnConnections?.[0];
}

/** What AWS tells of the tunnels: its public address of each, and what lies inside. */
async function tunnelOutputs(id: string, inputs: Properties, cloud: AwsCloud): Promise<Properties> {
  const gateway = text(inputs.vpnGatewayId);
  const asn = String((gateway && (await findVpnGateway(cloud, gateway))?.AmazonSideAsn) || 64_512);
  return Object.fromEntries(
    TUNNELS.flatMap((tunnel) => {
      const inside = cidr(String(inputs[`tunnel${tunnel}InsideCidr`] ?? `169.254.${100 + tunnel}.0/30`));
      const outputs = {
        Address: outsideAddress(id, tunnel),
        VgwInsideAddress: hostIn(inside.address + 1),
        CgwInsideAddress: hostIn(inside.address + 2),
        BgpAsn: asn,
        BgpHoldtime: 30,
      };
      return Object.entries(outputs).map(([key, value]) => [`tunnel${tunnel}${key}`, value]);
    }),
  );
}

/** One of the addresses that are kept for measurements (RFC 2544), always the same for a tunnel. */
function outsideAddress(id: string, tunnel: (typeof TUNNELS)[number]): string {
  return hostIn(cidr("198.18.0.0/15").address + ((crc32(id) % 2 ** 15) * 4 + tunnel));
}

function hostIn(address: number): string {
  return renderCidr({ address, prefix: 32 }).replace("/32", "");
}
