import { TOKEN_EXCHANGE_AUDIENCE } from "../../lambdas/shared/audience.ts";
import { accountOf, policyDocument, writeLog } from "../policy-document.ts";

/**
 * Lets S3 put messages into the queue, for this one bucket and no other. A bucket's ARN names no account, so the
 * account, which is the queue's own, is asked for too: a bucket that is gone may be somebody else's tomorrow.
 */
export function queueFromBucketPolicy(queueArn: string, bucketArn: string): string {
  return policyDocument([
    {
      Sid: "EventsOfTheBucket",
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queueArn,
      Condition: {
        ArnEquals: { "aws:SourceArn": bucketArn },
        StringEquals: { "aws:SourceAccount": accountOf(queueArn) },
      },
    },
  ]);
}

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

/** Lets a replicator take from its queue, put off what it cannot do now, and go on by a message of its own. */
export function workOnQueue(queueArn: string): object {
  return {
    Sid: "WorkOnQueue",
    Effect: "Allow",
    Action: [
      ...["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      ...["sqs:ChangeMessageVisibility", "sqs:SendMessage"],
    ],
    Resource: queueArn,
  };
}

/** Lets a replicator set aside what it cannot do at all. */
export function setAside(deadLetterQueueArn: string): object {
  return { Sid: "SetAside", Effect: "Allow", Action: "sqs:SendMessage", Resource: deadLetterQueueArn };
}

/** Lets a function sign in at Azure as itself. */
export const SAY_WHO_I_AM = {
  Sid: "SayWhoIAm",
  Effect: "Allow",
  Action: "sts:GetWebIdentityToken",
  // "*" because the action knows no resource; the audience is what bounds it.
  Resource: "*",
  Condition: { "ForAllValues:StringEquals": { "sts:IdentityTokenAudience": TOKEN_EXCHANGE_AUDIENCE } },
};

/** What the object replicator works with, by ARN. */
export interface ReplicatorResources {
  bucketArn: string;
  queueArn: string;
  parkedQueueArn: string;
  deadLetterQueueArn: string;
  logGroupArn: string;
}

/**
 * All that the object replicator may do on AWS: read the bucket, take from its queue and put off what it cannot
 * do now, park and set aside, write its log, say who it is.
 */
export function objectReplicatorPolicy(args: ReplicatorResources): string {
  return policyDocument([
    {
      Sid: "ReadObjects",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging", "s3:GetObjectVersionTagging"],
      Resource: `${args.bucketArn}/*`,
    },
    // Without the right to list, S3 answers 403 instead of 404 for a key that is gone.
    { Sid: "TellGoneFromDenied", Effect: "Allow", Action: "s3:ListBucket", Resource: args.bucketArn },
    workOnQueue(args.queueArn),
    {
      Sid: "ParkAndResume",
      Effect: "Allow",
      Action: ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      Resource: args.parkedQueueArn,
    },
    setAside(args.deadLetterQueueArn),
    writeLog(args.logGroupArn),
    SAY_WHO_I_AM,
  ]);
}

/**
 * Lets a service of AWS take on a role that starts something, when it works for that thing's own account: without
 * the condition, others could have the service act for them ("The confused deputy problem").
 *
 * @param startedArn ARN of the function or state machine that is started, or of anything else in its account
 */
export function invokerTrustPolicy(service: string, startedArn: string): string {
  return policyDocument([
    {
      Sid: "ActForThisAccount",
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": accountOf(startedArn) } },
    },
  ]);
}

/** All that a schedule may do: invoke the one function. */
export function invokerPolicy(functionArn: string): string {
  return policyDocument([invocation(functionArn)]);
}

/**
 * All that a reconciliation may do: list the bucket, invoke the replicator, and what a Distributed Map asks for,
 * to run batches as executions of the same state machine ("IAM policies for using Distributed Map states").
 *
 * It has no right to read an inventory: whose bucket that is in lets it, by the bucket's policy.
 */
export function reconciliationPolicy(args: {
  bucketArn: string;
  functionArn: string;
  stateMachineArn: string;
}): string {
  const executions = args.stateMachineArn.replace(":stateMachine:", ":execution:");
  return policyDocument([
    { Sid: "ListObjects", Effect: "Allow", Action: "s3:ListBucket", Resource: args.bucketArn },
    invocation(args.functionArn),
    { Sid: "StartBatches", Effect: "Allow", Action: "states:StartExecution", Resource: args.stateMachineArn },
    {
      Sid: "FollowBatches",
      Effect: "Allow",
      Action: ["states:DescribeExecution", "states:StopExecution"],
      // An execution of a batch is named after the map within the machine.
      Resource: [`${executions}:*`, `${executions}/*`],
    },
  ]);
}

function invocation(functionArn: string): object {
  return { Sid: "InvokeReplicator", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: functionArn };
}
