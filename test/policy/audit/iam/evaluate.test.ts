import { expect } from "chai";
import { isDocument, type PolicyDocument, readDocument } from "../../../../policy/audit/iam/document.ts";
import { type AwsIdentity, type AwsRequest, allows } from "../../../../policy/audit/iam/evaluate.ts";

const ACCOUNT = "111122223333";
const USER = `arn:aws:iam::${ACCOUNT}:user/carlossalazar`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deployer`;

function policy(...statements: object[]): PolicyDocument[] {
  const read = readDocument({ Version: "2012-10-17", Statement: statements }, "test");
  if (!isDocument(read)) throw new Error(read.wrong);
  return [read];
}
/** A policy variable, and no placeholder of this file's. */
const USERNAME = ["$", "{aws:username}"].join("");

const allow = (Action: string | string[], Resource: string | string[] = "*", more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const deny = (Action: string | string[], Resource: string | string[] = "*", more: object = {}) => ({
  Effect: "Deny",
  Action,
  Resource,
  ...more,
});

const who = (parts: Partial<AwsIdentity>): AwsIdentity => ({
  account: ACCOUNT,
  arn: USER,
  policies: [],
  scps: [],
  context: new Map(),
  ...parts,
});
const ask = (action: string, resource: string, more: Partial<AwsRequest> = {}): AwsRequest => ({
  action,
  resource,
  account: ACCOUNT,
  ...more,
});

describe("the evaluation of AWS's policies", () => {
  // "Policy evaluation for requests within a single account", the example of Carlos.
  it("lets Carlos write his bucket and not the logs, which are denied to him", () => {
    const carlos = who({
      policies: policy(
        allow(["s3:GetBucketLocation", "s3:ListAllMyBuckets"], "arn:aws:s3:::*"),
        allow("s3:*", [
          "arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar",
          "arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar/*",
        ]),
        deny("s3:*", "arn:aws:s3:::*log*"),
      ),
    });
    expect(allows(carlos, ask("s3:PutObject", "arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar/a"))).to.equal(true);
    const logs = "arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar-logs";
    const resourcePolicy = policy(allow("s3:*", [logs, `${logs}/*`], { Principal: { AWS: USER } }));
    expect(allows(carlos, ask("s3:PutObject", `${logs}/a`, { resourcePolicy }))).to.equal(false);
  });

  it("lets in by the resource's policy alone, within an account", () => {
    const resourcePolicy = policy(allow("s3:PutObject", "arn:aws:s3:::shop/*", { Principal: { AWS: USER } }));
    expect(allows(who({}), ask("s3:PutObject", "arn:aws:s3:::shop/a", { resourcePolicy }))).to.equal(true);
    expect(allows(who({}), ask("s3:PutObject", "arn:aws:s3:::shop/a"))).to.equal(false);
  });

  // "Permissions boundaries for IAM entities", the example of Shirley.
  it("holds Shirley within her boundary, whatever she is given", () => {
    const shirley = who({
      policies: policy(allow("iam:CreateUser"), allow("s3:*")),
      boundary: policy(allow(["s3:*", "cloudwatch:*", "ec2:*"])),
    });
    expect(allows(shirley, ask("iam:CreateUser", "*"))).to.equal(false);
    expect(allows(shirley, ask("s3:GetObject", "arn:aws:s3:::shop/a"))).to.equal(true);
    expect(
      allows(who({ boundary: policy(allow("*")) }), ask("s3:GetObject", "*")),
      "a boundary gives nothing",
    ).to.equal(false);
  });

  // "Permissions boundaries for IAM entities", Evaluating effective permissions with resource-based policies.
  it("holds a role within its boundary when a resource lets it in, and not a user", () => {
    const parts = { boundary: policy(allow("ec2:*")) };
    const to = (arn: string) =>
      ask("s3:GetObject", "arn:aws:s3:::shop/a", {
        resourcePolicy: policy(allow("s3:*", "*", { Principal: { AWS: arn } })),
      });
    expect(allows(who({ ...parts, arn: ROLE }), to(ROLE))).to.equal(false);
    expect(allows(who(parts), to(USER))).to.equal(true);
  });

  // "Service control policies (SCPs)", SCP evaluation.
  it("asks service control policies too: what they deny, and what they do not allow", () => {
    const administrator = { policies: policy(allow("*")) };
    const denied = who({ ...administrator, scps: policy(deny("backup:*")) });
    expect(allows(denied, ask("backup:DeleteRecoveryPoint", "*"))).to.equal(false);
    expect(allows(denied, ask("s3:GetObject", "*"))).to.equal(true);
    expect(allows(who({ ...administrator, scps: policy(allow("ec2:*")) }), ask("s3:GetObject", "*"))).to.equal(false);
  });

  // "IAM JSON policy elements: NotAction", and "NotResource".
  it("reads what is left out", () => {
    const everythingBut = who({ policies: policy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }) });
    expect(allows(everythingBut, ask("s3:DeleteBucket", "arn:aws:s3:::shop"))).to.equal(true);
    expect(allows(everythingBut, ask("iam:CreateUser", "*"))).to.equal(false);
    const payroll = who({
      policies: policy(allow("s3:*"), {
        Effect: "Deny",
        Action: "s3:*",
        NotResource: ["arn:aws:s3:::HRBucket/Payroll", "arn:aws:s3:::HRBucket/Payroll/*"],
      }),
    });
    expect(allows(payroll, ask("s3:GetObject", "arn:aws:s3:::HRBucket/Payroll/a"))).to.equal(true);
    expect(allows(payroll, ask("s3:GetObject", "arn:aws:s3:::HRBucket/Other/a"))).to.equal(false);
  });

  // "IAM policy elements: Variables and tags", the example with a folder for each user.
  it("fills in variables, and takes one that nobody knows for anything where it allows", () => {
    const own = policy(allow("s3:*", `arn:aws:s3:::amzn-s3-demo-bucket/${USERNAME}/*`));
    const known = who({ policies: own, context: new Map([["aws:username", ["carlossalazar"]]]) });
    expect(allows(known, ask("s3:PutObject", "arn:aws:s3:::amzn-s3-demo-bucket/carlossalazar/a"))).to.equal(true);
    expect(allows(known, ask("s3:PutObject", "arn:aws:s3:::amzn-s3-demo-bucket/shirley/a"))).to.equal(false);
    expect(allows(who({ policies: own }), ask("s3:PutObject", "arn:aws:s3:::amzn-s3-demo-bucket/shirley/a"))).to.equal(
      true,
    );
    const keeps = policy(allow("*"), deny("s3:*", `arn:aws:s3:::amzn-s3-demo-bucket/${USERNAME}/*`));
    expect(
      allows(who({ policies: keeps }), ask("s3:PutObject", "arn:aws:s3:::amzn-s3-demo-bucket/shirley/a")),
    ).to.equal(true);
  });

  it("takes an unknown condition for met where it allows, and for not met where it denies", () => {
    const inOffice = { Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } };
    expect(allows(who({ policies: policy(allow("s3:*", "*", inOffice)) }), ask("s3:GetObject", "*"))).to.equal(true);
    expect(
      allows(who({ policies: policy(allow("s3:*"), deny("s3:*", "*", inOffice)) }), ask("s3:GetObject", "*")),
    ).to.equal(true);
  });

  // "Cross-account policy evaluation logic".
  it("asks both sides across accounts", () => {
    const own = policy(allow("s3:*"));
    const resourcePolicy = policy(allow("s3:*", "*", { Principal: { AWS: ACCOUNT } }));
    const there = { account: "444455556666" };
    expect(allows(who({ policies: own }), ask("s3:GetObject", "*", { ...there, resourcePolicy }))).to.equal(true);
    expect(allows(who({ policies: own }), ask("s3:GetObject", "*", there))).to.equal(false);
    expect(allows(who({}), ask("s3:GetObject", "*", { ...there, resourcePolicy }))).to.equal(false);
  });

  // "Default key policy" of KMS, and "Key policies": without it the account's own policies say nothing.
  it("asks a key's own policy first", () => {
    const administrator = who({ policies: policy(allow("kms:*")) });
    const key = (Principal: object) =>
      ask("kms:ScheduleKeyDeletion", "*", {
        onlyByResource: true,
        resourcePolicy: policy(allow("kms:*", "*", { Principal })),
      });
    expect(allows(administrator, key({ AWS: `arn:aws:iam::${ACCOUNT}:root` }))).to.equal(true);
    expect(allows(who({}), key({ AWS: `arn:aws:iam::${ACCOUNT}:root` }))).to.equal(false);
    expect(allows(administrator, key({ AWS: ROLE }))).to.equal(false);
    expect(allows(who({}), key({ AWS: USER }))).to.equal(true);
  });
});
