import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { failure, useLocalAws } from "./local-aws.ts";

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const FEDERATION = "aws:iam/outboundWebIdentityFederation:OutboundWebIdentityFederation";

const trust = (statement: object = {}) => ({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole", ...statement },
  ],
});
const rights = (statement: object = {}) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...statement }],
});

describe("the local AWS's IAM", () => {
  const aws = useLocalAws();

  describe("a role", () => {
    it("is made under a name of its own, from a policy as an object", async () => {
      const inputs = { assumeRolePolicy: trust(), description: "a", tags: { Name: "a" } };
      const role = await aws.deploy(ROLE, inputs);
      expect(role.id).to.match(/^a-test-[0-9a-f]{7}$/);
      expect(role.properties.arn).to.equal(`arn:aws:iam::111122223333:role/${role.id}`);
      expect(role.properties.uniqueId).to.match(/^AROA/);
      expect(await role.refresh()).to.deep.equal({ ...inputs, name: role.id });

      const next = {
        name: role.id,
        assumeRolePolicy: JSON.stringify(trust({ Sid: "b" })),
        maxSessionDuration: 7200,
        tags: { Other: "b" },
      };
      await role.update(next);
      expect(await role.refresh()).to.deep.equal(next);

      await role.delete();
      await role.delete();
      expect(await role.refresh()).to.equal(undefined);
    });

    it("lives under its path", async () => {
      const role = await aws.deploy(ROLE, { name: "deep", path: "/team/", assumeRolePolicy: trust() });
      expect(role.properties.arn).to.equal("arn:aws:iam::111122223333:role/team/deep");
      expect(await role.refresh()).to.include({ path: "/team/" });
    });

    it("is not deleted while somebody else's policy is on it, unless it is told to", async () => {
      const role = await aws.deploy(ROLE, { name: "kept", assumeRolePolicy: trust() });
      await aws.deploy(ROLE_POLICY, { role: "kept", name: "theirs", policy: rights() });
      expect(await failure(role.delete())).to.match(/DeleteConflict/);
      await role.update({ name: "kept", assumeRolePolicy: trust(), forceDetachPolicies: true });
      await role.delete();
      expect(await role.refresh()).to.equal(undefined);
    });

    it("takes the policies that are given with it", async () => {
      const inlinePolicies = [{ name: "own", policy: JSON.stringify(rights()) }];
      const role = await aws.deploy(ROLE, { name: "equipped", assumeRolePolicy: trust(), inlinePolicies });
      await role.delete();
      expect(await role.refresh()).to.equal(undefined);
    });

    const refused: [string, Properties, RegExp][] = [
      ["a letter that no name has", { name: "a role" }, /"a role" is no name: 1 to 64/],
      ["a name that is too long", { name: "a".repeat(65) }, /1 to 64/],
      ["a name that is taken", { name: "standing" }, /EntityAlreadyExists/],
      ["a path without its slashes", { path: "team" }, /it begins and ends with "\/"/],
      ["too short a session", { maxSessionDuration: 3599 }, /3600 to 43200/],
      ["too long a description", { description: "a".repeat(1001) }, /1000 at most/],
      ["a trust that is no JSON", { assumeRolePolicy: "lambda" }, /"\\"lambda\\""|"lambda" is no policy/],
      ["a trust without a version", { assumeRolePolicy: { Statement: trust().Statement } }, /Version/],
      ["a trust without a statement", { assumeRolePolicy: { ...trust(), Statement: [] } }, /no Statement/],
      ["a trust in nobody", { assumeRolePolicy: trust({ Principal: undefined }) }, /has no Principal/],
      ["a trust with a resource", { assumeRolePolicy: trust({ Resource: "*" }) }, /the role is the resource/],
      ["too long a trust", { assumeRolePolicy: trust({ Sid: "a".repeat(2048) }) }, /2048 at most/],
    ];
    describe("refuses", () => {
      before(() => aws.deploy(ROLE, { name: "standing", assumeRolePolicy: trust() }));
      for (const [what, inputs, reason] of refused) {
        it(what, async () => {
          expect(await aws.refusals(ROLE, inputs)).to.match(reason);
        });
      }
    });
  });

  describe("a role's policy", () => {
    it("is put, changed and taken away", async () => {
      await aws.deploy(ROLE, { name: "reader", assumeRolePolicy: trust() });
      const inputs = { role: "reader", name: "read", policy: JSON.stringify(rights()) };
      const policy = await aws.deploy(ROLE_POLICY, inputs);
      expect(policy.id).to.equal("reader:read");
      expect(await policy.refresh()).to.deep.equal(inputs);
      await policy.update({ ...inputs, policy: rights({ Sid: "b" }) });
      expect(await policy.refresh()).to.deep.equal({ ...inputs, policy: rights({ Sid: "b" }) });
      await policy.delete();
      await policy.delete();
      expect(await policy.refresh()).to.equal(undefined);
    });

    it("fails for a role that is not there", async () => {
      expect(await failure(aws.deploy(ROLE_POLICY, { role: "nobody", policy: rights() }))).to.match(/NoSuchEntity/);
    });

    const refused: [string, Properties, RegExp][] = [
      ["a letter that no name has", { name: "a policy" }, /1 to 128/],
      ["what is no JSON", { policy: "read" }, /is no policy/],
      ["a principal", { policy: rights({ Principal: "*" }) }, /the identity is whom it is put on/],
      ["no resource", { policy: rights({ Resource: undefined }) }, /has no Resource/],
      ["no action", { policy: rights({ Action: undefined }) }, /has no Action/],
      ["an unknown version", { policy: { ...rights(), Version: "2026-01-01" } }, /Version is "2026-01-01"/],
      ["more than 10,240 characters", { policy: rights({ Sid: "a".repeat(10_240) }) }, /10240 at most/],
    ];
    for (const [what, inputs, reason] of refused) {
      it(`refuses ${what}`, async () => {
        expect(await aws.refusals(ROLE_POLICY, inputs)).to.match(reason);
      });
    }
  });

  describe("outbound web identity federation", () => {
    it("is one switch of the account: on with the resource, off without it", async () => {
      const { webIdentity } = aws.cloud;
      const federation = await aws.deploy(FEDERATION, {});
      expect(webIdentity.enabled).to.equal(true);
      expect(federation.id).to.equal("111122223333");
      expect(federation.properties.issuerIdentifier).to.equal(webIdentity.issuer);
      expect(await federation.refresh()).to.deep.equal({});
      expect(await failure(aws.deploy(FEDERATION, {}))).to.match(/FeatureEnabled: .*one switch an account/);

      await federation.delete();
      expect(webIdentity.enabled).to.equal(false);
      expect(await federation.refresh()).to.equal(undefined);
    });
  });
});
