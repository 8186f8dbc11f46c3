import { expect } from "chai";
import { DumpBucket, type DumpBucketArgs } from "../../../components/replication/dump-bucket.ts";
import { dumpLifecycle } from "../../../components/replication/dump-lifecycle.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const ARGS: DumpBucketArgs = { days: { daily: 14, weekly: 35, monthly: 400 }, lockMode: "governance", tags: TAGS };

function deployBucket(args: Partial<DumpBucketArgs> = {}) {
  return deploy(() => new DumpBucket("shop-dumps", { ...ARGS, ...args }));
}

describe("DumpBucket", () => {
  let resources: Registrations;
  let bucket: DumpBucket;
  const inputsOf = (name: string) => resources.named(`shop-dumps-${name}`).inputs;

  before(async () => {
    ({ resources, result: bucket } = await deployBucket());
  });

  it("keeps the rules of the house", () => {
    expectHouseRules(resources, "shop-dumps", "multicloud-dr:replication:DumpBucket");
  });

  it("is versioned, encrypted, closed to the public, and spoken to over TLS only", () => {
    expect(inputsOf("versioning").versioningConfiguration).to.deep.equal({ status: "Enabled" });
    expect(inputsOf("encryption").rules).to.have.length(1);
    expect(inputsOf("no-public-access")).to.include({ blockPublicPolicy: true, restrictPublicBuckets: true });
    const { Statement } = JSON.parse(String(inputsOf("policy").policy));
    expect(Statement).to.have.length(1);
    expect(Statement[0]).to.deep.include({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } });
  });

  it("locks what is written for as long as the daily dumps are kept", async () => {
    expect(inputsOf("lock").rule).to.deep.equal({ defaultRetention: { mode: "GOVERNANCE", days: 14 } });
    const { resources: strict } = await deployBucket({ lockMode: "compliance", days: { ...ARGS.days, daily: 21 } });
    expect(strict.named("shop-dumps-lock").inputs.rule).to.deep.equal({
      defaultRetention: { mode: "COMPLIANCE", days: 21 },
    });
    const { resources: free } = await deployBucket({ lockMode: "none" });
    expect(free.names).to.not.include("shop-dumps-lock");
  });

  it("drops dumps by their kinds", () => {
    expect(inputsOf("lifecycle").rules).to.deep.equal(dumpLifecycle(ARGS.days));
  });

  it("protects the bucket and its versions by default, and nothing once protectData is false", async () => {
    expectProtected(resources, ["shop-dumps-bucket", "shop-dumps-versioning"]);
    expectProtected((await deployBucket({ protectData: false })).resources, []);
  });

  it("tells its name and its ARN", async () => {
    expect(await settled(bucket.bucketArn)).to.equal(`arn:aws:s3:::${await settled(bucket.bucketName)}`);
  });
});
