/** Lets the flow logs of this account and region, and nobody else's, take the role on. */
export function flowLogTrust(logGroupArn: string): string {
  const [, partition, , region, account] = logGroupArn.split(":");
  return render({
    Sid: "FlowLogsOfTheAccount",
    Effect: "Allow",
    Principal: { Service: "vpc-flow-logs.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": account },
      ArnLike: { "aws:SourceArn": `arn:${partition}:ec2:${region}:${account}:vpc-flow-log/*` },
    },
  });
}

/**
 * All that flow logs need of their log group ("IAM role for publishing flow logs to CloudWatch Logs"); without the
 * right to make one, so that a group that somebody deleted does not come back with logs that are kept for ever.
 */
export function flowLogPolicy(logGroupArn: string): string {
  return render({
    Sid: "WriteFlowLogs",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"],
    Resource: [logGroupArn, `${logGroupArn}:*`],
  });
}

function render(statement: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
