import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { ContentDelivery, type ContentDeliveryArgs } from "../../../components/primary/content-delivery.ts";
import { contentBucketPolicy } from "../../../components/primary/resource-policies.ts";
import { SECURITY_HEADERS } from "../../../components/primary/security-headers.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const BUCKET_ARN = "arn:aws:s3:::shop-content-1a2b3c4";

const ARGS: ContentDeliveryArgs = {
  bucketName: pulumi.output("shop-content-1a2b3c4"),
  bucketArn: pulumi.output(BUCKET_ARN),
  bucketRegionalDomainName: pulumi.output("shop-content-1a2b3c4.s3.eu-west-1.amazonaws.com"),
  alias: "content.example.com",
  certificateArn: pulumi.output("arn:aws:acm:us-east-1:111122223333:certificate/12345678"),
  tags: TAGS,
};

describe("ContentDelivery", () => {
  let resources: Registrations;
  let delivery: ContentDelivery;
  const inputsOf = (suffix: string) => resources.named(`shop-delivery-${suffix}`).inputs;

  before(async () => {
    ({ resources, result: delivery } = await deploy(() => new ContentDelivery("shop-delivery", ARGS)));
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-delivery", "multicloud-dr:primary:ContentDelivery");
    expectProtected(resources, []);
  });

  it("asks the bucket itself, in its region, and signs each time that it does", () => {
    const [origin, ...others] = inputsOf("distribution").origins as Record<string, string>[];
    expect(others).to.be.empty;
    expect(origin?.domainName).to.equal("shop-content-1a2b3c4.s3.eu-west-1.amazonaws.com");
    expect(origin?.originAccessControlId).to.match(/^shop-delivery-access-/);
    expect(inputsOf("access")).to.include({
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
  });

  it("is the only public that the bucket answers, whose policy it registers", async () => {
    const distributionArn = await settled(delivery.distributionArn);
    expect(inputsOf("bucket-policy")).to.deep.equal({
      bucket: "shop-content-1a2b3c4",
      policy: contentBucketPolicy(BUCKET_ARN, distributionArn),
    });
  });

  it("answers under the alias, over HTTP/2 and 3, with TLS 1.2 or later and the alias's certificate", () => {
    expect(inputsOf("distribution")).to.deep.include({
      enabled: true,
      aliases: ["content.example.com"],
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      viewerCertificate: {
        acmCertificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/12345678",
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: "TLSv1.2_2021",
      },
    });
  });

  it("only reads, sends everybody to HTTPS, compresses, and caches as the objects say", () => {
    expect(inputsOf("distribution").defaultCacheBehavior).to.deep.include({
      targetOriginId: "bucket",
      allowedMethods: ["GET", "HEAD"],
      cachedMethods: ["GET", "HEAD"],
      viewerProtocolPolicy: "redirect-to-https",
      compress: true,
      cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
    });
  });

  it("sends the security headers with every answer", () => {
    expect(inputsOf("headers").securityHeadersConfig).to.deep.equal(SECURITY_HEADERS);
    const { responseHeadersPolicyId } = inputsOf("distribution").defaultCacheBehavior as Record<string, string>;
    expect(responseHeadersPolicyId).to.match(/^shop-delivery-headers-/);
  });

  it("tells where the alias must lead to", async () => {
    expect(await settled(delivery.domainName)).to.match(/^d[0-9a-f]{13}\.cloudfront\.net$/);
    expect(await settled(delivery.hostedZoneId)).to.equal("Z2FDTNDATAQYW2");
    expect(await settled(delivery.distributionArn)).to.match(/^arn:aws:cloudfront::111122223333:distribution\/E/);
  });
});
