import { expect } from "chai";
import { ContentBucket, type ContentBucketArgs } from "../../../components/primary/content-bucket.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

function deployBucket(args: Partial<ContentBucketArgs> = {}) {
  return deploy(() => new ContentBucket("shop-content", { tags: TAGS, ...args }));
}

describe("ContentBucket", () => {
  let resources: Registrations;
  let content: ContentBucket;
  let bucketName: string;

  before(async () => {
    ({ resources, result: content } = await deployBucket());
    bucketName = await settled(content.bucketName);
  });

  it("keeps the rules of the house", () => {
    expectHouseRules(resources, "shop-content", "multicloud-dr:primary:ContentBucket");
  });

  it("is one bucket, and every setting is of that bucket", () => {
    expect(resources.ofType("aws:s3/bucket:Bucket")).to.have.length(1);
    const settings = resources.customs.filter(({ name }) => name !== "shop-content-bucket");
    expect(settings).to.have.length(4);
    for (const { inputs } of settings) expect(inputs.bucket).to.equal(bucketName);
  });

  it("keeps every version of an object", () => {
    expect(resources.named("shop-content-versioning").inputs.versioningConfiguration).to.deep.equal({
      status: "Enabled",
    });
  });

  it("encrypts with S3's own keys, so that there is no key to destroy", () => {
    expect(resources.named("shop-content-encryption").inputs.rules).to.deep.equal([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
  });

  it("is closed to the public in all four ways", () => {
    expect(resources.named("shop-content-no-public-access").inputs).to.include({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
  });

  it("denies everything to everybody who does not come over TLS, for the bucket and all in it", () => {
    const { Statement } = JSON.parse(String(resources.named("shop-content-tls-only").inputs.policy));
    expect(Statement).to.deep.equal([
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`arn:aws:s3:::${bucketName}`, `arn:aws:s3:::${bucketName}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("sets its two access settings one after the other: S3 refuses both at once", () => {
    expect(resources.named("shop-content-tls-only").dependencies).to.include("shop-content-no-public-access");
  });

  it("protects by default what holds data: the bucket, and the versions in it", () => {
    expectProtected(resources, ["shop-content-bucket", "shop-content-versioning"]);
    expect(resources.named("shop-content-bucket").inputs.forceDestroy).to.equal(false);
  });

  it("protects nothing, and empties the bucket when it goes, once protectData is false", async () => {
    const { resources: unprotected } = await deployBucket({ protectData: false });
    expectProtected(unprotected, []);
    expect(unprotected.named("shop-content-bucket").inputs.forceDestroy).to.equal(true);
  });

  it("tells where the bucket is", async () => {
    expect(await settled(content.bucketArn)).to.equal(`arn:aws:s3:::${bucketName}`);
    expect(await settled(content.regionalDomainName)).to.equal(`${bucketName}.s3.eu-west-1.amazonaws.com`);
  });
});
