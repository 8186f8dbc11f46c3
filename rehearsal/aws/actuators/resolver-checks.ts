import { isIPv4 } from "node:net";
import { DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import type { CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, list, refuseLeftOut, text } from "./common.ts";
import { findSubnet } from "./subnet.ts";
import { refuseUnknownVpc } from "./vpc.ts";

const LEFT_OUT = ["rniEnhancedMetricsEnabled", "targetNameServerMetricsEnabled"];

/** What Route 53 would refuse about an endpoint; the local one only asks, and only over IPv4. */
export async function endpointRefusals(inputs: Properties, context: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const refusals = [...refuseLeftOut(inputs, LEFT_OUT, "leave it out"), ...nameRefusals(inputs)];
  const refuse = (property: string, reason: string) => refusals.push({ property, reason });
  const { direction, resolverEndpointType = "IPV4" } = inputs;
  if (text(direction) !== undefined && direction !== "OUTBOUND") {
    refuse("direction", `the local AWS has no ${direction} endpoint: OUTBOUND is expected`);
  }
  if (text(resolverEndpointType) !== "IPV4") {
    refuse("resolverEndpointType", `the local AWS has no ${resolverEndpointType} endpoint: IPV4 is expected`);
  }
  const addresses = list(inputs.ipAddresses).map(fields);
  if (!context.unknown.has("ipAddresses") && (addresses.length < 2 || addresses.length > 20)) {
    refuse("ipAddresses", `${addresses.length} of them; expected 2 to 20 (CreateResolverEndpoint)`);
  }
  const groups = list(inputs.securityGroupIds);
  if (!context.unknown.has("securityGroupIds") && groups.length === 0) {
    refuse("securityGroupIds", "none is given; expected one at least (CreateResolverEndpoint)");
  }
  const places = await placesOf(addresses, groups, context.cloud);
  const networks = new Set(places.map(({ vpcId }) => vpcId).filter((vpcId) => vpcId !== undefined));
  if (networks.size > 1) {
    refuse(
      "ipAddresses",
      `in ${[...networks].join(" and ")} with the groups; expected one VPC (CreateResolverEndpoint)`,
    );
  }
  return [...refusals, ...places.flatMap(({ refusal }) => refusal ?? [])];
}

/** What Route 53 would refuse about a rule; the local one only forwards. */
export function ruleRefusals(inputs: Properties, { cloud, unknown }: CheckContext<AwsCloud>): Refusal[] {
  const refusals = nameRefusals(inputs);
  const refuse = (property: string, reason: string) => refusals.push({ property, reason });
  const { domainName, ruleType, resolverEndpointId } = inputs;
  if (text(ruleType) !== undefined && ruleType !== "FORWARD") {
    refuse("ruleType", `the local AWS has no rule of type ${ruleType}: FORWARD is expected`);
  }
  if (text(domainName) !== undefined && !/^(?=.{1,256}$)([\w-]{1,63}\.)*[\w-]{1,63}\.?$/.test(String(domainName))) {
    refuse("domainName", `"${domainName}" is no domain name (CreateResolverRule)`);
  }
  const endpoint = text(resolverEndpointId);
  if (endpoint === undefined && !unknown.has("resolverEndpointId")) {
    refuse("resolverEndpointId", "a rule that forwards has an endpoint to ask from (CreateResolverRule)");
  }
  if (endpoint !== undefined && cloud.hosting.resolvers.get(endpoint)?.direction !== "OUTBOUND") {
    refuse("resolverEndpointId", `there is no outbound endpoint ${endpoint} (ResourceNotFoundException)`);
  }
  const targets = list(inputs.targetIps).map(fields);
  if (targets.length === 0 && !unknown.has("targetIps")) {
    refuse("targetIps", "a rule that forwards has somebody to ask (CreateResolverRule)");
  }
  for (const { ip } of targets) {
    if (text(ip) !== undefined && !isIPv4(String(ip)))
      refuse("targetIps", `"${ip}" is no IPv4 address (TargetAddress)`);
  }
  return refusals;
}

/** What Route 53 would refuse about having a network go by a rule. */
export async function associationRefusals(inputs: Properties, context: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const { cloud, former } = context;
  const refusals = nameRefusals(inputs);
  const [ruleId, vpcId] = [text(inputs.resolverRuleId), text(inputs.vpcId)];
  const rule = ruleId === undefined ? undefined : cloud.hosting.resolvers.get(ruleId);
  if (ruleId !== undefined && !rule) {
    refusals.push({ property: "resolverRuleId", reason: `there is no rule ${ruleId} (ResourceNotFoundException)` });
  }
  if (vpcId === undefined || former?.vpcId === vpcId) return refusals;
  refusals.push(...(await refuseUnknownVpc(cloud, vpcId)));
  const others = [...cloud.hosting.resolvers.values()].filter((each) => each.vpcId === vpcId);
  const same = others.find(
    (each) => cloud.hosting.resolvers.get(String(each.resolverRuleId))?.domainName === rule?.domainName,
  );
  if (rule && same) {
    const reason = `${vpcId} has the rule ${same.resolverRuleId} for ${rule.domainName} already (ResourceExistsException)`;
    refusals.push({ property: "vpcId", reason });
  }
  return refusals;
}

/** The endpoints' rules, and the rules' associations, that name an id. */
export function usersOf(id: string, { hosting }: AwsCloud): string[] {
  const names = ({ resolverEndpointId, resolverRuleId }: Properties) => [resolverEndpointId, resolverRuleId];
  return [...hosting.resolvers].filter(([, properties]) => names(properties).includes(id)).map(([user]) => user);
}

function nameRefusals({ name }: Properties): Refusal[] {
  if (text(name) === undefined || /^(?!\d+$)[\w' -]{1,64}$/.test(String(name))) return [];
  const reason = `"${name}" is no name: 1 to 64 letters, digits, '-', '_', ' and spaces, not digits alone (CreateResolverEndpoint)`;
  return [{ property: "name", reason }];
}

/** The VPC of each subnet and group, or why there is none. */
async function placesOf(addresses: Properties[], groups: unknown[], cloud: AwsCloud) {
  const subnets = addresses.map(async ({ subnetId, ip, ipv6 }) => {
    const given = [ip, ipv6].some((each) => each !== undefined);
    const [leftOut] = given
      ? refuseLeftOut({ ipAddresses: true }, ["ipAddresses"], "let AWS choose the addresses")
      : [];
    if (text(subnetId) === undefined) return { vpcId: undefined, refusal: leftOut };
    const found = await findSubnet(cloud, String(subnetId));
    const reason = `there is no subnet ${subnetId} (InvalidParameterException)`;
    return { vpcId: found?.VpcId, refusal: found ? leftOut : { property: "ipAddresses", reason } };
  });
  // The emulator passes over a filter by id, and calls an unknown id malformed.
  const { SecurityGroups: known = [] } = await cloud.ec2.send(new DescribeSecurityGroupsCommand({}));
  const guards = groups.map((group) => {
    if (text(group) === undefined) return { vpcId: undefined, refusal: undefined };
    const found = known.find(({ GroupId }) => GroupId === group);
    const reason = `there is no security group ${group} (InvalidParameterException)`;
    return { vpcId: found?.VpcId, refusal: found ? undefined : { property: "securityGroupIds", reason } };
  });
  return Promise.all([...subnets, ...guards]);
}
