import { expect } from "chai";
import { failure, useLocalAws } from "./local-aws.ts";
import { trustIn } from "./site.ts";

const ROLE = "aws:iam/role:Role";
const PROFILE = "aws:iam/instanceProfile:InstanceProfile";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const MANAGED = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

describe("what the local AWS's servers act as", () => {
  const aws = useLocalAws();

  before(async () => {
    for (const name of ["one", "two"]) await aws.deploy(ROLE, { name, assumeRolePolicy: trustIn("ec2.amazonaws.com") });
  });

  it("is an instance profile with a role", async () => {
    const inputs = { role: "one", tags: { Name: "a" } };
    const profile = await aws.deploy(PROFILE, inputs);
    expect(profile.properties.arn).to.equal(`arn:aws:iam::111122223333:instance-profile/${profile.id}`);
    expect(await aws.refusals(PROFILE, { name: profile.id })).to.match(/EntityAlreadyExists/);
    const next = { name: profile.id, role: "two", tags: { Other: "b" } };
    await profile.update(next);
    expect(await profile.refresh()).to.deep.equal(next);
    await profile.delete();
    await profile.delete();
    expect(await profile.refresh()).to.equal(undefined);
  });

  it("has the managed policies that are attached to the role", async () => {
    const inputs = { role: "one", policyArn: MANAGED };
    const attachment = await aws.deploy(ATTACHMENT, inputs);
    expect([attachment.id, await attachment.refresh()]).to.deep.equal([`one/${MANAGED}`, inputs]);
    await attachment.delete();
    await attachment.delete();
    expect(await attachment.refresh()).to.equal(undefined);
    expect(await failure(aws.deploy(ATTACHMENT, { ...inputs, role: "nobody" }))).to.match(/NoSuchEntity/);
    expect(await aws.refusals(ATTACHMENT, { policyArn: "ReadOnlyAccess" })).to.match(/no ARN of a policy/);
  });
});
