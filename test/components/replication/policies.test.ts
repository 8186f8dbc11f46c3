import { expect } from "chai";
import { objectReplicatorPolicy, queueFromBucketPolicy } from "../../../components/replication/policies.ts";

interface Statement {
  Sid: string;
  Effect: string;
  Principal?: unknown;
  Action: string | string[];
  Resource: string;
  Condition?: unknown;
}

const bucketArn = "arn:aws:s3:::shop-content-1a2b3c4";
const queueArn = "arn:aws:sqs:eu-west-1:111122223333:shop-objects-queue";
const logGroupArn = "arn:aws:logs:eu-west-1:111122223333:log-group:shop-objects-logs";

function statementsOf(policy: string): Statement[] {
  const { Version, Statement } = JSON.parse(policy) as { Version: string; Statement: Statement[] };
  expect(Version).to.equal("2012-10-17");
  return Statement;
}

describe("the queue's policy", () => {
  it("lets S3 send to this queue for this bucket, and nobody do anything else", () => {
    expect(statementsOf(queueFromBucketPolicy(queueArn, bucketArn))).to.deep.equal([
      {
        Sid: "EventsOfTheBucket",
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: {
          ArnEquals: { "aws:SourceArn": bucketArn },
          StringEquals: { "aws:SourceAccount": "111122223333" },
        },
      },
    ]);
  });
});

describe("the object replicator's policy", () => {
  const statements = statementsOf(objectReplicatorPolicy({ bucketArn, queueArn, logGroupArn }));
  const actionsOn = (resource: string) =>
    statements.filter(({ Resource }) => Resource === resource).flatMap(({ Action }) => Action);

  it("reads the bucket's objects and can tell gone from denied", () => {
    expect(actionsOn(`${bucketArn}/*`)).to.deep.equal(["s3:GetObject", "s3:GetObjectVersion"]);
    expect(actionsOn(bucketArn)).to.deep.equal(["s3:ListBucket"]);
  });

  it("takes from its queue, with what Lambda's event source needs", () => {
    expect(actionsOn(queueArn)).to.deep.equal(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]);
  });

  it("writes to its own log group", () => {
    expect(actionsOn(`${logGroupArn}:*`)).to.deep.equal(["logs:CreateLogStream", "logs:PutLogEvents"]);
  });

  it("says who it is to Entra's token exchange only", () => {
    expect(actionsOn("*")).to.deep.equal(["sts:GetWebIdentityToken"]);
    expect(statements.find(({ Resource }) => Resource === "*")?.Condition).to.deep.equal({
      "ForAllValues:StringEquals": { "sts:IdentityTokenAudience": "api://AzureADTokenExchange" },
    });
  });

  it("only allows, never by wildcard, and changes nothing of the source", () => {
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.includes("*"))).to.be.empty;
    expect(actions.filter((action) => /^s3:(Put|Delete|Restore|Create|Abort)/.test(action))).to.be.empty;
    expect(new Set(statements.map(({ Effect }) => Effect))).to.deep.equal(new Set(["Allow"]));
    expect(new Set(statements.map(({ Sid }) => Sid)).size).to.equal(statements.length);
  });
});
