import { GetHealthCheckCommand, HealthCheckType } from "@aws-sdk/client-route-53";
import type { CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { list, number, refuseLeftOut, text, unlessMissing } from "./common.ts";

/** What the local Route 53 does not look at. */
const LEFT_OUT = [
  ...["cloudwatchAlarmName", "cloudwatchAlarmRegion", "insufficientDataHealthStatus", "routingControlArn"],
  ...["regions", "triggers"],
];

/** Inputs of a check of an endpoint, and of one that counts others: neither has any of the other's. */
const OF_ENDPOINTS = ["ipAddress", "fqdn", "port", "resourcePath", "searchString", "enableSni"];
const OF_CALCULATED = ["childHealthchecks", "childHealthThreshold"];

/** From what to what a number goes, and where that is written. */
const RANGES: Record<string, [least: number, most: number, source: string]> = {
  port: [1, 65_535, "HealthCheckConfig, Port"],
  failureThreshold: [1, 10, "HealthCheckConfig, FailureThreshold"],
  childHealthThreshold: [0, 256, "HealthCheckConfig, HealthThreshold"],
};

/** How long a text may be (HealthCheckConfig). */
const LONGEST = 255;

/** Everything that Route 53 would refuse about a health check. */
export async function checkHealthCheck(
  inputs: Properties,
  { cloud, unknown }: CheckContext<AwsCloud>,
): Promise<Refusal[]> {
  return [
    ...refuseLeftOut(inputs, LEFT_OUT, "leave it out"),
    ...checkKind(inputs, unknown),
    ...checkNumbers(inputs),
    ...checkTexts(inputs),
    ...(await checkChildren(inputs, cloud)),
  ];
}

function checkKind(inputs: Properties, unknown: ReadonlySet<string>): Refusal[] {
  const { type } = inputs;
  if (type === undefined) return [];
  const carried = Object.values(HealthCheckType).filter((each) => !/CLOUDWATCH|RECOVERY/.test(each));
  if (!carried.includes(type as never)) {
    const reason = `"${type}" is no type that is carried out here: one of ${carried.join(", ")} (HealthCheckConfig, Type)`;
    return [{ property: "type", reason }];
  }
  const calculated = type === "CALCULATED";
  const refusals: Refusal[] = (calculated ? OF_ENDPOINTS : OF_CALCULATED)
    .filter((key) => inputs[key] !== undefined)
    .map((property) => ({ property, reason: `given for a check of type ${type} (HealthCheckConfig)` }));
  const isGiven = (key: string) => inputs[key] !== undefined || unknown.has(key);
  if (!calculated && !isGiven("fqdn") && !isGiven("ipAddress")) {
    refusals.push({ property: "fqdn", reason: "missing, and so is ipAddress: nothing to look at (HealthCheckConfig)" });
  }
  const matches = String(type).endsWith("_STR_MATCH");
  if (matches !== isGiven("searchString")) {
    const reason = `${matches ? "missing" : "given"} for a check of type ${type} (HealthCheckConfig, SearchString)`;
    refusals.push({ property: "searchString", reason });
  }
  return refusals;
}

function checkNumbers(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  for (const [property, [least, most, source]] of Object.entries(RANGES)) {
    const value = number(inputs[property]);
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) continue;
    refusals.push({ property, reason: `${value} is out of range: ${least} to ${most}, whole (${source})` });
  }
  const interval = number(inputs.requestInterval);
  if (interval !== undefined && interval !== 10 && interval !== 30) {
    const reason = `${interval} is no interval: 10 or 30 seconds (How Route 53 determines whether a health check is healthy)`;
    refusals.push({ property: "requestInterval", reason });
  }
  return refusals;
}

function checkTexts(inputs: Properties): Refusal[] {
  return ["fqdn", "resourcePath", "searchString"]
    .filter((key) => (text(inputs[key])?.length ?? 0) > LONGEST)
    .map((property) => ({ property, reason: `longer than ${LONGEST} characters (HealthCheckConfig)` }));
}

async function checkChildren({ childHealthchecks }: Properties, cloud: AwsCloud): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  const refuse = (reason: string) => refusals.push({ property: "childHealthchecks", reason });
  const children = list(childHealthchecks).map(String);
  if (children.length > 255) refuse(`${children.length} children: 255 at most (Route 53 quotas)`);
  for (const HealthCheckId of children) {
    const found = await unlessMissing(cloud.route53.send(new GetHealthCheckCommand({ HealthCheckId })));
    if (!found) refuse(`there is no health check "${HealthCheckId}" (InvalidInput)`);
    else if (found.HealthCheck?.HealthCheckConfig?.Type === "CALCULATED") {
      refuse(
        `"${HealthCheckId}" is calculated: a calculated check counts no other calculated one (Values that you specify when you create or update health checks)`,
      );
    }
  }
  return refusals;
}
