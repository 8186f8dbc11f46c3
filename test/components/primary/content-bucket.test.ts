import { expect } from "chai";
import { ContentBucket, type ContentBucketArgs } from "../../../components/primary/content-bucket.ts";
import { contentLifecycle } from "../../../components/primary/lifecycles.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const ARGS: ContentBucketArgs = { objectLock: { mode: "governance", days: 30 }, tags: TAGS };

function deployBucket(args: Partial<ContentBucketArgs> = {}) {
  return deploy(() => new ContentBucket("shop-content", { ...ARGS, ...args }));
}

describe("ContentBucket", () => {
  let resources: Registrations;
  let content: ContentBucket;

  before(async () => {
    ({ resources, result: content } = await deployBucket());
  });

  it("keeps the rules of the house", () => {
    expectHouseRules(resources, "shop-content", "multicloud-dr:primary:ContentBucket");
  });

  it("is one private bucket, and leaves its policy to whoever delivers it", () => {
    expect(resources.ofType("aws:s3/bucket:Bucket")).to.have.length(1);
    expect(resources.names).to.include("shop-content-no-public-access");
    expect(resources.ofType("aws:s3/bucketPolicy:BucketPolicy")).to.be.empty;
  });

  it("locks its versions as it is told", async () => {
    for (const mode of ["governance", "compliance"] as const) {
      const { resources: locked } = await deployBucket({ objectLock: { mode, days: 7 } });
      const { rule } = locked.named("shop-content-lock").inputs;
      expect(rule).to.deep.equal({ defaultRetention: { mode: mode.toUpperCase(), days: 7 } });
    }
    const { resources: open } = await deployBucket({ objectLock: { mode: "none", days: 0 } });
    expect(open.names).to.not.include("shop-content-lock");
  });

  it("keeps former versions for 90 days, or as long as it is told", async () => {
    expect(resources.named("shop-content-lifecycle").inputs.rules).to.deep.equal(contentLifecycle(90));
    const { resources: short } = await deployBucket({ noncurrentDays: 20 });
    expect(short.named("shop-content-lifecycle").inputs.rules).to.deep.equal(contentLifecycle(20));
  });

  it("protects by default what holds data: the bucket, and the versions in it", () => {
    expectProtected(resources, ["shop-content-bucket", "shop-content-versioning"]);
  });

  it("protects nothing, and empties the bucket when it goes, once protectData is false", async () => {
    const { resources: unprotected } = await deployBucket({ protectData: false });
    expectProtected(unprotected, []);
    expect(unprotected.named("shop-content-bucket").inputs.forceDestroy).to.equal(true);
  });

  it("tells where the bucket is", async () => {
    const bucketName = await settled(content.bucketName);
    expect(bucketName).to.match(/^shop-content-bucket-/);
    expect(await settled(content.bucketArn)).to.equal(`arn:aws:s3:::${bucketName}`);
    expect(await settled(content.regionalDomainName)).to.equal(`${bucketName}.s3.eu-west-1.amazonaws.com`);
  });
});
