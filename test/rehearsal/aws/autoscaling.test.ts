import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { type Deployed, failure, useLocalAws } from "./local-aws.ts";
import { deployNetwork, deployServerRole, userData } from "./site.ts";

const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const GROUP = "aws:autoscaling/group:Group";
const POLICY = "aws:autoscaling/policy:Policy";

describe("the local AWS's servers", () => {
  const aws = useLocalAws();
  let vpcZoneIdentifiers: string[];
  let profile: Deployed;
  let template: Deployed;
  let group: Deployed;
  let sizes: Properties;

  before(async () => {
    vpcZoneIdentifiers = (await deployNetwork(aws)).subnetIds;
    profile = await deployServerRole(aws, []);
    template = await aws.deploy(TEMPLATE, {
      userData: userData({}),
      iamInstanceProfile: { name: profile.id },
    });
    sizes = { minSize: 1, maxSize: 2, vpcZoneIdentifiers, launchTemplate: { id: template.id, version: "$Latest" } };
    group = await aws.deploy(GROUP, sizes);
  });

  const hosted = () => aws.cloud.hosting.groups.get(String(group.properties.arn));

  describe("are launched from a template", () => {
    it("that has a new version with each change of what it holds, and no other", async () => {
      const inputs = {
        imageId: "ami-1",
        instanceType: "m7i.large",
        vpcSecurityGroupIds: ["sg-1"],
        userData: userData({}),
        updateDefaultVersion: true,
        tags: { Name: "a" },
      };
      const made = await aws.deploy(TEMPLATE, inputs);
      expect(made.id).to.match(/^lt-/);
      expect(made.properties).to.include({ latestVersion: 1, defaultVersion: 1 });
      expect(await made.refresh()).to.deep.equal({ ...inputs, name: made.properties.name });
      const named = { ...inputs, name: made.properties.name };
      expect(await made.update({ ...named, tags: { Name: "b" } })).to.include({ latestVersion: 1 });
      expect(await made.update({ ...named, imageId: "ami-2" })).to.include({ latestVersion: 2, defaultVersion: 2 });
      expect(await made.refresh()).to.include({ imageId: "ami-2" });
      await made.delete();
      await made.delete();
      expect(await made.refresh()).to.equal(undefined);
    });

    const refused: [string, Properties, RegExp][] = [
      ["user data that is not encoded", { userData: "#cloud-config" }, /not in base64/],
      ["too much user data", { userData: Buffer.alloc(16_385).toString("base64") }, /16385 bytes: 16384 at most/],
      ["a name that is none", { name: "a b" }, /3 to 128/],
      ["what it does not carry out", { keyName: "mine" }, /keyName/],
    ];
    for (const [what, inputs, reason] of refused) {
      it(`that refuses ${what}`, async () => {
        expect(await aws.refusals(TEMPLATE, inputs)).to.match(reason);
      });
    }
  });

  it("are in a group, and run under the ids that it says", async () => {
    expect(group.properties.arn).to.match(
      /^arn:aws:autoscaling:eu-central-1:111122223333:autoScalingGroup:.+:autoScalingGroupName\/a-test-/,
    );
    expect(await group.refresh()).to.deep.equal({ ...sizes, name: group.id });
    const ids =
      hosted()
        ?.fleet.targets()
        .map(({ id }) => id) ?? [];
    expect(ids).to.have.length(1);
    expect(ids[0]).to.match(/^i-[0-9a-f]{17}$/);
  });

  it("are given their role's credentials to whom has a token, and to nobody else", async () => {
    const url = `${hosted()?.metadata.url}/latest`;
    const roles = `${url}/meta-data/iam/security-credentials/`;
    expect((await fetch(roles)).status).to.equal(401);
    const token = await (await fetch(`${url}/api/token`, { method: "PUT" })).text();
    const headers = { "x-aws-ec2-metadata-token": token };
    const role = await (await fetch(roles, { headers })).text();
    expect(hosted()?.roleArn.endsWith(`:role/${role}`)).to.equal(true);
    const credentials = (await (await fetch(roles + role, { headers })).json()) as Record<string, string>;
    expect(credentials.AccessKeyId).to.match(/^ASIA/);
    expect(Date.parse(String(credentials.Expiration))).to.be.above(Date.now() + 30 * 60_000);
    expect((await fetch(`${roles}another`, { headers })).status).to.equal(404);
  });

  it("sign in as another role from the next launch on, once their template says so", async () => {
    const other = await deployServerRole(aws, []);
    const named = { ...sizes, name: group.id };
    const version = { userData: userData({}), iamInstanceProfile: { arn: other.properties.arn } };
    await template.update({ ...version, name: template.properties.name });
    const former = hosted()?.roleArn;
    await group.update({ ...named, minSize: 2 });
    expect(hosted()?.roleArn).not.to.equal(former);
    expect(hosted()?.fleet.machines()).to.have.length(2);
  });

  it("scale by a policy, which is kept", async () => {
    const inputs = {
      autoscalingGroupName: group.id,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        targetValue: 50,
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
      },
    };
    const policy = await aws.deploy(POLICY, inputs);
    expect(policy.properties.arn).to.match(/^arn:aws:autoscaling:.*:scalingPolicy:.*policyName\/a-test-/);
    await policy.update({ ...inputs, name: policy.id });
    expect(await policy.refresh()).to.deep.equal({ ...inputs, name: policy.id });
    await policy.delete();
    expect(await policy.refresh()).to.equal(undefined);
    expect(await aws.refusals(POLICY, { scalingAdjustment: 1 })).to.match(/targetTrackingConfiguration/);
  });

  it("leave nothing behind where they don't come up", async () => {
    const broken = await aws.deploy(TEMPLATE, {
      userData: Buffer.from("#!/bin/sh\n").toString("base64"),
      iamInstanceProfile: { name: profile.id },
    });
    const inputs = { ...sizes, name: "broken", launchTemplate: { id: broken.id } };
    expect(await failure(aws.deploy(GROUP, inputs))).to.match(/the user data is no cloud-config/);
    expect([...aws.cloud.hosting.groups.keys()].filter((arn) => arn.includes("broken"))).to.deep.equal([]);
    const rightless = await aws.deploy(TEMPLATE, { userData: userData({}) });
    const call = aws.deploy(GROUP, { ...sizes, launchTemplate: { id: rightless.id } });
    expect(await failure(call)).to.match(/gives its servers no role/);
    const missing = aws.deploy(GROUP, { ...sizes, launchTemplate: { id: template.id, version: "9" } });
    expect(await failure(missing)).to.match(/no version 9 of the launch template/);
  });

  describe("are refused", () => {
    const refused: [string, Properties, RegExp][] = [
      ["with more at least than at most", { minSize: 3 }, /a least size of 3 is above the most, 2/],
      ["with more than the most", { desiredCapacity: 3 }, /3 is not between 1 and 2/],
      ["without a template", { launchTemplate: {} }, /the id of a launch template/],
      ["without a subnet", { vpcZoneIdentifiers: [] }, /one subnet at least/],
      ["in a subnet that is not there", { vpcZoneIdentifiers: ["subnet-0"] }, /no subnet "subnet-0"/],
      ["with what is not carried out", { mixedInstancesPolicy: {} }, /one launch template/],
    ];
    for (const [what, inputs, reason] of refused) {
      it(what, async () => {
        expect(await aws.refusals(GROUP, { ...sizes, ...inputs })).to.match(reason);
      });
    }
  });
});
