import { isIPv4, isIPv6 } from "node:net";
import { GetHealthCheckCommand, type ResourceRecordSet, RRType } from "@aws-sdk/client-route-53";
import type { CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, list, number, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { checkDomainName, expandName, recordsOf, zoneNameOf } from "./records.ts";

const TYPES: readonly string[] = Object.values(RRType);

/** The ways to choose among records of one name; a record has one at most. */
const ROUTING = [
  "weightedRoutingPolicies",
  "failoverRoutingPolicies",
  "latencyRoutingPolicies",
  "geolocationRoutingPolicies",
  "multivalueAnswerRoutingPolicy",
];

/** Everything that Route 53 would refuse about a record. */
export async function checkRecord(inputs: Properties, context: CheckContext<AwsCloud>): Promise<Refusal[]> {
  return [
    ...refuseLeftOut(inputs, ["cidrRoutingPolicy", "geoproximityRoutingPolicy"], "choose another routing policy"),
    ...checkType(inputs),
    ...checkContent(inputs),
    ...checkRouting(inputs),
    ...(await checkPlace(inputs, context)),
    ...(await checkGuard(inputs, context)),
  ];
}

function checkType({ type }: Properties): Refusal[] {
  if (type === undefined || TYPES.includes(String(type))) return [];
  return [{ property: "type", reason: `"${type}" is no record type: one of ${TYPES.join(", ")} (ResourceRecordSet)` }];
}

function checkContent(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (property: string, reason: string) => refusals.push({ property, reason });
  const aliased = list(inputs.aliases).length > 0;
  for (const key of ["ttl", "records"].filter((each) => aliased && inputs[each] !== undefined)) {
    refuse(key, "given beside aliases: an alias has the target's time to live and values (AliasTarget)");
  }
  const ttl = number(inputs.ttl);
  if (ttl !== undefined && (ttl < 0 || ttl > 2_147_483_647)) {
    refuse("ttl", `${ttl} is out of range: 0 to 2147483647 seconds (ResourceRecordSet)`);
  }
  if (inputs.records !== undefined && inputs.ttl === undefined) {
    refuse("ttl", "missing beside records: a record that is no alias has one (ResourceRecordSet)");
  }
  const values = list(inputs.records);
  if (inputs.type === "CNAME" && values.length > 1) {
    refuse("records", `${values.length} values: a CNAME has exactly one (InvalidChangeBatch)`);
  }
  if (values.length > 400) refuse("records", `${values.length} values: 400 at most (Route 53 quotas)`);
  for (const value of new Set(values.filter((each) => !isValueOf(inputs.type, String(each))))) {
    refuse("records", `"${value}" is no value of a ${inputs.type} record (Supported DNS record types)`);
  }
  if (new Set(values).size < values.length) refuse("records", "a value stands twice (InvalidChangeBatch)");
  return refusals;
}

function isValueOf(type: unknown, value: string): boolean {
  if (type === "A") return isIPv4(value);
  if (type === "AAAA") return isIPv6(value);
  if (type === "CNAME") return checkDomainName("records", value, "").length === 0;
  return value.length > 0;
}

function checkRouting(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const given = ROUTING.filter((key) => inputs[key] === true || list(inputs[key]).length > 0);
  const [first, second] = given;
  if (first && second) {
    const reason = `given beside ${second}: a record has one routing policy (ResourceRecordSet)`;
    refusals.push({ property: first, reason });
  }
  const setIdentifier = text(inputs.setIdentifier);
  if (first && setIdentifier === undefined) {
    const reason = `missing beside ${first}: it tells the records of one name apart (ResourceRecordSet)`;
    refusals.push({ property: "setIdentifier", reason });
  }
  if (setIdentifier !== undefined && (setIdentifier.length < 1 || setIdentifier.length > 128)) {
    const reason = `the identifier has ${setIdentifier.length} characters: 1 to 128 (ResourceRecordSet)`;
    refusals.push({ property: "setIdentifier", reason });
  }
  const weight = number(fields(list(inputs.weightedRoutingPolicies)[0]).weight);
  if (weight !== undefined && (!Number.isInteger(weight) || weight < 0 || weight > 255)) {
    const reason = `weight ${weight} is out of range: 0 to 255, whole (ResourceRecordSet)`;
    refusals.push({ property: "weightedRoutingPolicies", reason });
  }
  return refusals;
}

/** That the zone is there, the name belongs to it, and the records of the name bear with this one. */
async function checkPlace(inputs: Properties, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const zoneId = text(inputs.zoneId);
  const name = text(inputs.name);
  if (zoneId === undefined || name === undefined) return [];
  const zoneName = await zoneNameOf(cloud, zoneId);
  if (zoneName === undefined) {
    return [{ property: "zoneId", reason: `there is no hosted zone "${zoneId}" (NoSuchHostedZone)` }];
  }
  const fqdn = expandName(name, zoneName);
  const misnamed = checkDomainName("name", fqdn, "ResourceRecordSet");
  if (misnamed.length > 0) return misnamed;
  if (fqdn !== zoneName && !fqdn.endsWith(`.${zoneName}`)) {
    return [{ property: "name", reason: `"${fqdn}" is not in the zone ${zoneName} (InvalidChangeBatch)` }];
  }
  if (inputs.type === "CNAME" && fqdn === zoneName) {
    const reason = `"${fqdn}" is the zone's own name, where a CNAME may not stand: use an alias (InvalidChangeBatch)`;
    return [{ property: "name", reason }];
  }
  const isFormer = ({ Type, SetIdentifier }: ResourceRecordSet) =>
    former !== undefined &&
    former.zoneId === zoneId &&
    expandName(String(former.name), zoneName) === fqdn &&
    former.type === Type &&
    text(former.setIdentifier) === (SetIdentifier || undefined);
  const others = (await recordsOf(cloud, zoneId, fqdn)).filter((each) => !isFormer(each));
  const reason = others.map((each) => conflict(each, inputs, fqdn)).find((each) => each !== undefined);
  return reason ? [{ property: "name", reason: `${reason} (InvalidChangeBatch)` }] : [];
}

/** That the health check is there. */
async function checkGuard(inputs: Properties, { cloud }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const HealthCheckId = text(inputs.healthCheckId);
  if (HealthCheckId === undefined) return [];
  const found = await unlessMissing(cloud.route53.send(new GetHealthCheckCommand({ HealthCheckId })));
  if (found) return [];
  return [{ property: "healthCheckId", reason: `there is no health check "${HealthCheckId}" (NoSuchHealthCheck)` }];
}

/** Why a record of the same name does not bear with this one. */
function conflict(other: ResourceRecordSet, inputs: Properties, fqdn: string): string | undefined {
  const setIdentifier = text(inputs.setIdentifier);
  const theirs = other.SetIdentifier || undefined;
  if ((other.Type === "CNAME") !== (inputs.type === "CNAME")) {
    return `${fqdn} has a ${other.Type} record: a CNAME stands alone at its name`;
  }
  if (other.Type !== inputs.type) return undefined;
  if ((theirs === undefined) !== (setIdentifier === undefined)) {
    const which = theirs === undefined ? "a simple" : "a routed";
    return `${fqdn} has ${which} ${other.Type} record: simple and routed ones of one name and type exclude each other`;
  }
  if (theirs === setIdentifier && inputs.allowOverwrite !== true) {
    return `${fqdn} has this ${other.Type} record already${theirs ? `, ${theirs}` : ""}`;
  }
  if (theirs !== setIdentifier && routingOf(other) !== undefined && !givenRouting(inputs, String(routingOf(other)))) {
    return `${fqdn} has records with another routing policy: those of one name and type have the same`;
  }
  return undefined;
}

function routingOf({ Weight, Failover, Region, GeoLocation, MultiValueAnswer }: ResourceRecordSet): string | undefined {
  const values = [Weight, Failover, Region, GeoLocation, MultiValueAnswer];
  return ROUTING[values.findIndex((value) => value !== undefined)];
}

/** Whether a record may have that routing policy; what is not known yet may be anything. */
function givenRouting(inputs: Properties, routing: string): boolean {
  return inputs[routing] !== undefined || ROUTING.every((key) => inputs[key] === undefined);
}
