import {
  AddTagsToResourceCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  ListTagsForResourceCommand,
  RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-rds";
import type { AwsCloud } from "../cloud.ts";
import { fromTagList, removedTags, toTagList } from "./tags.ts";

/** Identifiers of the instances that answer to a description. */
export async function instancesWith(cloud: AwsCloud, is: (instance: DBInstance) => boolean): Promise<string[]> {
  const { DBInstances = [] } = await cloud.rds.send(new DescribeDBInstancesCommand({}));
  return DBInstances.filter(is).map(({ DBInstanceIdentifier = "" }) => DBInstanceIdentifier);
}

export async function rdsTags(cloud: AwsCloud, ResourceName: string): Promise<Record<string, string>> {
  return fromTagList((await cloud.rds.send(new ListTagsForResourceCommand({ ResourceName }))).TagList);
}

export async function retagRds(cloud: AwsCloud, ResourceName: string, former: unknown, next: unknown): Promise<void> {
  const TagKeys = removedTags(former, next);
  if (TagKeys.length > 0) await cloud.rds.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys }));
  const Tags = toTagList(next);
  if (Tags.length > 0) await cloud.rds.send(new AddTagsToResourceCommand({ ResourceName, Tags }));
}
