import { expect } from "chai";
import { isEverything, leastPrivilege } from "../../policy/least-privilege.ts";
import { STATEMENT_REASONS } from "../../policy/reasons.ts";
import { judged, LATER, type Written } from "../support/judged.ts";

const wrong = (written: Written) => judged(leastPrivilege, [written]).wrong;
const allowing = (statement: object): Written => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  name: "rights",
  props: { policy: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] }) },
});
const BUILT_IN = "/providers/Microsoft.Authorization/roleDefinitions";
const OWNER = `${BUILT_IN}/8e3af657-a8ff-443c-a75c-2fe8c4bcb635`;
const BLOB_OWNER = `${BUILT_IN}/b7e6dc6d-f1e8-4753-8033-0f276bb0955b`;
const GROUP = "/subscriptions/0/resourceGroups/shop";

describe("policy least-privilege", () => {
  it("takes actions and resources by name, and wildcards behind a name", () => {
    expect(wrong(allowing({ Action: "s3:GetObject", Resource: "arn:aws:s3:::content/*" }))).to.be.empty;
  });

  it("stops a wildcard in an action, even of one service", () => {
    for (const Action of ["*", "s3:*", "s3:Get*"]) {
      expect(wrong(allowing({ Action, Resource: "arn:aws:s3:::content/*" })).join()).to.include(`allows ${Action}`);
    }
  });

  it("stops a wildcard that stands for all of a kind", () => {
    const [message] = wrong(allowing({ Sid: "All", Action: "s3:GetObject", Resource: "*" }));
    expect(message).to.include("allows * (statement All); write actions and resources by name");
  });

  it("knows what stands for all of a kind", () => {
    for (const all of ["*", "arn:aws:s3:::*", "arn:aws:rds:eu-west-1:1:db:*", "arn:aws:iam::1:role/*", "arn:aws:*"]) {
      expect(isEverything(all), all).to.equal(true);
    }
    const named = ["arn:aws:s3:::b/*", "arn:aws:logs:r:1:log-group:g:*", "arn:aws:rds:r:1:db:shop-*", "arn:aws:s3:::b"];
    for (const one of named) expect(isEverything(one), one).to.equal(false);
  });

  it("stops what allows all but something", () => {
    expect(wrong(allowing({ NotAction: "iam:*", Resource: "arn:aws:s3:::b" })).join()).to.include("all but something");
    expect(wrong(allowing({ Action: "s3:GetObject", NotResource: "arn:aws:s3:::b" }))).to.have.length(1);
  });

  it("leaves what denies", () => {
    expect(wrong(allowing({ Effect: "Deny", Action: "*", Resource: "*" }))).to.be.empty;
  });

  describe("with a stated reason", () => {
    it("takes what the reason is stated for, and nothing beyond", () => {
      const token = { Sid: "SayWhoIAm", Action: "sts:GetWebIdentityToken", Resource: "*" };
      expect(wrong(allowing(token))).to.be.empty;
      expect(wrong(allowing({ ...token, Sid: "Other" }))).to.have.length(1);
      expect(wrong(allowing({ ...token, Action: ["sts:GetWebIdentityToken", "sts:AssumeRole"] }))).to.have.length(1);
      expect(wrong(allowing({ ...token, Action: "*" }))).to.have.length(1);
      const replica = { Sid: "MakeReplica", Action: "rds:CreateDBInstanceReadReplica" };
      expect(wrong(allowing({ ...replica, Resource: ["arn:aws:rds:r:1:og:*", "arn:aws:rds:r:1:db:shop"] }))).to.be
        .empty;
      expect(wrong(allowing({ ...replica, Resource: "arn:aws:rds:r:1:db:*" }))).to.have.length(1);
    });

    it("has it in words", () => {
      for (const { sid, why } of STATEMENT_REASONS) expect(why.length, sid).to.be.greaterThan(20);
    });
  });

  it("stops policies of AWS's own that allow nearly everything", () => {
    const attached = (name: string): Written => ({
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      props: { policyArn: `arn:aws:iam::aws:policy/${name}` },
    });
    expect(wrong(attached("AmazonSSMManagedInstanceCore"))).to.be.empty;
    expect(wrong(attached("AdministratorAccess")).join()).to.include("write a policy of what is needed");
    expect(wrong(attached("AmazonS3FullAccess"))).to.have.length(1);
  });

  it("stops a role that anybody may assume", () => {
    const role = (Principal: unknown): Written => ({
      type: "aws:iam/role:Role",
      props: { assumeRolePolicy: { Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal }] } },
    });
    expect(wrong(role({ Service: "ec2.amazonaws.com" }))).to.be.empty;
    expect(wrong(role("*")).join()).to.include("may be assumed by anybody");
  });

  it("stops a custom role of Azure with a wildcard", () => {
    const role = (dataActions: string[]): Written => ({
      type: "azure-native:authorization:RoleDefinition",
      props: { permissions: [{ actions: [], dataActions }] },
    });
    expect(wrong(role(["Microsoft.KeyVault/vaults/secrets/getSecret/action"]))).to.be.empty;
    expect(wrong(role(["Microsoft.KeyVault/vaults/*"])).join()).to.include("allows Microsoft.KeyVault/vaults/*");
  });

  describe("of an assignment", () => {
    const assigned = (roleDefinitionId: unknown, scope = GROUP, within: string[] = []): Written => ({
      type: "azure-native:authorization:RoleAssignment",
      name: "assignment",
      props: { roleDefinitionId, scope },
      within,
    });

    it("stops a wide role of Azure's own, but where a reason is stated", () => {
      expect(wrong(assigned(OWNER)).join()).to.include("gives Owner, which allows *");
      expect(wrong(assigned(BLOB_OWNER))).to.have.length(1);
      expect(wrong(assigned(BLOB_OWNER, GROUP, ["standby:StandbyController"]))).to.be.empty;
    });

    it("stops a scope of a whole subscription", () => {
      const own = "/subscriptions/0/providers/Microsoft.Authorization/roleDefinitions/1";
      expect(wrong(assigned(own))).to.be.empty;
      expect(wrong(assigned(own, "/subscriptions/0")).join()).to.include("write the scope of one resource");
    });

    it("says that it does not know a role that is in no catalogue", () => {
      const { wrong, advice } = judged(leastPrivilege, [assigned(`${BUILT_IN}/1`)]);
      expect(wrong).to.be.empty;
      expect(advice.join()).to.include(`what role ${BUILT_IN}/1 allows`);
    });
  });

  it("says what it does not know yet, and stops what cannot be read", () => {
    const rights = (policy: unknown): Written => ({ type: "aws:iam/policy:Policy", name: "rights", props: { policy } });
    expect(judged(leastPrivilege, [rights(LATER)])).to.deep.include({ wrong: [] });
    expect(judged(leastPrivilege, [rights(LATER)]).advice.join()).to.include("rights: policy");
    expect(wrong(rights("no")).join()).to.include("cannot be read");
  });
});
