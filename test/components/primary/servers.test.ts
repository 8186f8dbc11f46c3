import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { serverPolicy } from "../../../components/primary/server-policy.ts";
import { Servers, type ServersArgs } from "../../../components/primary/servers.ts";
import { cloudConfig, type SiteDocument } from "../../../components/site-document.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const TARGETS = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop-web-app-1a2b3c4/0123456789abcdef";
const secretArn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-1a2b-AbCdEf";
const contentBucketArn = "arn:aws:s3:::shop-content-1a2b3c4";

const SITE: SiteDocument = {
  workload: "shop",
  site: "primary",
  appName: "app.example.com",
  port: 8080,
  healthPath: "/healthz",
  database: { host: "db.example.com", port: 3306, name: "app", secret: secretArn },
  content: { kind: "s3", bucket: "shop-content-1a2b3c4", region: "eu-west-1" },
};

function deployServers(args: Partial<ServersArgs> = {}) {
  const usual: ServersArgs = {
    subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
    securityGroupId: "sg-servers",
    targetGroupArn: TARGETS,
    instanceType: "m7i.large",
    servers: { min: 3, max: 12 },
    siteDocument: SITE,
    secretArn,
    contentBucketArn,
    tags: TAGS,
  };
  return deploy(() => new Servers("shop-web-servers", { ...usual, ...args }));
}

describe("Servers", () => {
  let resources: Registrations;
  let servers: Servers;
  const inputsOf = (name: string) => resources.named(`shop-web-servers-${name}`).inputs;

  before(async () => {
    ({ resources, result: servers } = await deployServers());
  });

  it("keeps the rules of the house, and protects nothing: a server holds no data", () => {
    expectHouseRules(resources, "shop-web-servers", "multicloud-dr:primary:Servers");
    expectProtected(resources, []);
  });

  describe("the template", () => {
    it("is of Amazon Linux and of the type that it is told", () => {
      expect(inputsOf("template")).to.include({
        imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
        instanceType: "m7i.large",
      });
    });

    it("is of another image where one is told", async () => {
      const { resources: own } = await deployServers({ imageId: "ami-0123456789abcdef0", instanceType: "c8g.xlarge" });
      expect(own.named("shop-web-servers-template").inputs).to.include({
        imageId: "ami-0123456789abcdef0",
        instanceType: "c8g.xlarge",
      });
    });

    it("hands the site document to the server that boots", () => {
      const userData = Buffer.from(String(inputsOf("template").userData), "base64").toString();
      expect(userData).to.equal(cloudConfig(SITE));
    });

    it("hands over a site document that is not known before", async () => {
      const database = { host: pulumi.output("late.example.com"), port: 3306, name: "app", secret: secretArn };
      const { resources: late } = await deployServers({ siteDocument: pulumi.output({ ...SITE, database }) });
      const { userData } = late.named("shop-web-servers-template").inputs;
      expect(Buffer.from(String(userData), "base64").toString()).to.contain("late.example.com");
    });

    it("answers for itself by session token only, to nobody behind the server", () => {
      expect(inputsOf("template").metadataOptions).to.deep.equal({
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      });
    });

    it("encrypts the root volume, and gives it no size, so that another root is refused", () => {
      expect(inputsOf("template").blockDeviceMappings).to.deep.equal([
        { deviceName: "/dev/xvda", ebs: { encrypted: "true", volumeType: "gp3" } },
      ]);
    });

    it("gives the servers their group, and neither a key nor a public address", () => {
      expect(inputsOf("template").vpcSecurityGroupIds).to.deep.equal(["sg-servers"]);
      expect(inputsOf("template")).to.not.have.any.keys("keyName", "networkInterfaces");
    });

    it("measures by the minute", () => {
      expect(inputsOf("template").monitoring).to.deep.equal({ enabled: true });
    });

    it("tags what comes with a server", () => {
      const specifications = inputsOf("template").tagSpecifications as { resourceType: string; tags: object }[];
      expect(specifications.map(({ resourceType }) => resourceType)).to.deep.equal(["volume", "network-interface"]);
      for (const { tags } of specifications) expect(tags).to.deep.equal({ ...TAGS, Name: "shop-web-servers" });
    });
  });

  describe("the role", () => {
    it("is for servers only, with the rights of the policy, and to be managed without a login", () => {
      const { Statement } = inputsOf("role").assumeRolePolicy as { Statement: object[] };
      expect(Statement).to.have.length(1);
      expect(Statement[0]).to.deep.include({ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" } });
      expect(inputsOf("rights").policy).to.equal(serverPolicy({ secretArn, contentBucketArn }));
      expect(inputsOf("managed").policyArn).to.equal("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore");
      for (const name of ["rights", "managed", "profile"]) {
        expect(inputsOf(name).role).to.match(/^shop-web-servers-role-/);
      }
    });

    it("reaches the servers by the template", () => {
      const { arn } = inputsOf("template").iamInstanceProfile as { arn: string };
      expect(arn).to.match(/:instance-profile\/shop-web-servers-profile-/);
    });
  });

  describe("the group", () => {
    it("spreads over the subnets, within the bounds that it is told, and leaves the number to the load", () => {
      expect(inputsOf("group")).to.deep.include({
        vpcZoneIdentifiers: ["subnet-a", "subnet-b", "subnet-c"],
        minSize: 3,
        maxSize: 12,
      });
      expect(inputsOf("group")).to.not.have.property("desiredCapacity");
    });

    it("joins its servers to the target group, whose health check they must pass once they have booted", () => {
      expect(inputsOf("group")).to.deep.include({
        targetGroupArns: [TARGETS],
        healthCheckType: "ELB",
        healthCheckGracePeriod: 300,
        defaultInstanceWarmup: 120,
      });
    });

    it("launches by the newest version's number, so that a new one replaces the servers", () => {
      expect(inputsOf("group").launchTemplate).to.deep.include({ version: "7" });
      expect(inputsOf("group").instanceRefresh).to.deep.equal({
        strategy: "Rolling",
        preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 150 },
      });
    });

    it("takes no server away before a well one has come, also when all fail because the database is down", () => {
      expect(inputsOf("group").instanceMaintenancePolicy).to.deep.equal({
        minHealthyPercentage: 100,
        maxHealthyPercentage: 150,
      });
    });

    it("waits for the rights that a server needs when it boots", () => {
      const { dependencies } = resources.named("shop-web-servers-group");
      expect(dependencies).to.include.members(["shop-web-servers-rights", "shop-web-servers-managed"]);
    });

    it("hands its tags to its servers", () => {
      const tags = inputsOf("group").tags as { key: string; value: string; propagateAtLaunch: boolean }[];
      for (const { propagateAtLaunch } of tags) expect(propagateAtLaunch).to.equal(true);
      expect(Object.fromEntries(tags.map(({ key, value }) => [key, value]))).to.deep.equal({
        ...TAGS,
        Name: "shop-web-servers",
      });
    });

    it("follows the load: half of the CPU", async () => {
      expect(inputsOf("scaling")).to.deep.equal({
        autoscalingGroupName: await settled(servers.autoScalingGroupName),
        policyType: "TargetTrackingScaling",
        targetTrackingConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
          targetValue: 50,
        },
      });
    });
  });

  it("has no secret of its own, and keeps secret what it was given as one", async () => {
    expect(resources.customs.flatMap(({ secrets }) => secrets)).to.be.empty;
    const { resources: secretive } = await deployServers({ siteDocument: pulumi.secret(SITE) });
    expect(secretive.named("shop-web-servers-template").secrets).to.deep.equal(["userData"]);
  });
});
