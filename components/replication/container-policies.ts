import { accountOf, policyDocument, writeLog } from "../policy-document.ts";
import { SAY_WHO_I_AM, setAside, workOnQueue } from "./policies.ts";

/** What the replicator of images works with. */
export interface ContainerReplicatorResources {
  /** Names of the repositories that it reads. */
  repositories: readonly string[];
  queueArn: string;
  deadLetterQueueArn: string;
  logGroupArn: string;
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
    workOnQueue(args.queueArn),
    setAside(args.deadLetterQueueArn),
    writeLog(args.logGroupArn),
    SAY_WHO_I_AM,
  ]);
}

/** A repository in the account and region of the queue. */
function repositoryArn(queueArn: string, name: string): string {
  const [, partition, , region] = queueArn.split(":");
  return `arn:${partition}:ecr:${region}:${accountOf(queueArn)}:repository/${name}`;
}
