import { GetQueueAttributesCommand, GetQueueUrlCommand, type QueueAttributeName } from "@aws-sdk/client-sqs";
import type { AwsCloud } from "../cloud.ts";
import { unlessMissing } from "./common.ts";

/** All attributes of a queue by SQS's own names; undefined when there is no such queue. */
export async function queueAttributes(
  cloud: AwsCloud,
  QueueUrl: string,
): Promise<Partial<Record<QueueAttributeName, string>> | undefined> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
  return (await unlessMissing(cloud.sqs.send(command)))?.Attributes;
}

/** URL of the queue that an ARN names; undefined when it is no queue's ARN or there is no such queue. */
export async function queueUrlOf(cloud: AwsCloud, arn: string): Promise<string | undefined> {
  const [, region, account, name] = /^arn:aws:sqs:([\w-]+):(\d{12}):([\w.-]+)$/.exec(arn) ?? [];
  if (region !== cloud.region || account !== cloud.accountId) return undefined;
  return (await unlessMissing(cloud.sqs.send(new GetQueueUrlCommand({ QueueName: name }))))?.QueueUrl;
}
