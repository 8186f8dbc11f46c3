import { accountOf, policyDocument, withoutTls } from "../policy-document.ts";

/** The content is read by one distribution and nobody else of the public, and nothing goes in or out without TLS. */
export function contentBucketPolicy(bucketArn: string, distributionArn: string): string {
  return policyDocument([
    withoutTls("s3:*", [bucketArn, `${bucketArn}/*`]),
    {
      // No right to list: with it, the delivery of "/" would be the list of all that there is.
      Sid: "ReadByTheDistribution",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: `${bucketArn}/*`,
      Condition: { StringEquals: { "aws:SourceArn": distributionArn } },
    },
  ]);
}

/** CloudTrail writes into the bucket, for one trail ("Amazon S3 bucket policy for CloudTrail"), and only over TLS. */
export function trailBucketPolicy(bucketArn: string, trailArn: string): string {
  const cloudTrail = { Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" } };
  const ofTheTrail = { "aws:SourceArn": trailArn };
  return policyDocument([
    withoutTls("s3:*", [bucketArn, `${bucketArn}/*`]),
    {
      Sid: "TrailChecksTheBucket",
      ...cloudTrail,
      Action: "s3:GetBucketAcl",
      Resource: bucketArn,
      Condition: { StringEquals: ofTheTrail },
    },
    {
      Sid: "TrailWrites",
      ...cloudTrail,
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/${accountOf(trailArn)}/*`,
      Condition: { StringEquals: { ...ofTheTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
  ]);
}

/**
 * The load balancers of one account and region write into the bucket, and only over TLS ("Enable access logs for your
 * Application Load Balancer").
 *
 * @param targetGroupArn ARN of anything that Elastic Load Balancing has there: it names region and account. The load
 * balancer's own does not exist yet, because AWS tries the bucket before it takes it.
 */
export function accessLogBucketPolicy(bucketArn: string, targetGroupArn: string): string {
  const [, partition, , region, account] = targetGroupArn.split(":");
  const loadBalancers = `arn:${partition}:elasticloadbalancing:${region}:${account}:loadbalancer/*`;
  return policyDocument([
    withoutTls("s3:*", [bucketArn, `${bucketArn}/*`]),
    {
      Sid: "LoadBalancersWrite",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/${account}/*`,
      Condition: { ArnLike: { "aws:SourceArn": loadBalancers } },
    },
  ]);
}

/** Lets the account's alarms, and nobody else, publish to the topic, over TLS. */
export function alarmTopicPolicy(topicArn: string): string {
  return policyDocument([
    {
      Sid: "AlarmsOfTheAccount",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: { StringEquals: { "aws:SourceAccount": accountOf(topicArn) } },
    },
    withoutTls("sns:Publish", topicArn),
  ]);
}

/**
 * Lets alarms encrypt with the key what they publish to the topic, and nothing else ("How do I use an encrypted SNS
 * topic with my CloudWatch alarm"; SNS names the topic in the encryption context). In a key's policy the resource
 * "*" is that key alone.
 */
export function alarmKeyPolicy(keyArn: string, topicArn: string): string {
  const [, partition] = keyArn.split(":");
  return policyDocument([
    {
      // "kms:*" because without it the account's own policies could say nothing of the key, and nobody could mend it.
      Sid: "TheAccountDecides",
      Effect: "Allow",
      Principal: { AWS: `arn:${partition}:iam::${accountOf(keyArn)}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "AlarmsToTheTopic",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { StringEquals: { "kms:EncryptionContext:aws:sns:topicArn": topicArn } },
    },
  ]);
}
