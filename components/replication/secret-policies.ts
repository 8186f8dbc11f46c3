import { REPLICATE_TAG } from "../../lambdas/secrets/secret-state.ts";
import { accountOf, policyDocument, writeLog } from "../policy-document.ts";
import { SAY_WHO_I_AM, setAside, workOnQueue } from "./policies.ts";

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
    workOnQueue(args.queueArn),
    setAside(args.deadLetterQueueArn),
    writeLog(args.logGroupArn),
    SAY_WHO_I_AM,
  ]);
}
