import { PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { until } from "../../support/until.ts";
import { type Deployed, useLocalAws } from "./local-aws.ts";
import { deployCertificate, deployNetwork, deployServerRole, userData } from "./site.ts";

const APP = "https://app.shop.example";

describe("the web tier on the local AWS", () => {
  const aws = useLocalAws();
  let host: string;
  let group: Deployed;
  let template: Deployed;
  let sizes: Record<string, unknown>;
  let documentOf: (more?: object) => string;

  before(async () => {
    const { vpcId, subnetIds } = await deployNetwork(aws);
    const bucket = (await aws.deploy("aws:s3/bucket:Bucket", { bucket: "shop-content" })).id;
    const ContentType = "text/html";
    await aws.cloud.s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: "index.html", Body: "Welcome <b>all</b>", ContentType }),
    );
    const subnets = await aws.deploy("aws:rds/subnetGroup:SubnetGroup", { name: "shop", subnetIds });
    const database = await aws.deploy("aws:rds/instance:Instance", {
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
    const [{ secretArn } = { secretArn: "" }] = database.properties.masterUserSecrets as { secretArn: string }[];
    const profile = await deployServerRole(aws, [
      { Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/*` },
      { Effect: "Allow", Action: "s3:ListBucket", Resource: `arn:aws:s3:::${bucket}` },
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArn },
    ]);
    documentOf = (more = {}) =>
      userData({
        content: { kind: "s3", bucket, region: "eu-central-1" },
        database: {
          host: String(database.properties.address),
          port: Number(database.properties.port),
          name: "app",
          secret: secretArn,
        },
        ...more,
      });
    template = await aws.deploy("aws:ec2/launchTemplate:LaunchTemplate", {
      imageId: "ami-1",
      instanceType: "m7i.large",
      userData: documentOf(),
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
    await aws.deploy("aws:lb/listener:Listener", {
      loadBalancerArn: balancer.id,
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
    });
    sizes = {
      minSize: 2,
      maxSize: 4,
      vpcZoneIdentifiers: subnetIds,
      targetGroupArns: [targets.id],
      instanceRefresh: { strategy: "Rolling" },
    };
    group = await aws.deploy("aws:autoscaling/group:Group", {
      ...sizes,
      launchTemplate: { id: template.id, version: "1" },
    });
    host = String(balancer.properties.dnsName);
  });

  const ask = (path: string, options: object = {}) => aws.fetch(`${APP}${path}`, { at: host, ...options });
  const machines = () => {
    const { fleet } = aws.cloud.hosting.groups.get(String(group.properties.arn)) ?? {};
    return fleet?.machines() ?? [];
  };

  it("answers under a host of AWS's own form, with a certificate for the app's name", async () => {
    expect(host).to.match(/^shop-\w+\.eu-central-1\.elb\.amazonaws\.com$/);
    const answer = await ask("/");
    expect(answer.status).to.equal(200);
    expect(await answer.text())
      .to.include("0 rows at the primary site")
      .and.include("Welcome &lt;b&gt;all&lt;/b&gt;");
  });

  it("is well with its database and its content, which the servers reach by the rights of their role", async () => {
    const answer = await ask("/healthz");
    expect([answer.status, await answer.json()]).to.deep.equal([
      200,
      { status: "well", workload: "shop", site: "primary", problems: {} },
    ]);
    const item = await ask("/content/index.html");
    expect([item.headers.get("content-type"), await item.text()]).to.deep.equal(["text/html", "Welcome <b>all</b>"]);
  });

  it("writes a row once, however often it is sent", async () => {
    const request = { method: "POST", headers: { "idempotency-key": "first" }, body: '{"text":"hello"}' };
    const first = await ask("/rows", request);
    const second = await ask("/rows", request);
    expect([first.status, second.status]).to.deep.equal([201, 200]);
    const note = (await first.json()) as object;
    expect(note).to.include({ key: "first", text: "hello", site: "primary" });
    expect(await second.json()).to.deep.equal(note);
    expect(await (await ask("/rows")).json()).to.deep.equal({ count: 1, rows: [note] });
  });

  it("sends who comes by HTTP to HTTPS", async () => {
    const answer = await aws.fetch("http://app.shop.example/rows?after=1", { at: host });
    expect(answer.status).to.equal(301);
    expect(answer.headers.get("location")).to.equal("https://app.shop.example:443/rows?after=1");
  });

  it("starts a server again that died, and goes on meanwhile", async () => {
    const [machine] = machines();
    process.kill(Number(machine?.pid), "SIGKILL");
    await until(() => machine?.restarts === 1, "the machine was started again");
    await until(async () => (await ask("/healthz")).status === 200, "the site is well again");
  });

  it("grows and shrinks", async () => {
    const [first] = machines();
    await group.update({ ...sizes, minSize: 3, launchTemplate: { id: template.id, version: "1" } });
    expect(machines()).to.have.length(3);
    await group.update({ ...sizes, minSize: 1, desiredCapacity: 1, launchTemplate: { id: template.id, version: "1" } });
    expect(machines()).to.deep.equal([first]);
  });

  it("renews its servers from a new version of the template, and is up all the while", async () => {
    const [former] = machines();
    const next = await template.update({
      imageId: "ami-2",
      instanceType: "m7i.large",
      iamInstanceProfile: template.properties.iamInstanceProfile,
      userData: documentOf({ workload: "shop-2" }),
    });
    expect(next.latestVersion).to.equal(2);
    const failures: number[] = [];
    let over = false;
    const users = (async () => {
      while (!over) {
        const { status } = await ask("/healthz");
        if (status !== 200) failures.push(status);
      }
    })();
    await group.update({ ...sizes, desiredCapacity: 2, launchTemplate: { id: template.id, version: "2" } });
    await until(
      async () => ((await (await ask("/healthz")).json()) as { workload: string }).workload === "shop-2",
      "new",
    );
    over = true;
    await users;
    expect(failures).to.deep.equal([]);
    expect(machines().map(({ pid }) => pid)).not.to.include(former?.pid);
  });

  it("ends its servers with the group, and then answers 503", async () => {
    const pids = machines().map(({ pid }) => Number(pid));
    await group.delete();
    for (const pid of pids) expect(() => process.kill(pid, 0)).to.throw(/ESRCH/);
    expect((await ask("/")).status).to.equal(503);
  });
});
