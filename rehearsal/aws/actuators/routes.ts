import { crc32 } from "node:zlib";
import {
  AssociateRouteTableCommand,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateRouteTableCommand,
  DeleteRouteCommand,
  DeleteRouteTableCommand,
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DisassociateRouteTableCommand,
  ReplaceRouteCommand,
  ReplaceRouteTableAssociationCommand,
  type Route,
  type RouteTable,
  type RouteTableAssociation,
} from "@aws-sdk/client-ec2";
import { parseCidr } from "../../../components/cidr.ts";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { findSubnet } from "./subnet.ts";
import { ec2Tags, fromTagList, retagEc2 } from "./tags.ts";
import { refuseUnknownVpc } from "./vpc.ts";

/** Where a route may lead to, by input, and as EC2 calls it; exactly one is given. */
const TARGETS = {
  carrierGatewayId: "CarrierGatewayId",
  coreNetworkArn: "CoreNetworkArn",
  egressOnlyGatewayId: "EgressOnlyInternetGatewayId",
  gatewayId: "GatewayId",
  localGatewayId: "LocalGatewayId",
  natGatewayId: "NatGatewayId",
  networkInterfaceId: "NetworkInterfaceId",
  transitGatewayId: "TransitGatewayId",
  vpcEndpointId: "VpcEndpointId",
  vpcPeeringConnectionId: "VpcPeeringConnectionId",
} as const;

const DESTINATIONS = ["destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"] as const;

