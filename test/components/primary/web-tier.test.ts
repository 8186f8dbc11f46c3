import { expect } from "chai";
import { accessLogBucketPolicy } from "../../../components/primary/resource-policies.ts";
import { WebTier, type WebTierArgs } from "../../../components/primary/web-tier.ts";
import { cloudConfig, type SiteDocument } from "../../../components/site-document.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1111-4222-8333-444455556666";

const SITE: SiteDocument = {
  workload: "shop",
  site: "primary",
  appName: "app.example.com",
  port: 8080,
  healthPath: "/healthz",
  content: { kind: "s3", bucket: "shop-content-1a2b3c4", region: "eu-west-1" },
};

function deployWebTier(args: Partial<WebTierArgs> = {}, name = "shop-web") {
  const usual: WebTierArgs = {
    vpcId: "vpc-0123456789abcdef0",
    publicSubnetIds: ["subnet-public-a", "subnet-public-b"],
    privateSubnetIds: ["subnet-private-a", "subnet-private-b"],
    securityGroups: { loadBalancer: "sg-balancer", servers: "sg-servers" },
    certificateArn: CERTIFICATE,
    instanceType: "m7i.large",
    servers: { min: 3, max: 12 },
    appPort: 8080,
    healthPath: "/healthz",
    siteDocument: SITE,
    secretArn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-1a2b-AbCdEf",
    contentBucketArn: "arn:aws:s3:::shop-content-1a2b3c4",
    logRetentionDays: 90,
    tags: TAGS,
  };
  return deploy(() => new WebTier(name, { ...usual, ...args }));
}

