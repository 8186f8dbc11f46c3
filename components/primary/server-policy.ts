/** All that a server may do on AWS, beside being managed: read the database's credentials and the content. */
export function serverPolicy(args: { secretArn: string; contentBucketArn: string }): string {
  const statements = [
    {
      Sid: "ReadDatabaseCredentials",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: args.secretArn,
    },
    { Sid: "ReadContent", Effect: "Allow", Action: "s3:GetObject", Resource: `${args.contentBucketArn}/*` },
    // Without the right to list, S3 answers 403 instead of 404 for what is not there.
    { Sid: "TellGoneFromDenied", Effect: "Allow", Action: "s3:ListBucket", Resource: args.contentBucketArn },
  ];
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
