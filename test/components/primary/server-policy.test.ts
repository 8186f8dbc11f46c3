import { expect } from "chai";
import { serverPolicy } from "../../../components/primary/server-policy.ts";

const secretArn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-1a2b-AbCdEf";
const contentBucketArn = "arn:aws:s3:::shop-content-1a2b3c4";

describe("a server's policy", () => {
  const { Version, Statement } = JSON.parse(serverPolicy({ secretArn, contentBucketArn }));

  it("reads the one secret and the content, and tells gone from denied; nothing else", () => {
    expect(Version).to.equal("2012-10-17");
    expect(Statement).to.deep.equal([
      {
        Sid: "ReadDatabaseCredentials",
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource: secretArn,
      },
      { Sid: "ReadContent", Effect: "Allow", Action: "s3:GetObject", Resource: `${contentBucketArn}/*` },
      { Sid: "TellGoneFromDenied", Effect: "Allow", Action: "s3:ListBucket", Resource: contentBucketArn },
    ]);
  });
});
