import type { CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, list, number, refuseLeftOut } from "./common.ts";
import { findSubnet } from "./subnet.ts";

const LEFT_OUT = ["initialLifecycleHooks", "launchConfiguration", "loadBalancers", "mixedInstancesPolicy", "warmPool"];

/** Everything that Auto Scaling would refuse about a group. */
export async function checkGroup(inputs: Properties, context: CheckContext<AwsCloud>): Promise<Refusal[]> {
  return [
    ...refuseLeftOut(inputs, LEFT_OUT, "give the group one launch template, and target groups"),
    ...checkSizes(inputs),
    ...checkTemplate(inputs, context.unknown),
    ...(await checkSubnets(inputs, context)),
  ];
}

function checkSizes(inputs: Properties): Refusal[] {
  const { minSize, maxSize, desiredCapacity } = inputs;
  const [min, max, desired] = [number(minSize), number(maxSize), number(desiredCapacity)];
  const refuse = (property: string, reason: string) => [{ property, reason: `${reason} (CreateAutoScalingGroup)` }];
  if (min !== undefined && max !== undefined && min > max) {
    return refuse("minSize", `a least size of ${min} is above the most, ${max}`);
  }
  if (desired === undefined || (desired >= (min ?? 0) && desired <= (max ?? desired))) return [];
  return refuse("desiredCapacity", `a capacity of ${desired} is not between ${min} and ${max}`);
}

function checkTemplate(inputs: Properties, unknown: ReadonlySet<string>): Refusal[] {
  if (unknown.has("launchTemplate")) return [];
  if (fields(inputs.launchTemplate).id !== undefined) return [];
  return [{ property: "launchTemplate", reason: "the id of a launch template is expected (CreateAutoScalingGroup)" }];
}

async function checkSubnets(inputs: Properties, { cloud, unknown }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const property = "vpcZoneIdentifiers";
  if (unknown.has(property)) return [];
  const ids = list(inputs[property]).map(String);
  if (ids.length === 0) return [{ property, reason: "one subnet at least is expected (CreateAutoScalingGroup)" }];
  for (const id of ids) {
    if (await findSubnet(cloud, id)) continue;
    return [{ property, reason: `there is no subnet "${id}" in ${cloud.region} (InvalidSubnetID.NotFound)` }];
  }
  return [];
}
