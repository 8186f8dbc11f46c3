import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { type PrivateBucketArgs, privateBucket } from "../../components/private-bucket.ts";
import { expectProtected, expectTags, TAGS } from "../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../support/mocks.ts";

const ARGS: PrivateBucketArgs = {
  lock: { mode: "GOVERNANCE", days: 30 },
  lifecycle: [{ id: "old", status: "Enabled", filter: {}, expiration: { days: 1 } }],
  protect: true,
  tags: TAGS,
};

function deployBucket(args: Partial<PrivateBucketArgs> = {}) {
  return deploy(() =>
    privateBucket("shop", { ...ARGS, ...args }, new pulumi.ComponentResource("test:index:Parent", "shop-parent")),
  );
}

describe("a private bucket", () => {
  let resources: Registrations;
  let bucketName: string;
  const inputsOf = (suffix: string) => resources.named(`shop-${suffix}`).inputs;

  before(async () => {
    const { resources: made, result } = await deployBucket();
    resources = made;
    bucketName = await settled(result.name);
  });

  it("is one bucket, tagged, and every setting is of that bucket and of the parent", () => {
    expect(bucketName).to.match(/^shop-bucket-/);
    expect(resources.names).to.deep.equal([
      "shop-bucket",
      "shop-encryption",
      "shop-lifecycle",
      "shop-lock",
      "shop-no-public-access",
      "shop-versioning",
    ]);
    for (const { name, inputs, parent } of resources.customs) {
      if (name !== "shop-bucket") expect(inputs.bucket).to.equal(bucketName);
      expect(parent).to.equal("shop-parent");
    }
    expectTags(resources, TAGS);
  });

  it("keeps every version of an object", () => {
    expect(inputsOf("versioning").versioningConfiguration).to.deep.equal({ status: "Enabled" });
  });

  it("locks every new version", () => {
    expect(inputsOf("bucket").objectLockEnabled).to.equal(true);
    expect(inputsOf("lock").rule).to.deep.equal({ defaultRetention: { mode: "GOVERNANCE", days: 30 } });
  });

  it("has no lock without one", async () => {
    const { resources: open } = await deployBucket({ lock: undefined });
    expect(open.named("shop-bucket").inputs.objectLockEnabled).to.equal(false);
    expect(open.names).to.not.include("shop-lock");
  });

  it("ends what its lifecycle says", () => {
    expect(inputsOf("lifecycle").rules).to.deep.equal(ARGS.lifecycle);
  });

  it("encrypts with S3's own keys, so that there is no key to destroy", () => {
    expect(inputsOf("encryption").rules).to.deep.equal([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
  });

  it("is closed to the public in all four ways", () => {
    expect(inputsOf("no-public-access")).to.include({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
  });

  it("has versions before it locks or ends them, and tells its name when it is locked and closed", async () => {
    expect(resources.named("shop-lock").dependencies).to.include("shop-versioning");
    expect(resources.named("shop-lifecycle").dependencies).to.include("shop-versioning");
    expect(resources.named("shop-no-public-access").dependencies).to.include("shop-lock");
    const { resources: open } = await deployBucket({ lock: undefined });
    expect(open.named("shop-no-public-access").dependencies).to.include("shop-versioning");
  });

  it("protects what holds data: the bucket, and the versions in it", () => {
    expectProtected(resources, ["shop-bucket", "shop-versioning"]);
    expect(inputsOf("bucket").forceDestroy).to.equal(false);
  });

  it("protects nothing, and empties the bucket when it goes, when it is told to", async () => {
    const { resources: unprotected } = await deployBucket({ protect: false });
    expectProtected(unprotected, []);
    expect(unprotected.named("shop-bucket").inputs.forceDestroy).to.equal(true);
  });
});
