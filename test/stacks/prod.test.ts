import { expect } from "chai";
import { parse } from "yaml";
import type { SiteDocument } from "../../components/site-document.ts";
import { prod } from "../../stacks/prod.ts";
import type { Settings } from "../../stacks/settings.ts";
import { settingsOf } from "../support/config.ts";
import { expectTags } from "../support/house-rules.ts";
import { ACCOUNT, REGION } from "../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../support/mocks.ts";

const SETTINGS: Settings<"prod"> = {
  ...settingsOf("prod"),
  environment: "staging",
  primaryCidr: "10.20.0.0/16",
  zones: 2,
};

const FUNCTIONS = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": { names: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] },
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: ACCOUNT },
};

function deployProd(...changes: Partial<Settings<"prod">>[]) {
  const workloads = changes.length === 0 ? [SETTINGS] : changes.map((change) => ({ ...SETTINGS, ...change }));
  return deploy(() => prod(workloads), { functions: FUNCTIONS });
}

/** What the servers of a site are told. */
function siteDocumentIn(resources: Registrations): SiteDocument {
  const [template] = resources.ofType("aws:ec2/launchTemplate:LaunchTemplate");
  const text = Buffer.from(String(template?.inputs.userData), "base64").toString();
  const { write_files } = parse(text) as { write_files: { content: string }[] };
  return JSON.parse(write_files[0]?.content ?? "");
}

