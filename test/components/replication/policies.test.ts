import { expect } from "chai";
import {
  invokerPolicy,
  invokerTrustPolicy,
  objectReplicatorPolicy,
  queueFromBucketPolicy,
  reconciliationPolicy,
} from "../../../components/replication/policies.ts";

interface Statement {
  Sid: string;
  Effect: string;
  Principal?: unknown;
  Action: string | string[];
  Resource: string | string[];
  Condition?: unknown;
}

const bucketArn = "arn:aws:s3:::shop-content-1a2b3c4";
const queueArn = "arn:aws:sqs:eu-west-1:111122223333:shop-objects-queue";
const parkedQueueArn = "arn:aws:sqs:eu-west-1:111122223333:shop-objects-parked";
const deadLetterQueueArn = "arn:aws:sqs:eu-west-1:111122223333:shop-objects-dead-letters";
const functionArn = "arn:aws:lambda:eu-west-1:111122223333:function:shop-objects-replicator";
const stateMachineArn = "arn:aws:states:eu-west-1:111122223333:stateMachine:shop-reconciliation-machine";
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
  const statements = statementsOf(
    objectReplicatorPolicy({ bucketArn, queueArn, parkedQueueArn, deadLetterQueueArn, logGroupArn }),
  );
  const actionsOn = (resource: string) =>
    statements.filter(({ Resource }) => Resource === resource).flatMap(({ Action }) => Action);

  it("reads the bucket's objects with their tags, and can tell gone from denied", () => {
    expect(actionsOn(`${bucketArn}/*`)).to.deep.equal([
      ...["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTagging", "s3:GetObjectVersionTagging"],
    ]);
    expect(actionsOn(bucketArn)).to.deep.equal(["s3:ListBucket"]);
  });

  it("takes from its queue, with what Lambda's event source needs, puts off a message, and continues one", () => {
    expect(actionsOn(queueArn)).to.deep.equal([
      ...["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      ...["sqs:ChangeMessageVisibility", "sqs:SendMessage"],
    ]);
  });

  it("parks and resumes", () => {
    expect(actionsOn(parkedQueueArn)).to.have.members([
      ...["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    ]);
  });

  it("sets aside, and takes nothing back: that is for people", () => {
    expect(actionsOn(deadLetterQueueArn)).to.deep.equal(["sqs:SendMessage"]);
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

describe("what a service may do that invokes the replicator", () => {
  it("is taken on by that service, for the function's own account only", () => {
    expect(statementsOf(invokerTrustPolicy("scheduler.amazonaws.com", functionArn))).to.deep.equal([
      {
        Sid: "ActForThisAccount",
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
      },
    ]);
  });

  it("is to invoke exactly this function", () => {
    expect(statementsOf(invokerPolicy(functionArn))).to.deep.equal([
      { Sid: "InvokeReplicator", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: functionArn },
    ]);
  });
});

describe("the reconciliation's policy", () => {
  const statements = statementsOf(reconciliationPolicy({ bucketArn, functionArn, stateMachineArn }));
  const resourcesOf = (action: string) =>
    statements.filter(({ Action }) => [Action].flat().includes(action)).flatMap(({ Resource }) => Resource);

  it("lists the bucket, reads nothing in it, and invokes the replicator", () => {
    expect(resourcesOf("s3:ListBucket")).to.deep.equal([bucketArn]);
    expect(resourcesOf("lambda:InvokeFunction")).to.deep.equal([functionArn]);
    expect(statements.flatMap(({ Action }) => Action).filter((action) => action.startsWith("s3:"))).to.have.length(1);
  });

  it("runs batches as executions of itself", () => {
    const executions = "arn:aws:states:eu-west-1:111122223333:execution:shop-reconciliation-machine";
    expect(resourcesOf("states:StartExecution")).to.deep.equal([stateMachineArn]);
    for (const action of ["states:DescribeExecution", "states:StopExecution"]) {
      expect(resourcesOf(action)).to.deep.equal([`${executions}:*`, `${executions}/*`]);
    }
  });
});
