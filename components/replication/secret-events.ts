import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { queueFromRulePolicy } from "./policies.ts";

/**
 * What may change a secret, a tag of it or whether it lives.
 *
 * Of values Secrets Manager tells by itself ("Secret Label Updated"). Of all else it tells CloudTrail, and EventBridge
 * hears of that where the account has a trail of management events; where it has none, a comparison finds it.
 */
export const SECRET_CHANGES = {
  source: ["aws.secretsmanager"],
  $or: [
    { "detail-type": ["Secret Label Updated"], detail: { labelUpdated: ["AWSCURRENT"] } },
    {
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: {
        eventName: [
          ...["CreateSecret", "PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage", "TagResource"],
          ...["UntagResource", "DeleteSecret", "RestoreSecret"],
        ],
      },
    },
    {
      "detail-type": ["AWS Service Event via CloudTrail"],
      detail: { eventName: ["RotationSucceeded"] },
    },
  ],
};

/** Has the changes of secrets sent to a queue. */
export function secretEvents(
  name: string,
  { queue, after, tags }: { queue: aws.sqs.Queue; after: pulumi.Resource[]; tags: Tags },
  parent: pulumi.Resource,
): void {
  const rule = new aws.cloudwatch.EventRule(
    `${name}-changes`,
    { description: "Changes of secrets.", eventPattern: JSON.stringify(SECRET_CHANGES), tags },
    { parent },
  );
  const policy = new aws.sqs.QueuePolicy(
    `${name}-queue-policy`,
    { queueUrl: queue.url, policy: pulumi.all([queue.arn, rule.arn]).apply(([q, r]) => queueFromRulePolicy(q, r)) },
    { parent },
  );
  // Last: from here on events flow.
  new aws.cloudwatch.EventTarget(
    `${name}-changes-target`,
    { rule: rule.name, arn: queue.arn },
    { parent, dependsOn: [policy, ...after] },
  );
}
