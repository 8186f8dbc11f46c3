import { expect } from "chai";
import {
  accessLogBucketPolicy,
  alarmKeyPolicy,
  alarmTopicPolicy,
  contentBucketPolicy,
  trailBucketPolicy,
} from "../../../components/primary/resource-policies.ts";

interface Statement {
  Sid: string;
  Effect: string;
  Principal: unknown;
  Action: string | string[];
  Resource: string | string[];
  Condition?: unknown;
}

const bucketArn = "arn:aws:s3:::shop-content-1a2b3c4";
const distributionArn = "arn:aws:cloudfront::111122223333:distribution/E1A2B3C4D5E6F7";
const trailArn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/shop-trail-bucket-1a2b3c4";

const topicArn = "arn:aws:sns:eu-west-1:111122223333:shop-alarms-topic-1a2b3c4";
const keyArn = "arn:aws:kms:eu-west-1:111122223333:key/12345678-1111-4222-8333-444455556666";
const targetGroupArn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop/73e2d6bc24d8a067";

const BUCKETS = {
  content: contentBucketPolicy(bucketArn, distributionArn),
  trail: trailBucketPolicy(bucketArn, trailArn),
  accessLog: accessLogBucketPolicy(bucketArn, targetGroupArn),
};

function statementsOf(policy: string): Statement[] {
  const { Version, Statement } = JSON.parse(policy) as { Version: string; Statement: Statement[] };
  expect(Version).to.equal("2012-10-17");
  return Statement;
}

const allowed = (policy: string) => statementsOf(policy).filter(({ Effect }) => Effect === "Allow");

describe("the content bucket's policy", () => {
  it("lets one distribution read objects, and nobody list them", () => {
    expect(allowed(BUCKETS.content)).to.deep.equal([
      {
        Sid: "ReadByTheDistribution",
        Effect: "Allow",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: "s3:GetObject",
        Resource: `${bucketArn}/*`,
        Condition: { StringEquals: { "aws:SourceArn": distributionArn } },
      },
    ]);
  });
});

describe("the trail bucket's policy", () => {
  it("lets CloudTrail look at the bucket and write below the account's prefix, for one trail", () => {
    const Principal = { Service: "cloudtrail.amazonaws.com" };
    expect(allowed(BUCKETS.trail)).to.deep.equal([
      {
        Sid: "TrailChecksTheBucket",
        Effect: "Allow",
        Principal,
        Action: "s3:GetBucketAcl",
        Resource: bucketArn,
        Condition: { StringEquals: { "aws:SourceArn": trailArn } },
      },
      {
        Sid: "TrailWrites",
        Effect: "Allow",
        Principal,
        Action: "s3:PutObject",
        Resource: `${bucketArn}/AWSLogs/111122223333/*`,
        Condition: {
          StringEquals: { "aws:SourceArn": trailArn, "s3:x-amz-acl": "bucket-owner-full-control" },
        },
      },
    ]);
  });
});

describe("the access log bucket's policy", () => {
  it("lets the load balancers of the account and region write below the account's prefix", () => {
    expect(allowed(BUCKETS.accessLog)).to.deep.equal([
      {
        Sid: "LoadBalancersWrite",
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `${bucketArn}/AWSLogs/111122223333/*`,
        Condition: {
          ArnLike: { "aws:SourceArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/*" },
        },
      },
    ]);
  });
});

describe("every bucket's policy", () => {
  it("denies everything to everybody who does not come over TLS, for the bucket and all in it", () => {
    for (const policy of Object.values(BUCKETS)) {
      expect(statementsOf(policy)[0]).to.deep.equal({
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
    }
  });

  it("allows nothing by wildcard, to the whole world, or to a service in whosever name", () => {
    for (const { Action, Principal, Condition } of Object.values(BUCKETS).flatMap(allowed)) {
      expect(Action).to.not.include("*");
      expect(Principal).to.not.equal("*");
      expect(JSON.stringify(Condition)).to.include('"aws:SourceArn"');
    }
  });
});

describe("the alarm topic's policy", () => {
  it("lets the account's alarms publish, and nobody at all without TLS", () => {
    expect(statementsOf(alarmTopicPolicy(topicArn))).to.deep.equal([
      {
        Sid: "AlarmsOfTheAccount",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });
});

describe("the alarm key's policy", () => {
  it("leaves the key to the account, and lets alarms encrypt for this topic only", () => {
    expect(statementsOf(alarmKeyPolicy(keyArn, topicArn))).to.deep.equal([
      {
        Sid: "TheAccountDecides",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
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
  });
});
