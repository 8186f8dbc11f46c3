import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { AuditTrail, type AuditTrailArgs } from "../../../components/primary/audit-trail.ts";
import { logLifecycle } from "../../../components/primary/lifecycles.ts";
import { trailBucketPolicy } from "../../../components/primary/resource-policies.ts";
import { writesTo } from "../../../components/primary/trail-selectors.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { ACCOUNT } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const BUCKET_ARN = "arn:aws:s3:::shop-content-1a2b3c4";
const ARGS: AuditTrailArgs = { contentBucketArn: pulumi.output(BUCKET_ARN), retentionDays: 365, tags: TAGS };
const functions = { "aws:index/getCallerIdentity:getCallerIdentity": { accountId: ACCOUNT } };

function deployTrail(args: Partial<AuditTrailArgs> = {}) {
  return deploy(() => new AuditTrail("shop-trail", { ...ARGS, ...args }), { functions });
}

describe("AuditTrail", () => {
  let resources: Registrations;
  let bucketName: string;
  const inputsOf = (suffix: string) => resources.named(`shop-trail-${suffix}`).inputs;

  before(async () => {
    const { resources: made, result } = await deployTrail();
    resources = made;
    bucketName = await settled(result.bucketName);
  });

  it("keeps the rules of the house", () => {
    expectHouseRules(resources, "shop-trail", "multicloud-dr:primary:AuditTrail");
  });

  it("writes down who writes and deletes the content, with files that are signed", () => {
    expect(inputsOf("trail")).to.deep.include({
      s3BucketName: bucketName,
      isMultiRegionTrail: true,
      enableLogFileValidation: true,
      advancedEventSelectors: [writesTo(BUCKET_ARN)],
    });
  });

  it("has its bucket's name, by which the bucket lets it in before it stands", () => {
    expect(inputsOf("trail").name).to.equal(bucketName);
    const trailArn = `arn:aws:cloudtrail:eu-west-1:111122223333:trail/${bucketName}`;
    expect(inputsOf("policy")).to.deep.equal({
      bucket: bucketName,
      policy: trailBucketPolicy(`arn:aws:s3:::${bucketName}`, trailArn),
    });
    expect(resources.named("shop-trail-trail").dependencies).to.include("shop-trail-policy");
  });

  it("keeps its log for as long as it is told, and locked for as long", async () => {
    for (const retentionDays of [30, 731]) {
      const { resources: kept } = await deployTrail({ retentionDays });
      const { rule } = kept.named("shop-trail-lock").inputs;
      expect(rule).to.deep.equal({ defaultRetention: { mode: "GOVERNANCE", days: retentionDays } });
      expect(kept.named("shop-trail-lifecycle").inputs.rules).to.deep.equal(logLifecycle(retentionDays));
    }
  });

  it("writes into a bucket that is locked and closed already", () => {
    expect(resources.named("shop-trail-policy").dependencies).to.include("shop-trail-no-public-access");
    expect(resources.named("shop-trail-no-public-access").dependencies).to.include("shop-trail-lock");
  });

  it("protects by default the log, and nothing once protectData is false", async () => {
    expectProtected(resources, ["shop-trail-bucket", "shop-trail-versioning"]);
    const { resources: unprotected } = await deployTrail({ protectData: false });
    expectProtected(unprotected, []);
    expect(unprotected.named("shop-trail-bucket").inputs.forceDestroy).to.equal(true);
  });
});
