import { PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { type Deployed, failure, useLocalAws } from "./local-aws.ts";
import { deployCertificate } from "./site.ts";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const CONTENT = "https://content.shop.example";

describe("CloudFront of the local AWS", () => {
  const aws = useLocalAws();
  let bucket: Deployed;
  let distribution: Deployed;
  let inputs: Record<string, unknown>;
  let host: string;

  const policyFor = (distributionArn: unknown) => ({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: "s3:GetObject",
        Resource: `${bucket.properties.arn}/*`,
        Condition: { StringEquals: { "aws:SourceArn": distributionArn } },
      },
    ],
  });

  before(async () => {
    bucket = await aws.deploy("aws:s3/bucket:Bucket", { bucket: "content" });
    const object = { Bucket: "content", Key: "a folder/über.txt", Body: "grüße", ContentType: "text/plain" };
    await aws.cloud.s3.send(new PutObjectCommand(object));
    const access = await aws.deploy("aws:cloudfront/originAccessControl:OriginAccessControl", {
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    const headers = await aws.deploy("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", {
      securityHeadersConfig: {
        strictTransportSecurity: {
          accessControlMaxAgeSec: 60,
          includeSubdomains: true,
          preload: false,
          override: true,
        },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY", override: true },
      },
    });
    inputs = {
      comment: "content",
      enabled: true,
      aliases: ["content.shop.example"],
      origins: [
        {
          originId: "bucket",
          domainName: bucket.properties.bucketRegionalDomainName,
          originAccessControlId: access.id,
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: "bucket",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        viewerProtocolPolicy: "redirect-to-https",
        cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
        responseHeadersPolicyId: headers.id,
      },
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: {
        acmCertificateArn: await deployCertificate(aws, "content.shop.example", "us-east-1"),
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2021",
      },
    };
    distribution = await aws.deploy(DISTRIBUTION, inputs);
    host = String(distribution.properties.domainName);
  });

  const get = (path: string, options: object = {}) => aws.fetch(`${CONTENT}${path}`, { at: host, ...options });

  it("has a host, an ARN and a zone of CloudFront's own form", () => {
    expect(host).to.match(/^d[0-9a-z]{13}\.cloudfront\.net$/);
    expect(distribution.properties).to.include({
      arn: `arn:aws:cloudfront::111122223333:distribution/${distribution.id}`,
      hostedZoneId: "Z2FDTNDATAQYW2",
      status: "Deployed",
    });
  });

  it("serves nothing of a bucket that does not let it in", async () => {
    expect((await get("/a%20folder/%C3%BCber.txt")).status).to.equal(403);
    const policy = policyFor("arn:aws:cloudfront::111122223333:distribution/ANOTHER");
    const other = await aws.deploy("aws:s3/bucketPolicy:BucketPolicy", { bucket: "content", policy });
    expect((await get("/a%20folder/%C3%BCber.txt")).status).to.equal(403);
    await other.delete();
  });

  it("serves objects under its alias and its own host, with the policy's headers", async () => {
    const policy = policyFor(distribution.properties.arn);
    await aws.deploy("aws:s3/bucketPolicy:BucketPolicy", { bucket: "content", policy });
    for (const answer of [
      await get("/a%20folder/%C3%BCber.txt"),
      await aws.fetch(`https://${host}/a%20folder/%C3%BCber.txt`),
    ]) {
      expect([answer.status, await answer.text()]).to.deep.equal([200, "grüße"]);
      expect(Object.fromEntries(answer.headers)).to.include({
        "content-type": "text/plain",
        "strict-transport-security": "max-age=60; includeSubDomains",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      });
    }
    expect((await get("/nothing.txt")).status).to.equal(403);
  });

  it("refuses what is not read, and hosts that are not its own", async () => {
    expect((await get("/a", { method: "PUT", body: "b" })).status).to.equal(403);
    const stranger = await aws.fetch("http://content.other.example/", { at: host });
    expect(stranger.status).to.equal(403);
  });

  it("sends who comes by HTTP to HTTPS, under the same name", async () => {
    const answer = await aws.fetch("http://content.shop.example/a?b=c", { at: host });
    expect([answer.status, answer.headers.get("location")]).to.deep.equal([301, `${CONTENT}/a?b=c`]);
  });

  it("is met no more while it is disabled, and after it is deleted", async () => {
    expect(await distribution.refresh()).to.deep.equal(inputs);
    await distribution.update({ ...inputs, enabled: false });
    expect(await failure(get("/"))).to.include(`nobody answers at ${host}:443`);
    await distribution.update(inputs);
    expect((await get("/a%20folder/%C3%BCber.txt")).status).to.equal(200);
    await distribution.delete();
    await distribution.delete();
    expect(await distribution.refresh()).to.equal(undefined);
    expect(aws.names.hosts()).to.deep.equal([]);
  });

  describe("refuses", () => {
    const certificate = (arn: string) => ({ viewerCertificate: { acmCertificateArn: arn } });

    it("a certificate of another region", async () => {
      const other = certificate("arn:aws:acm:eu-central-1:111122223333:certificate/a");
      expect(await aws.refusals(DISTRIBUTION, { ...inputs, ...other })).to.match(/not in us-east-1/);
    });

    it("a certificate that nobody validated", async () => {
      const other = certificate("arn:aws:acm:us-east-1:111122223333:certificate/a");
      expect(await failure(aws.deploy(DISTRIBUTION, { ...inputs, ...other }))).to.match(/InvalidViewerCertificate/);
    });

    it("an alias that the certificate does not cover", async () => {
      const call = aws.deploy(DISTRIBUTION, { ...inputs, aliases: ["www.shop.example"] });
      expect(await failure(call)).to.match(/does not cover the alias "www.shop.example"/);
    });

    it("an alias beside CloudFront's own certificate", async () => {
      const own = { viewerCertificate: { cloudfrontDefaultCertificate: true } };
      expect(await aws.refusals(DISTRIBUTION, { ...inputs, ...own })).to.match(/covers no alias/);
    });

    it("a behaviour without its origin", async () => {
      const stray = { defaultCacheBehavior: { targetOriginId: "elsewhere" } };
      expect(await aws.refusals(DISTRIBUTION, { ...inputs, ...stray })).to.match(/no origin "elsewhere" among bucket/);
    });

    it("a custom origin, which it does not carry out", async () => {
      const origins = [{ originId: "bucket", domainName: "app.shop.example", customOriginConfig: {} }];
      expect(await aws.refusals(DISTRIBUTION, { ...inputs, origins })).to.match(/customOriginConfig/);
    });
  });
});