describe("the primary site's WebTier", () => {
  let resources: Registrations;
  let web: WebTier;
  const inputsOf = (name: string) => resources.named(`shop-web-${name}`).inputs;

  before(async () => {
    ({ resources, result: web } = await deployWebTier());
  });

  it("keeps the rules of the house", () => {
    expectHouseRules(resources, "shop-web", "multicloud-dr:primary:WebTier");
  });

  describe("the load balancer", () => {
    it("faces the internet from the public subnets, in its security group", () => {
      expect(inputsOf("lb")).to.deep.include({
        loadBalancerType: "application",
        internal: false,
        subnets: ["subnet-public-a", "subnet-public-b"],
        securityGroups: ["sg-balancer"],
      });
    });

    it("drops headers that no client should send", () => {
      expect(inputsOf("lb").dropInvalidHeaderFields).to.equal(true);
    });

    it("refuses to be deleted, unless protectData is false", async () => {
      const { resources: unprotected } = await deployWebTier({ protectData: false });
      expect(inputsOf("lb").enableDeletionProtection).to.equal(true);
      expect(unprotected.named("shop-web-lb").inputs.enableDeletionProtection).to.equal(false);
    });

    it("sends who comes without TLS to HTTPS, for good", () => {
      expect(inputsOf("http")).to.deep.include({
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
      });
    });

    it("ends TLS 1.2 and 1.3 with the certificate, and hands the request to the servers", () => {
      const { defaultActions, ...listener } = inputsOf("https");
      expect(listener).to.include({
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        certificateArn: CERTIFICATE,
      });
      const [{ type, targetGroupArn }, ...others] = defaultActions as [Record<string, string>];
      expect(others).to.be.empty;
      expect(type).to.equal("forward");
      expect(targetGroupArn).to.match(/:targetgroup\/shop-web-app-/);
    });

    it("has names that AWS takes, with Pulumi's suffix of eight, for the longest name of a workload too", async () => {
      const longest = `${"w".repeat(16)}-web`;
      const { resources: long } = await deployWebTier({}, longest);
      const named = [`aws:lb/loadBalancer:LoadBalancer`, `aws:lb/targetGroup:TargetGroup`].flatMap((type) =>
        long.ofType(type),
      );
      expect(named).to.have.length(2);
      for (const { name } of named) expect(name.length).to.be.at.most(32 - 8);
    });
  });

  describe("the target group", () => {
    it("speaks HTTP to the servers on their port", async () => {
      expect(inputsOf("app")).to.include({
        vpcId: "vpc-0123456789abcdef0",
        targetType: "instance",
        port: 8080,
        protocol: "HTTP",
      });
      const { resources: other } = await deployWebTier({ appPort: 9000 });
      expect(other.named("shop-web-app").inputs.port).to.equal(9000);
    });

    it("asks each server on the health path, and takes nothing for well but 200", async () => {
      expect(inputsOf("app").healthCheck).to.deep.equal({
        protocol: "HTTP",
        path: "/healthz",
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      });
      const { resources: other } = await deployWebTier({ healthPath: "/deep/check" });
      expect(other.named("shop-web-app").inputs.healthCheck).to.include({ path: "/deep/check" });
    });

    it("lets a server that goes finish for a minute", () => {
      expect(inputsOf("app").deregistrationDelay).to.equal(60);
    });
  });

  describe("the access logs", () => {
    const bucketOf = ({ inputs }: { inputs: Record<string, unknown> }) =>
      inputs.accessLogs as { bucket: string; enabled: boolean };

    it("go to a bucket of their own, as soon as it takes them", () => {
      const balancer = resources.named("shop-web-lb");
      expect(bucketOf(balancer).enabled).to.equal(true);
      expect(bucketOf(balancer).bucket).to.match(/^shop-web-logs-bucket-/);
      expect(balancer.dependencies).to.include("shop-web-logs-policy");
    });

    it("are written by load balancers of the account and region, and only over TLS", () => {
      const { bucket } = bucketOf(resources.named("shop-web-lb"));
      const group = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/any/0123456789abcdef";
      expect(inputsOf("logs-policy")).to.deep.equal({
        bucket,
        policy: accessLogBucketPolicy(`arn:aws:s3:::${bucket}`, group),
      });
      const [tls, write, ...others] = JSON.parse(String(inputsOf("logs-policy").policy)).Statement;
      expect(others).to.be.empty;
      expect(tls).to.deep.include({ Effect: "Deny", Principal: "*", Action: "s3:*" });
      expect(write).to.deep.equal({
        Sid: "LoadBalancersWrite",
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `arn:aws:s3:::${bucket}/AWSLogs/111122223333/*`,
        Condition: {
          ArnLike: { "aws:SourceArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/*" },
        },
      });
    });

    it("go after as many days as they are told", async () => {
      const { resources: longer } = await deployWebTier({ logRetentionDays: 365 });
      const rulesOf = (made: Registrations) => JSON.stringify(made.named("shop-web-logs-lifecycle").inputs.rules);
      expect(rulesOf(resources)).to.contain('"expiration":{"days":90}');
      expect(rulesOf(longer)).to.contain('"expiration":{"days":365}');
    });

    it("are the only data here, and protected unless protectData is false", async () => {
      expectProtected(resources, ["shop-web-logs-bucket", "shop-web-logs-versioning"]);
      const { resources: unprotected } = await deployWebTier({ protectData: false });
      expectProtected(unprotected, []);
      expect(unprotected.named("shop-web-logs-bucket").inputs.forceDestroy).to.equal(true);
    });
  });

  describe("the servers", () => {
    it("stand in the private subnets, in their security group, as many as told", () => {
      expect(inputsOf("servers-group")).to.deep.include({
        vpcZoneIdentifiers: ["subnet-private-a", "subnet-private-b"],
        minSize: 3,
        maxSize: 12,
      });
      expect(inputsOf("servers-template").vpcSecurityGroupIds).to.deep.equal(["sg-servers"]);
    });

    it("are of the image and type that it is told, and know the site", async () => {
      const { resources: own } = await deployWebTier({ imageId: "ami-0123456789abcdef0", instanceType: "c8g.xlarge" });
      const { inputs } = own.named("shop-web-servers-template");
      expect(inputs).to.include({ imageId: "ami-0123456789abcdef0", instanceType: "c8g.xlarge" });
      expect(Buffer.from(String(inputs.userData), "base64").toString()).to.equal(cloudConfig(SITE));
    });

    it("read the one secret and the one bucket", () => {
      const policy = String(inputsOf("servers-rights").policy);
      expect(policy).to.contain("secret:rds!db-1a2b-AbCdEf");
      expect(policy).to.contain("arn:aws:s3:::shop-content-1a2b3c4/*");
    });

    it("begin when somebody sends them requests, or nobody would ask for their health", () => {
      const { inputs, dependencies } = resources.named("shop-web-servers-group");
      expect(dependencies).to.include("shop-web-https");
      expect(String(inputs.targetGroupArns)).to.match(/:targetgroup\/shop-web-app-/);
    });
  });

  it("tells where it answers, and how its parts are called", async () => {
    expect(await settled(web.dnsName)).to.match(/^shop-web-lb-.*\.eu-west-1\.elb\.amazonaws\.com$/);
    expect(await settled(web.hostedZoneId)).to.match(/^Z[0-9A-Z]+$/);
    expect(await settled(web.loadBalancerArnSuffix)).to.match(/^app\/shop-web-lb-[0-9a-f]{7}\/[0-9a-f]{16}$/);
    expect(await settled(web.targetGroupArnSuffix)).to.match(/^targetgroup\/shop-web-app-[0-9a-f]{7}\/[0-9a-f]{16}$/);
    expect(await settled(web.autoScalingGroupName)).to.match(/^shop-web-servers-group-[0-9a-f]{7}$/);
  });
});
