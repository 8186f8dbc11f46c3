import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { ListHostedZonesCommand } from "@aws-sdk/client-route-53";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { rejection } from "../../support/rejection.ts";
import { until } from "../../support/until.ts";
import { archive, asset, trustIn } from "./inline-function.ts";
import { failure, useLocalAws } from "./local-aws.ts";
import { deployCertificate, deployNetwork, deployServerRole, userData } from "./site.ts";

const APP = "https://app.shop.example";
const Bucket = "shop-content";

/** What notes the keys of the objects that it is told of. */
const NOTES = `exports.handler = async ({ Records }) => {
  const keys = Records.flatMap(({ body }) => (JSON.parse(body).Records ?? []).map(({ s3 }) => s3.object.key + "\\n"));
  require("node:fs").appendFileSync(process.env.FILE, keys.join(""));
};`;

describe("an outage of the local AWS", () => {
  const aws = useLocalAws();
  let database: Properties;
  let host: string;
  let content: string;
  let queueUrl: string;
  let file: string;
  /** The role of a server, signed in as by itself. */
  let server: S3Client;
  let versions: (string | undefined)[];

  const put = (Key: string, Body: string) => aws.cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  const get = async (Key: string, VersionId?: string) =>
    (await aws.cloud.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
  const ask = (path: string, options: object = {}) => aws.fetch(`${APP}${path}`, { at: host, ...options });
  const healthOf = async () => (await ask("/healthz")).status;
  const noted = async () => (await readFile(file, "utf8").catch(() => "")).split("\n").filter(Boolean);

  before(async () => {
    file = join(aws.folder, "noted");
    const { vpcId, subnetIds } = await deployNetwork(aws);
    await aws.deploy("aws:s3/bucket:Bucket", { bucket: Bucket });
    const versioningConfiguration = { status: "Enabled" };
    await aws.deploy("aws:s3/bucketVersioning:BucketVersioning", { bucket: Bucket, versioningConfiguration });
    versions = [(await put("index.html", "one")).VersionId, (await put("index.html", "two")).VersionId];
    await deployNotes();
    await deploySite(vpcId, subnetIds);
    await deployDistribution();
    queueUrl = (await aws.deploy("aws:sqs/queue:Queue", { name: "waiting" })).id;
  });

  /** A function that a queue tells of the bucket's new objects. */
  async function deployNotes(): Promise<void> {
    const queue = await aws.deploy("aws:sqs/queue:Queue", { name: "events" });
    const policyOf = (statement: object) => ({ Version: "2012-10-17", Statement: [statement] });
    const Resource = queue.properties.arn;
    const sends = { Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sqs:SendMessage", Resource };
    await aws.deploy("aws:sqs/queuePolicy:QueuePolicy", { queueUrl: queue.id, policy: policyOf(sends) });
    const role = await aws.deploy("aws:iam/role:Role", { assumeRolePolicy: trustIn("lambda.amazonaws.com") });
    const takes = { Effect: "Allow", Action: ["sqs:*", "logs:*"], Resource: "*" };
    await aws.deploy("aws:iam/rolePolicy:RolePolicy", { role: role.id, policy: policyOf(takes) });
    const notes = await aws.deploy("aws:lambda/function:Function", {
      role: role.properties.arn,
      runtime: "nodejs24.x",
      handler: "index.handler",
      code: archive({ assets: { "index.js": asset({ text: NOTES }) } }),
      environment: { variables: { FILE: file } },
    });
    await aws.deploy("aws:lambda/eventSourceMapping:EventSourceMapping", {
      eventSourceArn: Resource,
      functionName: notes.properties.arn,
    });
    const queues = [{ queueArn: Resource, events: ["s3:ObjectCreated:*"] }];
    await aws.deploy("aws:s3/bucketNotification:BucketNotification", { bucket: Bucket, queues });
  }

  async function deploySite(vpcId: string, subnetIds: string[]): Promise<void> {
    const subnets = await aws.deploy("aws:rds/subnetGroup:SubnetGroup", { name: "shop", subnetIds });
    const made = await aws.deploy("aws:rds/instance:Instance", {
      identifier: "shop",
      dbSubnetGroupName: subnets.id,
      engine: "mysql",
      engineVersion: "8.4",
      instanceClass: "db.m7g.large",
      allocatedStorage: 20,
      dbName: "app",
      username: "admin",
      manageMasterUserPassword: true,
      skipFinalSnapshot: true,
    });
    database = made.properties;
    const [{ secretArn } = { secretArn: "" }] = database.masterUserSecrets as { secretArn: string }[];
    const profile = await deployServerRole(aws, [
      { Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` },
      { Effect: "Allow", Action: "s3:ListBucket", Resource: `arn:aws:s3:::${Bucket}` },
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
    ]);
    const template = await aws.deploy("aws:ec2/launchTemplate:LaunchTemplate", {
      imageId: "ami-1",
      instanceType: "m7i.large",
      userData: userData({
        content: { kind: "s3", bucket: Bucket, region: "eu-central-1" },
        database: { host: String(database.address), port: Number(database.port), name: "app", secret: secretArn },
      }),
      iamInstanceProfile: { arn: profile.properties.arn },
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    });
    const certificateArn = await deployCertificate(aws, "app.shop.example");
    const balancer = await aws.deploy("aws:lb/loadBalancer:LoadBalancer", { name: "shop", subnets: subnetIds });
    const targets = await aws.deploy("aws:lb/targetGroup:TargetGroup", {
      name: "shop",
      port: 8080,
      protocol: "HTTP",
      vpcId,
      healthCheck: { path: "/healthz", interval: 5, timeout: 2, healthyThreshold: 2, unhealthyThreshold: 2 },
    });
    await aws.deploy("aws:lb/listener:Listener", {
      loadBalancerArn: balancer.id,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificateArn,
      defaultActions: [{ type: "forward", targetGroupArn: targets.id }],
    });
    await aws.deploy("aws:autoscaling/group:Group", {
      minSize: 2,
      maxSize: 2,
      vpcZoneIdentifiers: subnetIds,
      targetGroupArns: [targets.id],
      launchTemplate: { id: template.id, version: "1" },
    });
    host = String(balancer.properties.dnsName);
    const roleArn = [...aws.cloud.hosting.groups.values()][0]?.roleArn;
    server = await signInAs(String(roleArn));
  }

  async function signInAs(RoleArn: string): Promise<S3Client> {
    const { endpoint, requestHandler, credentials: root } = aws.cloud.s3.config;
    const common = { region: "eu-central-1", endpoint, requestHandler };
    const sts = new STSClient({ ...common, credentials: root });
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "a-test" }));
    const credentials = {
      accessKeyId: String(Credentials?.AccessKeyId),
      secretAccessKey: String(Credentials?.SecretAccessKey),
      sessionToken: Credentials?.SessionToken,
    };
    return new S3Client({ ...common, credentials });
  }

  async function deployDistribution(): Promise<void> {
    const access = await aws.deploy("aws:cloudfront/originAccessControl:OriginAccessControl", {
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    const domainName = `${Bucket}.s3.eu-central-1.amazonaws.com`;
    const distribution = await aws.deploy("aws:cloudfront/distribution:Distribution", {
      comment: "content",
      enabled: true,
      origins: [{ originId: "bucket", domainName, originAccessControlId: access.id }],
      defaultCacheBehavior: {
        targetOriginId: "bucket",
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
      },
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    });
    const Resource = `arn:aws:s3:::${Bucket}/*`;
    const Condition = { StringEquals: { "aws:SourceArn": distribution.properties.arn } };
    const Principal = { Service: "cloudfront.amazonaws.com" };
    const statement = { Effect: "Allow", Principal, Action: "s3:GetObject", Resource, Condition };
    const policy = { Version: "2012-10-17", Statement: [statement] };
    await aws.deploy("aws:s3/bucketPolicy:BucketPolicy", { bucket: Bucket, policy });
    content = String(distribution.properties.domainName);
  }

  describe("of all of it", () => {
    const rows = async () => ((await (await ask("/rows")).json()) as { count: number }).count;
    /** Every place at which this AWS is met. */
    const places = () => {
      const { hostname, port } = aws.cloud.hosting.gateway;
      const [machine] = [...aws.cloud.hosting.groups.values()][0]?.fleet.targets() ?? [];
      return {
        "its APIs": { host: hostname, port: Number(port) },
        "its database": { host: String(database.address), port: Number(database.port) },
        "a server": machine,
        "its load balancer": aws.names.lookup(host, 443),
        "its edge": aws.names.lookup(content, 443),
      };
    };
    let before: ReturnType<typeof places>;

    it("refuses whoever comes, everywhere and at once, and ends no session", async () => {
      await until(async () => (await healthOf()) === 200, "the site is well");
      await ask("/rows", { method: "POST", headers: { "idempotency-key": "first" }, body: '{"text":"hello"}' });
      await aws.cloud.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "keep me" }));
      await until(async () => (await noted()).length === 0, "nothing was noted yet");
      before = places();
      // The last word that is confirmed, and whose event is on its way when everything dies.
      await put("last", "word");
      const began = performance.now();
      await aws.local.kill();
      expect(performance.now() - began).to.be.below(2000);
      for (const [name, place] of Object.entries(before)) {
        expect(await codeOfConnecting(place), name).to.equal("ECONNREFUSED");
      }
      expect((await rejection(ask("/"))).message).to.match(/ECONNREFUSED/);
      await aws.local.kill();
    });

    it("comes back at the same places", async () => {
      await aws.local.revive();
      expect(places()).to.deep.equal(before);
      await until(async () => (await healthOf()) === 200, "the site is well again");
    });

    it("has lost no object, no version of one, no message, no row and no record", async () => {
      expect(await get("index.html")).to.equal("two");
      expect([await get("index.html", versions[0]), await get("last")]).to.deep.equal(["one", "word"]);
      const { Messages } = await aws.cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
      expect(Messages?.map(({ Body }) => Body)).to.deep.equal(["keep me"]);
      expect(await rows()).to.equal(1);
      const { DBInstances } = await aws.cloud.rds.send(new DescribeDBInstancesCommand({}));
      expect(DBInstances?.map(({ DBInstanceStatus, Endpoint }) => [DBInstanceStatus, Endpoint?.Address])).to.deep.equal(
        [["available", database.address]],
      );
      const [secret] = database.masterUserSecrets as { secretArn: string }[];
      await aws.cloud.secrets.send(new GetSecretValueCommand({ SecretId: secret?.secretArn }));
      expect((await aws.cloud.route53.send(new ListHostedZonesCommand({}))).HostedZones).to.have.length(1);
      await aws.cloud.scheduler.send(new ListSchedulesCommand({}));
    });

    it("tells its functions of what they were not told of before, and of what comes after", async () => {
      await put("after", "more");
      await until(async () => (await noted()).includes("after"), "the function noted the new object");
      expect(await noted()).to.include("last");
    });

    it("still knows who signed in, and what they may do", async () => {
      await server.send(new GetObjectCommand({ Bucket, Key: "index.html" }));
      const write = server.send(new PutObjectCommand({ Bucket, Key: "index.html", Body: "mine" }));
      expect(await failure(write)).to.match(/AccessDenied/);
    });

    it("serves its content again, and takes new settings", async () => {
      const answer = await aws.fetch(`https://${content}/index.html`);
      expect([answer.status, await answer.text()]).to.deep.equal([200, "two"]);
      await aws.deploy("aws:sqs/queue:Queue", { name: "new" });
    });

    it("can die once more", async () => {
      await aws.local.kill();
      await aws.local.revive();
      expect(await get("after")).to.equal("more");
      await until(async () => (await healthOf()) === 200, "the site is well again");
    });
  });

  describe("of its database only", () => {
    it("leaves a site that says that it is not well, until the database recovers its rows", async () => {
      await aws.local.outage.killDatabase();
      await until(async () => (await healthOf()) === 503, "the site is not well");
      expect(await get("index.html")).to.equal("two");
      await aws.local.outage.reviveDatabase();
      await until(async () => (await healthOf()) === 200, "the site is well again");
      expect(await (await ask("/rows")).json()).to.include({ count: 1 });
    });
  });

  describe("of its content only", () => {
    it("answers 503 at the edge and in S3, to users and to servers, and nowhere else", async () => {
      await aws.local.outage.killContent();
      const answer = await aws.fetch(`https://${content}/index.html`);
      expect([answer.status, answer.headers.get("x-cache")]).to.deep.equal([503, "Error from cloudfront"]);
      const error = await rejection(server.send(new GetObjectCommand({ Bucket, Key: "index.html" })));
      expect([error.name, (error as Error & { $metadata: object }).$metadata]).to.deep.include("ServiceUnavailable");
      await until(async () => (await healthOf()) === 503, "the site is not well");
      await aws.cloud.route53.send(new ListHostedZonesCommand({}));
      await aws.local.outage.reviveContent();
      expect((await aws.fetch(`https://${content}/index.html`)).status).to.equal(200);
      await until(async () => (await healthOf()) === 200, "the site is well again");
    });
  });

  describe("of Route 53's control plane only", () => {
    it("answers 503 there, and nowhere else", async () => {
      await aws.local.outage.killControlPlane();
      const call = aws.cloud.route53.send(new ListHostedZonesCommand({}));
      expect(await failure(call)).to.match(/ServiceUnavailable/);
      expect(await healthOf()).to.equal(200);
      await aws.local.outage.reviveControlPlane();
      await aws.cloud.route53.send(new ListHostedZonesCommand({}));
    });
  });
});

/** The error with which a connection fails. @throws Error when it does not */
function codeOfConnecting(place: { host: string; port: number } | undefined): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "nowhere", port: 0, ...place })
      .once("error", ({ code }: NodeJS.ErrnoException) => resolve(code))
      .once("connect", () => {
        socket.destroy();
        reject(new Error(`expected nobody at ${place?.host}:${place?.port}, found somebody`));
      });
  });
}