/** aws:ec2/routeTable:RouteTable, its routes as resources of their own. */
export const routeTable: Actuator<AwsCloud> = {
  replaceOn: ["vpcId", "region"],

  async check(inputs, { cloud, former }) {
    const leftOut = refuseLeftOut(inputs, ["routes", "propagatingVgws"], "make each route an aws.ec2.Route");
    const vpcId = text(inputs.vpcId);
    return vpcId === undefined || vpcId === former?.vpcId
      ? leftOut
      : [...leftOut, ...(await refuseUnknownVpc(cloud, vpcId))];
  },

  async create(inputs, cloud) {
    const { RouteTable } = await cloud.ec2.send(
      new CreateRouteTableCommand({
        VpcId: String(inputs.vpcId),
        TagSpecifications: ec2Tags("route-table", inputs.tags),
      }),
    );
    const id = String(RouteTable?.RouteTableId);
    const arn = cloud.arn("ec2", `route-table/${id}`);
    return { id, properties: { arn, ownerId: cloud.accountId, propagatingVgws: [], tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await findTable(cloud, id);
    if (!found) return undefined;
    const tags = fromTagList(found.Tags);
    return { vpcId: found.VpcId, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    await retagEc2(cloud, id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.ec2.send(new DeleteRouteTableCommand({ RouteTableId: id }))),
};

/** aws:ec2/route:Route */
export const route: Actuator<AwsCloud> = {
  replaceOn: ["routeTableId", ...DESTINATIONS, "region"],

  async check(inputs, { cloud, former }) {
    const refusals = checkDestination(inputs);
    const targets = Object.keys(TARGETS).filter((key) => inputs[key] !== undefined);
    if (targets.length > 1) {
      const reason = `given beside ${targets.slice(1).join(", ")}: a route has one target (CreateRoute)`;
      refusals.push({ property: String(targets[0]), reason });
    }
    refusals.push(...(await refuseUnknownGateway(cloud, text(inputs.gatewayId), text(former?.gatewayId))));
    const routeTableId = text(inputs.routeTableId);
    if (routeTableId === undefined) return refusals;
    const table = await findTable(cloud, routeTableId);
    if (!table) return [...refusals, unknownTable(cloud, routeTableId)];
    const stays = DESTINATIONS.every((key) => inputs[key] === former?.[key]) && routeTableId === former?.routeTableId;
    if (!stays && findRoute(table, inputs)) {
      const reason = `${routeTableId} has a route to ${destinationOf(inputs)} already (RouteAlreadyExists)`;
      refusals.push({ property: "routeTableId", reason });
    }
    return refusals;
  },

  async create(inputs, cloud) {
    await cloud.ec2.send(new CreateRouteCommand(routeOf(inputs)));
    const id = `r-${inputs.routeTableId}${crc32(destinationOf(inputs))}`;
    return { id, properties: { origin: "CreateRoute", state: "active", instanceId: "", instanceOwnerId: "" } };
  },

  async read({ properties }, cloud) {
    const table = await findTable(cloud, String(properties.routeTableId));
    const found = table && findRoute(table, properties);
    if (!found) return undefined;
    const targets = Object.entries(TARGETS).map(([key, name]) => [key, found[name as keyof Route]]);
    return { ...Object.fromEntries(targets), origin: found.Origin, state: found.State };
  },

  async update(_state, inputs, cloud) {
    await cloud.ec2.send(new ReplaceRouteCommand(routeOf(inputs)));
    return {};
  },

  delete: ({ properties }, cloud) =>
    ignoreMissing(cloud.ec2.send(new DeleteRouteCommand(tableAndDestination(properties)))),
};

/** aws:ec2/routeTableAssociation:RouteTableAssociation */
export const routeTableAssociation: Actuator<AwsCloud> = {
  replaceOn: ["subnetId", "gatewayId", "region"],

  async check(inputs, { cloud, former }) {
    const refusals: Refusal[] = [];
    if (inputs.subnetId !== undefined && inputs.gatewayId !== undefined) {
      const reason = "given beside gatewayId: a route table is associated with one of the two (AssociateRouteTable)";
      refusals.push({ property: "subnetId", reason });
    }
    const routeTableId = text(inputs.routeTableId);
    const table = routeTableId === undefined ? undefined : await findTable(cloud, routeTableId);
    if (routeTableId !== undefined && !table) refusals.push(unknownTable(cloud, routeTableId));
    const subnetId = text(inputs.subnetId);
    if (subnetId === undefined) return refusals;
    return [...refusals, ...(await checkSubnet(cloud, subnetId, text(former?.subnetId), table))];
  },

  async create(inputs, cloud) {
    const { AssociationId } = await cloud.ec2.send(
      new AssociateRouteTableCommand({
        RouteTableId: String(inputs.routeTableId),
        SubnetId: text(inputs.subnetId),
        GatewayId: text(inputs.gatewayId),
      }),
    );
    return { id: String(AssociationId), properties: {} };
  },

  async read({ properties }, cloud) {
    const found = await findAssociation(cloud, properties);
    return found && { routeTableId: found.RouteTableId };
  },

  async update({ properties }, inputs, cloud) {
    const found = await findAssociation(cloud, properties);
    const AssociationId = found?.RouteTableAssociationId;
    const RouteTableId = String(inputs.routeTableId);
    await cloud.ec2.send(new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId }));
    return {};
  },

  async delete({ properties }, cloud) {
    const AssociationId = (await findAssociation(cloud, properties))?.RouteTableAssociationId;
    if (AssociationId) await ignoreMissing(cloud.ec2.send(new DisassociateRouteTableCommand({ AssociationId })));
  },
};

/** By the subnet and not by the id: EC2 gives the association a new id when it moves to another table. */
async function findAssociation(
  cloud: AwsCloud,
  { subnetId, gatewayId }: Properties,
): Promise<RouteTableAssociation | undefined> {
  const [name, key, id] =
    subnetId === undefined
      ? (["association.gateway-id", "GatewayId", String(gatewayId)] as const)
      : (["association.subnet-id", "SubnetId", String(subnetId)] as const);
  const { RouteTables } = await cloud.ec2.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: name, Values: [id] }] }),
  );
  return RouteTables?.flatMap(({ Associations = [] }) => Associations).find((each) => each[key] === id);
}

