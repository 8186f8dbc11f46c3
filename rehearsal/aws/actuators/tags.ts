import { CreateTagsCommand, DeleteTagsCommand, type ResourceType, type TagSpecification } from "@aws-sdk/client-ec2";
import type { AwsCloud } from "../cloud.ts";

/** A tag as most of AWS's APIs write it; EC2 leaves both open. */
interface Tag {
  Key?: string;
  Value?: string;
}

/** The tags of a Pulumi input, an object; none when it was not given. */
export function tagsOf(value: unknown): Record<string, string> {
  return (value ?? {}) as Record<string, string>;
}

export function toTagList(value: unknown): { Key: string; Value: string }[] {
  return Object.entries(tagsOf(value)).map(([Key, Value]) => ({ Key, Value }));
}

export function fromTagList(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Keys that the next tags no longer have. */
export function removedTags(former: unknown, next: unknown): string[] {
  return Object.keys(tagsOf(former)).filter((key) => !(key in tagsOf(next)));
}

/** The tags of a new EC2 resource; EC2 refuses an empty list. */
export function ec2Tags(type: ResourceType, value: unknown): TagSpecification[] | undefined {
  const tags = toTagList(value);
  return tags.length > 0 ? [{ ResourceType: type, Tags: tags }] : undefined;
}

export async function retagEc2(cloud: AwsCloud, id: string, former: unknown, next: unknown): Promise<void> {
  const removed = removedTags(former, next);
  if (removed.length > 0) {
    await cloud.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: removed.map((Key) => ({ Key })) }));
  }
  const tags = toTagList(next);
  if (tags.length > 0) await cloud.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: tags }));
}
