import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { type Deployed, failure, useLocalAws } from "./local-aws.ts";
import { deployCertificate, deployNetwork } from "./site.ts";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const LISTENER = "aws:lb/listener:Listener";
const RULE = "aws:lb/listenerRule:ListenerRule";

const says = (messageBody: string, statusCode = "200") => ({
  type: "fixed-response",
  fixedResponse: { contentType: "text/plain", messageBody, statusCode },
});

describe("the local AWS's load balancers", () => {
  const aws = useLocalAws();
  let vpcId: string;
  let subnets: string[];
  let balancer: Deployed;
  let host: string;

  before(async () => {
    const network = await deployNetwork(aws);
    vpcId = network.vpcId;
    subnets = network.subnetIds;
    balancer = await aws.deploy(BALANCER, { name: "shop", subnets, securityGroups: [], tags: { Name: "shop" } });
    host = String(balancer.properties.dnsName);
  });

  const get = async (url: string, options: object = {}) => {
    const answer = await aws.fetch(url, { at: host, ...options });
    return [answer.status, await answer.text()];
  };

  it("have ARNs, hosts and zones of AWS's own form", () => {
    const { arn, arnSuffix, dnsName, vpcId: found, zoneId } = balancer.properties;
    expect(arn).to.match(/^arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer\/app\/shop\/\w{16}$/);
    expect(String(arn).endsWith(`loadbalancer/${arnSuffix}`)).to.equal(true);
    expect(dnsName).to.match(/^shop-\w+\.eu-central-1\.elb\.amazonaws\.com$/);
    expect([found, zoneId]).to.deep.equal([vpcId, "Z35SXDOTRQ7X7K"]);
  });

  it("are not deleted while they are protected", async () => {
    const inputs = { name: "kept", subnets, enableDeletionProtection: true };
    const kept = await aws.deploy(BALANCER, inputs);
    expect(await kept.refresh()).to.deep.equal(inputs);
    expect(await failure(kept.delete())).to.match(/OperationNotPermitted/);
    await kept.update({ ...inputs, enableDeletionProtection: false });
    await kept.delete();
    await kept.delete();
    expect(await kept.refresh()).to.equal(undefined);
  });

  it("log into a bucket that lets them, and into no other", async () => {
    const bucket = "shop-logs";
    await aws.deploy("aws:s3/bucket:Bucket", { bucket });
    const inputs = { name: "logging", subnets, accessLogs: { bucket, enabled: true } };
    expect(await failure(aws.deploy(BALANCER, inputs))).to.match(/access denied for the bucket shop-logs/);
    const policy = {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: `arn:aws:s3:::${bucket}/*`,
        },
      ],
    };
    await aws.deploy("aws:s3/bucketPolicy:BucketPolicy", { bucket, policy });
    await aws.deploy(BALANCER, { ...inputs, name: "logging-2" });
  });

  it("listen where they are told, and say what they are told", async () => {
    const inputs = { loadBalancerArn: balancer.id, port: 80, protocol: "HTTP", defaultActions: [says("one")] };
    const listener = await aws.deploy(LISTENER, inputs);
    expect(await get("http://a.example/")).to.deep.equal([200, "one"]);
    expect(await listener.refresh()).to.deep.equal(inputs);
    await listener.update({ ...inputs, defaultActions: [says("gone", "410")] });
    expect(await get("http://a.example/")).to.deep.equal([410, "gone"]);
    await listener.update({ ...inputs, port: 8080, defaultActions: [says("two")] });
    expect(await get("http://a.example:8080/")).to.deep.equal([200, "two"]);
    expect(await failure(get("http://a.example/"))).to.match(/nobody answers at .*:80/);
    await listener.delete();
    await listener.delete();
    expect(await listener.refresh()).to.equal(undefined);
    expect(await failure(get("http://a.example:8080/"))).to.match(/nobody answers/);
  });

  it("follow their rules, the one with the lowest number first", async () => {
    const loadBalancerArn = balancer.id;
    const listener = await aws.deploy(LISTENER, {
      loadBalancerArn,
      port: 81,
      protocol: "HTTP",
      defaultActions: [says("?")],
    });
    const rule = (priority: number, text: string, conditions: object[]) =>
      aws.deploy(RULE, { listenerArn: listener.id, priority, conditions, actions: [says(text)] });
    const api = await rule(20, "api", [{ pathPattern: { values: ["/api/*"] } }]);
    await rule(10, "get api", [{ pathPattern: { values: ["/api/?"] } }, { httpRequestMethod: { values: ["GET"] } }]);
    await rule(30, "b", [{ hostHeader: { values: ["*.B.example"] } }]);
    const body = async (url: string, options: object = {}) => (await get(url, options))[1];
    expect(await body("http://a.example:81/api/x?y")).to.equal("get api");
    expect(await body("http://a.example:81/api/x", { method: "POST" })).to.equal("api");
    expect(await body("http://www.b.example:81/")).to.equal("b");
    expect(await body("http://a.example:81/apix")).to.equal("?");
    await api.update({ listenerArn: listener.id, priority: 20, conditions: [], actions: [says("all")] });
    expect(await body("http://a.example:81/apix")).to.equal("all");
    await api.delete();
    expect(await api.refresh()).to.equal(undefined);
    expect(await body("http://a.example:81/apix")).to.equal("?");
  });

  it("redirect with what they are given, and with the request's parts where they are not", async () => {
    const redirect = {
      host: "www.#{host}",
      path: "/to/#{path}",
      query: "q=1",
      protocol: "HTTPS",
      statusCode: "HTTP_302",
    };
    const defaultActions = [{ type: "redirect", redirect }];
    await aws.deploy(LISTENER, { loadBalancerArn: balancer.id, port: 82, protocol: "HTTP", defaultActions });
    const answer = await aws.fetch("http://a.example:82/x?y=z", { at: host });
    expect([answer.status, answer.headers.get("location")]).to.deep.equal([302, "https://www.a.example:82/to/x?q=1"]);
  });

  it("take a certificate that was issued in their region, and no other", async () => {
    const listener = { loadBalancerArn: balancer.id, port: 443, protocol: "HTTPS", defaultActions: [says("safe")] };
    const abroad = await deployCertificate(aws, "app.shop.example", "us-east-1");
    const call = aws.deploy(LISTENER, { ...listener, certificateArn: abroad });
    expect(await failure(call)).to.match(/UnsupportedCertificate: .* is no issued certificate in eu-central-1/);
    const certificateArn = await deployCertificate(aws, "app.shop.example");
    await aws.deploy(LISTENER, { ...listener, certificateArn });
    expect(await get("https://app.shop.example/")).to.deep.equal([200, "safe"]);
  });

  it("have target groups whose settings stay as they were given", async () => {
    const inputs = {
      name: "app",
      port: 8080,
      protocol: "HTTP",
      vpcId,
      targetType: "instance",
      healthCheck: {
        path: "/healthz",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
        matcher: "200",
      },
      deregistrationDelay: 60,
      tags: { Name: "app" },
    };
    const group = await aws.deploy(TARGETS, inputs);
    expect(group.properties.arnSuffix).to.match(/^targetgroup\/app\/\w{16}$/);
    expect(await group.refresh()).to.deep.equal(inputs);
    const next = { ...inputs, healthCheck: { ...inputs.healthCheck, path: "/other" }, tags: { Name: "b" } };
    await group.update(next);
    expect(await group.refresh()).to.deep.equal(next);
    await group.delete();
    await group.delete();
    expect(await group.refresh()).to.equal(undefined);
  });

  describe("refuse", () => {
    const check = (healthCheck: Properties) => ({ name: "a", healthCheck });
    const refused: [string, string, Properties, RegExp][] = [
      ["too long a name", BALANCER, { name: "a".repeat(33) }, /at most 32 .* add 8 characters/],
      ["a name that AWS keeps for itself", BALANCER, { name: "internal-a" }, /not beginning with "internal-"/],
      ["another type", BALANCER, { loadBalancerType: "network" }, /application load balancers only/],
      ["subnets that are not there", BALANCER, { subnets: ["subnet-0"] }, /no subnet "subnet-0"/],
      ["one zone only", BALANCER, { subnets: [] }, /needs two/],
      ["targets by HTTPS", TARGETS, { name: "a", protocol: "HTTPS" }, /speak HTTP to their targets/],
      ["a check that never ends", TARGETS, check({ interval: 5, timeout: 5 }), /not below the interval of 5/],
      ["a check too often", TARGETS, check({ interval: 4, timeout: 2 }), /interval 4: 5 to 300/],
      ["a path that is none", TARGETS, check({ path: "healthz" }), /does not begin with "\/"/],
      ["HTTPS without a certificate", LISTENER, { protocol: "HTTPS" }, /needs a certificate/],
      ["another protocol", LISTENER, { protocol: "TLS" }, /HTTP or HTTPS/],
      [
        "an action that is not carried out",
        LISTENER,
        { defaultActions: [{ type: "authenticate-oidc" }] },
        /found "auth/,
      ],
      ["a priority out of range", RULE, { priority: 0 }, /1 to 50000/],
    ];
    for (const [what, token, inputs, reason] of refused) {
      it(what, async () => {
        expect(await aws.refusals(token, inputs)).to.match(reason);
      });
    }
  });
});
