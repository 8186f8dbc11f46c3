import { AddTagsCommand, DescribeTagsCommand, RemoveTagsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Refusal } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { text, unlessMissing } from "./common.ts";
import { fromTagList, removedTags, toTagList } from "./tags.ts";

/** Names of load balancers and target groups (CreateLoadBalancer, CreateTargetGroup). */
export function checkLbName(value: unknown): Refusal[] {
  const name = text(value);
  if (name === undefined) return [];
  const valid = /^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(name) && !name.startsWith("internal-");
  if (valid) return [];
  const reason =
    `"${name}" is no name: at most 32 of a-z, A-Z, 0-9 and '-', no '-' at the ends, not beginning with "internal-" ` +
    "(CreateLoadBalancer); the provider's own names add 8 characters";
  return [{ property: "name", reason }];
}

/** What comes after the kind in an ARN, as CloudWatch's dimensions have it. */
export function arnSuffix(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1).replace(/^loadbalancer\//, "");
}

/** The tags of a new resource; the API refuses an empty list. */
export function lbTags(value: unknown) {
  const Tags = toTagList(value);
  return Tags.length > 0 ? Tags : undefined;
}

export async function readLbTags(cloud: AwsCloud, arn: string): Promise<Record<string, string>> {
  const found = await unlessMissing(cloud.elbv2.send(new DescribeTagsCommand({ ResourceArns: [arn] })));
  return fromTagList(found?.TagDescriptions?.[0]?.Tags);
}

export async function retagLb(cloud: AwsCloud, arn: string, former: unknown, next: unknown): Promise<void> {
  const TagKeys = removedTags(former, next);
  const Tags = lbTags(next);
  const ResourceArns = [arn];
  if (TagKeys.length > 0) await cloud.elbv2.send(new RemoveTagsCommand({ ResourceArns, TagKeys }));
  if (Tags) await cloud.elbv2.send(new AddTagsCommand({ ResourceArns, Tags }));
}
