/** A policy of IAM's, as the text that AWS takes. */
export function policyDocument(statements: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Denies it to everybody who does not come over TLS; "s3:*" where it stands, because a denial must leave no gap. */
export function withoutTls(Action: string, Resource: string | string[]): object {
  const Condition = { Bool: { "aws:SecureTransport": "false" } };
  return { Sid: "TlsOnly", Effect: "Deny", Principal: "*", Action, Resource, Condition };
}

/** Lets a function write its log, which stands. */
export function writeLog(logGroupArn: string): object {
  const Action = ["logs:CreateLogStream", "logs:PutLogEvents"];
  return { Sid: "WriteLog", Effect: "Allow", Action, Resource: `${logGroupArn}:*` };
}

/** @param arn one that names its account @example "arn:aws:sqs:eu-west-1:111122223333:shop-objects-queue" */
export function accountOf(arn: string): string | undefined {
  return arn.split(":")[4];
}
