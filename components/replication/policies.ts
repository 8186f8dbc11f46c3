import { TOKEN_EXCHANGE_AUDIENCE } from "../../lambdas/shared/audience.ts";

/**
 * Lets S3 put messages into the queue, for this one bucket and no other. A bucket's ARN names no account, so the
 * account, which is the queue's own, is asked for too: a bucket that is gone may be somebody else's tomorrow.
 */
export function queueFromBucketPolicy(queueArn: string, bucketArn: string): string {
  return render([
    {
      Sid: "EventsOfTheBucket",
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: queueArn,
      Condition: {
        ArnEquals: { "aws:SourceArn": bucketArn },
        StringEquals: { "aws:SourceAccount": queueArn.split(":")[4] },
      },
    },
  ]);
}

/** All that the object replicator may do on AWS: read the bucket, take from its queue, write its log, say who it is. */
export function objectReplicatorPolicy(args: { bucketArn: string; queueArn: string; logGroupArn: string }): string {
  return render([
    {
      Sid: "ReadObjects",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: `${args.bucketArn}/*`,
    },
    // Without the right to list, S3 answers 403 instead of 404 for a key that is gone.
    { Sid: "TellGoneFromDenied", Effect: "Allow", Action: "s3:ListBucket", Resource: args.bucketArn },
    {
      Sid: "TakeFromQueue",
      Effect: "Allow",
      Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      Resource: args.queueArn,
    },
    {
      Sid: "WriteLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${args.logGroupArn}:*`,
    },
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

function render(statements: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
