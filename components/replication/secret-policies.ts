import { REPLICATE_TAG } from "../../lambdas/secrets/secret-state.ts";
import { TOKEN_EXCHANGE_AUDIENCE } from "../../lambdas/shared/audience.ts";
import { accountOf, policyDocument, writeLog } from "../policy-document.ts";

/** Lets EventBridge put messages into the queue, for this one rule and no other. */
export function queueFromRulePolicy(queueArn: string, ruleArn: string): string {
  return policyDocument([
    {
      Sid: "EventsOfTheRule",
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queueArn,
      Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
    },
  ]);
}

/** What the replicator of secrets works with, by ARN. */
export interface SecretReplicatorResources {
  queueArn: string;
  deadLetterQueueArn: string;
  logGroupArn: string;
}

/**
 * All that the replicator of secrets may do on AWS: read the secrets that are tagged for the workload, and of all others
 * only that they are there; take from its queue and put off what it cannot do now; write its log, say who it is.
 */
export function secretReplicatorPolicy(workload: string, args: SecretReplicatorResources): string {
  const [, partition, , region] = args.logGroupArn.split(":");
  const secrets = `arn:${partition}:secretsmanager:${region}:${accountOf(args.logGroupArn)}:secret:*`;
  return policyDocument([
    {
      Sid: "ReadSecretsThatMayCross",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: secrets,
      Condition: { StringEquals: { [`aws:ResourceTag/${REPLICATE_TAG}`]: workload } },
    },
    // Whether a secret has the tag is to be seen also of those that have it no more.
    { Sid: "DescribeSecrets", Effect: "Allow", Action: "secretsmanager:DescribeSecret", Resource: secrets },
    { Sid: "ListSecrets", Effect: "Allow", Action: "secretsmanager:ListSecrets", Resource: "*" },
    {
      Sid: "WorkOnQueue",
      Effect: "Allow",
      Action: [
        ...["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        ...["sqs:ChangeMessageVisibility", "sqs:SendMessage"],
      ],
      Resource: args.queueArn,
    },
    { Sid: "SetAside", Effect: "Allow", Action: "sqs:SendMessage", Resource: args.deadLetterQueueArn },
    writeLog(args.logGroupArn),
    {
      Sid: "SayWhoIAm",
      Effect: "Allow",
      Action: "sts:GetWebIdentityToken",
      // "*" because the action knows no resource; the audience is what bounds it.
      Resource: "*",
      Condition: { "ForAllValues:StringEquals": { "sts:IdentityTokenAudience": TOKEN_EXCHANGE_AUDIENCE } },
    },
  ]);
}
