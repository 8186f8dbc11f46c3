import { expect } from "chai";
import { flowLogPolicy, flowLogTrust } from "../../../components/primary/flow-log-policies.ts";

const GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:shop-flows-group-1a2b3c4";

describe("the role of the flow logs", () => {
  it("is taken on by flow logs of its own account and region, and nobody else", () => {
    expect(JSON.parse(flowLogTrust(GROUP))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "FlowLogsOfTheAccount",
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": "111122223333" },
            ArnLike: { "aws:SourceArn": "arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/*" },
          },
        },
      ],
    });
  });

  it("writes to its own log group only, and makes none", () => {
    const { Statement } = JSON.parse(flowLogPolicy(GROUP));
    expect(Statement).to.have.length(1);
    expect(Statement[0]).to.deep.include({ Effect: "Allow", Resource: [GROUP, `${GROUP}:*`] });
    expect(Statement[0].Action).to.have.members([
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "logs:DescribeLogGroups",
      "logs:DescribeLogStreams",
    ]);
  });
});