async function findTable(cloud: AwsCloud, id: string): Promise<RouteTable | undefined> {
  const command = new DescribeRouteTablesCommand({ RouteTableIds: [id] });
  return (await unlessMissing(cloud.ec2.send(command)))?.RouteTables?.[0];
}

function unknownTable(cloud: AwsCloud, id: string): Refusal {
  const reason = `there is no route table "${id}" in ${cloud.region} (InvalidRouteTableID.NotFound)`;
  return { property: "routeTableId", reason };
}

async function refuseUnknownGateway(
  cloud: AwsCloud,
  id: string | undefined,
  former: string | undefined,
): Promise<Refusal[]> {
  if (id === undefined || id === former || !id.startsWith("igw-")) return [];
  const command = new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] });
  const found = await unlessMissing(cloud.ec2.send(command));
  if (found?.InternetGateways?.length) return [];
  const reason = `there is no internet gateway "${id}" in ${cloud.region} (InvalidInternetGatewayID.NotFound)`;
  return [{ property: "gatewayId", reason }];
}

function checkDestination(inputs: Properties): Refusal[] {
  const given = DESTINATIONS.filter((key) => inputs[key] !== undefined);
  if (given.length > 1) {
    const reason = `given beside ${given.slice(1).join(", ")}: a route has one destination (CreateRoute)`;
    return [{ property: String(given[0]), reason }];
  }
  const cidrBlock = text(inputs.destinationCidrBlock);
  if (cidrBlock === undefined || parseCidr(cidrBlock)) return [];
  const reason = `"${cidrBlock}" is no IPv4 range, or has bits below its prefix: such as 0.0.0.0/0 (CreateRoute)`;
  return [{ property: "destinationCidrBlock", reason }];
}

/** That the subnet is there, in the table's VPC, and has no table of its own yet. */
async function checkSubnet(
  cloud: AwsCloud,
  subnetId: string,
  former: string | undefined,
  table: RouteTable | undefined,
): Promise<Refusal[]> {
  const refuse = (reason: string) => [{ property: "subnetId", reason }];
  const found = await findSubnet(cloud, subnetId);
  if (!found) return refuse(`there is no subnet "${subnetId}" in ${cloud.region} (InvalidSubnetID.NotFound)`);
  if (table && table.VpcId !== found.VpcId) {
    return refuse(
      `${subnetId} is in ${found.VpcId}, the route table in ${table.VpcId}: both must be in one VPC (AssociateRouteTable)`,
    );
  }
  if (subnetId === former) return [];
  const Filters = [{ Name: "association.subnet-id", Values: [subnetId] }];
  const { RouteTables } = await cloud.ec2.send(new DescribeRouteTablesCommand({ Filters }));
  const other = RouteTables?.[0]?.RouteTableId;
  return other ? refuse(`${subnetId} is associated with ${other} already (Resource.AlreadyAssociated)`) : [];
}

function destinationOf(inputs: Properties): string {
  return String(inputs.destinationCidrBlock ?? inputs.destinationIpv6CidrBlock ?? inputs.destinationPrefixListId);
}

function findRoute({ Routes = [] }: RouteTable, inputs: Properties): Route | undefined {
  const destination = destinationOf(inputs);
  return Routes.find(({ DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId }) =>
    [DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId].includes(destination),
  );
}

function tableAndDestination(inputs: Properties) {
  return {
    RouteTableId: String(inputs.routeTableId),
    DestinationCidrBlock: text(inputs.destinationCidrBlock),
    DestinationIpv6CidrBlock: text(inputs.destinationIpv6CidrBlock),
    DestinationPrefixListId: text(inputs.destinationPrefixListId),
  };
}

function routeOf(inputs: Properties): CreateRouteCommandInput {
  const targets = Object.entries(TARGETS).map(([key, name]) => [name, inputs[key]]);
  return { ...tableAndDestination(inputs), ...Object.fromEntries(targets) };
}
