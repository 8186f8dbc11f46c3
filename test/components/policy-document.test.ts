import { expect } from "chai";
import { accountOf, policyDocument, withoutTls, writeLog } from "../../components/policy-document.ts";

describe("a policy document", () => {
  it("is the statements in the version of the language that knows variables", () => {
    const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::a/*" };
    expect(JSON.parse(policyDocument([statement]))).to.deep.equal({ Version: "2012-10-17", Statement: [statement] });
  });

  it("can deny everybody what does not come over TLS", () => {
    expect(withoutTls("s3:*", ["arn:aws:s3:::a", "arn:aws:s3:::a/*"])).to.deep.equal({
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: ["arn:aws:s3:::a", "arn:aws:s3:::a/*"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("can let a function write its log, and make none", () => {
    expect(writeLog("arn:aws:logs:eu-west-1:111122223333:log-group:shop")).to.deep.equal({
      Sid: "WriteLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "arn:aws:logs:eu-west-1:111122223333:log-group:shop:*",
    });
  });

  it("finds the account in an ARN that names one", () => {
    expect(accountOf("arn:aws:sqs:eu-west-1:111122223333:shop-objects-queue")).to.equal("111122223333");
  });
});