describe("the prod stack", () => {
  let resources: Registrations;
  let outputs: ReturnType<typeof prod>;

  before(async () => {
    ({ resources, result: outputs } = await deployProd());
  });

  it("registers nothing of Azure, and reads no other stack: it stands alone", () => {
    const clouds = new Set(resources.customs.map(({ type }) => type.split(":")[0]));
    expect([...clouds]).to.have.members(["aws", "random"]);
    expect(resources.stacksRead).to.be.empty;
  });

  it("is one site, all of whose parts bear the workload's name", () => {
    expect(resources.ofType("multicloud-dr:primary:PrimarySite").map(({ name }) => name)).to.deep.equal(["shop"]);
    for (const { name } of resources.all) expect(name).to.match(/^shop(-|$)/);
  });

  it("tags everything as the primary site's", () => {
    expectTags(resources, { Purpose: "primary", Environment: "staging", Workload: "shop", Owner: "platform-team" });
  });

  it("protects what holds data by the settings, and by nothing else", async () => {
    const types = resources.customs.filter(({ protect }) => protect).map(({ type }) => type);
    expect(new Set(types)).to.deep.equal(
      new Set([
        "aws:backup/vault:Vault",
        "aws:ec2/vpc:Vpc",
        "aws:rds/instance:Instance",
        "aws:route53/zone:Zone",
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketVersioning:BucketVersioning",
        "aws:secretsmanager/secret:Secret",
      ]),
    );
    const { resources: free } = await deployProd({ protectData: false });
    expect(free.customs.filter(({ protect, retainOnDelete }) => protect || retainOnDelete)).to.be.empty;
  });

  it("makes the zone of the domain, or takes the one that stands", async () => {
    expect(resources.named("shop-zone").inputs.name).to.equal("shop.example.com");
    const { resources: adopting, result } = await deployProd({ zoneId: "Z0123456789ABCDEFGHIJ" });
    expect(adopting.names).to.not.include("shop-zone");
    const told = (await settled(result)).shop;
    expect(told).to.include({ zoneId: "Z0123456789ABCDEFGHIJ" });
    expect(told?.nameServers).to.be.empty;
  });

  it("hands each setting to the part that it is for", async () => {
    const { resources: other } = await deployProd({
      healthPath: "/well",
      serversMin: 5,
      serversMax: 9,
      serverType: "c7i.xlarge",
      serverImage: "ami-0a1b2c3d4e5f60718",
      databaseName: "orders",
      databaseClass: "db.r8g.large",
      databaseStorageGib: 400,
      databaseMaxStorageGib: 900,
      databaseBackupDays: 21,
      databasePasswordGeneration: 3,
      objectLockMode: "compliance",
      objectLockDays: 77,
      vaultLockMode: "compliance",
      vaultLockDays: 99,
      logRetentionDays: 180,
      alertEmail: "ops@example.com",
      natGateways: "one",
    });
    const inputsOf = (type: string) => other.ofType(type)[0]?.inputs ?? {};
    expect(inputsOf("aws:autoscaling/group:Group")).to.include({ minSize: 5, maxSize: 9 });
    expect(inputsOf("aws:ec2/launchTemplate:LaunchTemplate")).to.include({
      instanceType: "c7i.xlarge",
      imageId: "ami-0a1b2c3d4e5f60718",
    });
    expect(inputsOf("aws:lb/targetGroup:TargetGroup").healthCheck).to.include({ path: "/well" });
    expect(inputsOf("aws:rds/instance:Instance")).to.include({
      dbName: "orders",
      instanceClass: "db.r8g.large",
      allocatedStorage: 400,
      maxAllocatedStorage: 900,
      backupRetentionPeriod: 21,
    });
    expect(other.named("shop-database-password").inputs.keepers).to.deep.equal({ generation: "3" });
    const lock = other.named("shop-content-lock").inputs.rule as { defaultRetention: object };
    expect(lock.defaultRetention).to.deep.equal({ mode: "COMPLIANCE", days: 77 });
    expect(inputsOf("aws:backup/vaultLockConfiguration:VaultLockConfiguration")).to.include({
      minRetentionDays: 99,
      changeableForDays: 3,
    });
    expect(inputsOf("aws:sns/topicSubscription:TopicSubscription")).to.include({ endpoint: "ops@example.com" });
    expect(other.ofType("aws:ec2/natGateway:NatGateway")).to.have.length(1);
    for (const { inputs } of other.ofType("aws:cloudwatch/logGroup:LogGroup")) {
      expect(inputs.retentionInDays).to.equal(180);
    }
  });

  it("has the servers look for the database where RDS says, or at the name that moves with a disaster", async () => {
    const told = (await settled(outputs)).shop;
    expect(siteDocumentIn(resources).database?.host).to.equal(told?.databaseAddress);
    const databaseHostName = "database.shop.internal";
    const { resources: other, result } = await deployProd({ databaseHostName });
    expect(siteDocumentIn(other)).to.deep.equal({
      ...siteDocumentIn(resources),
      database: { ...siteDocumentIn(resources).database, host: databaseHostName },
    });
    // What that name leads to is for `traffic` to say, by the database's own; it has to have the same.
    expect((await settled(result)).shop).to.deep.equal({ ...told, databaseHostName });
  });

  it("asks for CloudFront's certificate where CloudFront looks for it, and for the app's at home", () => {
    const regions = resources
      .ofType("aws:acm/certificate:Certificate")
      .map(({ inputs }) => [inputs.domainName, inputs.region]);
    expect(regions).to.have.deep.members([
      ["app.shop.example.com", undefined],
      ["content.shop.example.com", "us-east-1"],
    ]);
  });

  it("tells other stacks what they need", async () => {
    const told = (await settled(outputs)).shop;
    expect(told).to.include({
      workload: "shop",
      region: "eu-west-1",
      appName: "app.shop.example.com",
      contentName: "content.shop.example.com",
    });
    expect(told?.vpcId).to.match(/^vpc-/);
    expect(told?.subnetIds.private).to.have.length(2);
    expect(told?.contentBucketArn).to.equal(`arn:aws:s3:::${told?.contentBucketName}`);
    expect(told?.appHost).to.match(/\.elb\.amazonaws\.com$/);
    expect(told?.contentHost).to.match(/\.cloudfront\.net$/);
    expect(told?.privateSubnetIds).to.deep.equal(told?.subnetIds.private);
    expect(told?.databasePort).to.equal(3306);
    expect(told?.databaseArn).to.match(/^arn:aws:rds:eu-west-1:111122223333:db:shop-database-server-/);
    expect(resources.named("shop-database-server").inputs.vpcSecurityGroupIds).to.deep.equal([
      told?.databaseSecurityGroupId,
    ]);
    expect(told?.databaseAddress).to.match(/\.rds\.amazonaws\.com$/);
    expect(told?.alarmTopicArn).to.match(new RegExp(`^arn:aws:sns:${REGION}:${ACCOUNT}:`));
  });

  it("has a site for each of several workloads, the same as if each stood alone", async () => {
    const { resources: both, result } = await deployProd({}, { workload: "billing", zones: 3 });
    expect(Object.keys(result)).to.deep.equal(["shop", "billing"]);
    const own = (workload: string) => both.customs.filter(({ name }) => name.startsWith(`${workload}-`));
    expect(own("shop").map(({ name }) => name)).to.have.members(resources.names);
    expect(own("billing").filter(({ type }) => type === "aws:ec2/subnet:Subnet")).to.have.length(9);
  });
});
