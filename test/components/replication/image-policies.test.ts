import { expect } from "chai";
import {
  exporterPolicy,
  exporterTrustPolicy,
  imageFunctionPolicy,
  imageMachinePolicy,
} from "../../../components/replication/image-policies.ts";

interface Statement {
  Sid: string;
  Action: string | string[];
  Resource: string | string[];
  Principal?: unknown;
  Condition?: unknown;
}

const statements = (policy: string): Statement[] => JSON.parse(policy).Statement;
const actions = (policy: string) => statements(policy).flatMap(({ Action }) => Action);
const bucketArn = "arn:aws:s3:::shop-exports";

describe("the rights of the images' replication", () => {
  it("let AWS export for this account alone", () => {
    expect(statements(exporterTrustPolicy("111122223333"))[0]).to.deep.include({
      Principal: { Service: "vmie.amazonaws.com" },
      Condition: { StringEquals: { "sts:ExternalId": "vmimport", "aws:SourceAccount": "111122223333" } },
    });
  });

  it("let it write exports, and read or delete none", () => {
    const s3 = actions(exporterPolicy({ bucketArn, region: "eu-west-1" })).filter((action) => action.startsWith("s3:"));
    expect(s3).to.have.members(["s3:GetBucketLocation", "s3:GetBucketAcl", "s3:ListBucket", "s3:PutObject"]);
  });

  it("let the function read exports, and write nothing but its notes beside them", () => {
    const policy = imageFunctionPolicy({ bucketArn, logGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:x" });
    expect(statements(policy).find(({ Sid }) => Sid === "KeepNotes")).to.deep.include({
      Action: "s3:PutObject",
      Resource: `${bucketArn}/exports/*.progress.json`,
    });
    expect(actions(policy).filter((action) => /Delete|ec2/.test(action))).to.deep.equal([]);
  });

  it("let the machine hand over the one role, to the one service", () => {
    const policy = imageMachinePolicy({
      machineArn: "arn:aws:states:eu-west-1:111122223333:stateMachine:shop-images",
      functionArn: "arn:aws:lambda:eu-west-1:111122223333:function:shop-images",
      bucketArn,
      exportRoleArn: "arn:aws:iam::111122223333:role/shop-exporter",
    });
    expect(statements(policy).find(({ Sid }) => Sid === "HandOverTheRole")).to.deep.include({
      Resource: "arn:aws:iam::111122223333:role/shop-exporter",
      Condition: { StringEquals: { "iam:PassedToService": "vmie.amazonaws.com" } },
    });
    expect(statements(policy).find(({ Sid }) => Sid === "ExportImages")?.Resource).to.deep.equal([
      "arn:aws:ec2:eu-west-1::image/*",
      "arn:aws:ec2:eu-west-1:111122223333:export-image-task/*",
    ]);
  });
});
