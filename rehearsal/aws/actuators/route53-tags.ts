import { ChangeTagsForResourceCommand, type TagResourceType } from "@aws-sdk/client-route-53";
import type { AwsCloud } from "../cloud.ts";
import { removedTags, toTagList } from "./tags.ts";

/** Brings the tags of a health check or a hosted zone to what the program says. */
export async function retag(
  cloud: AwsCloud,
  ResourceType: TagResourceType,
  ResourceId: string,
  former: unknown,
  next: unknown,
): Promise<void> {
  const AddTags = toTagList(next);
  const RemoveTagKeys = removedTags(former, next);
  if (AddTags.length === 0 && RemoveTagKeys.length === 0) return;
  await cloud.route53.send(
    new ChangeTagsForResourceCommand({
      ResourceType,
      ResourceId,
      AddTags: AddTags.length > 0 ? AddTags : undefined,
      RemoveTagKeys: RemoveTagKeys.length > 0 ? RemoveTagKeys : undefined,
    }),
  );
}
