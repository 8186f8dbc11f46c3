import { TOKEN_EXCHANGE_AUDIENCE } from "../../lambdas/shared/audience.ts";
import { accountOf, policyDocument, writeLog } from "../policy-document.ts";

/** What the replicator of images works with. */
export interface ContainerReplicatorResources {
  /** Names of the repositories that it reads. */
  repositories: readonly string[];
  queueArn: string;
  deadLetterQueueArn: string;
  logGroupArn: string;
}

/** Lets EventBridge put messages into the queue, for this one rule. */
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

/**
 * All that the replicator of images may do on AWS: read the repositories, take from its queue and put off what it
 * cannot do now, set aside, write its log, say who it is.
 */
export function containerReplicatorPolicy(args: ContainerReplicatorResources): string {
  return policyDocument([
    {
      Sid: "EnterRegistry",
      Effect: "Allow",
      Action: "ecr:GetAuthorizationToken",
      // "*" because the action knows no resource; what the token opens, the other statements say.
      Resource: "*",
    },
    {
      Sid: "ReadImages",
      Effect: "Allow",
      // Layers, manifests with what refers to them, and tags ("Actions defined by Amazon ECR").
      Action: [
        ...["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer"],
        ...["ecr:BatchGetImage", "ecr:ListImageReferrers", "ecr:ListImages"],
      ],
      Resource: args.repositories.map((name) => repositoryArn(args.queueArn, name)),
    },
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

/** A repository in the account and region of the queue. */
function repositoryArn(queueArn: string, name: string): string {
  const [, partition, , region] = queueArn.split(":");
  return `arn:${partition}:ecr:${region}:${accountOf(queueArn)}:repository/${name}`;
}
