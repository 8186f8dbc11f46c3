import { GetBucketVersioningCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { failure, useLocalAws } from "./local-aws.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";

const policyOf = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

describe("a bucket's settings in the local AWS", () => {
  const aws = useLocalAws();
  const bucketCalled = async (bucket: string) => (await aws.deploy(BUCKET, { bucket })).id;

  describe("versioning", () => {
    it("is switched on, refreshed, and suspended when it is deleted", async () => {
      const bucket = await bucketCalled("versioned");
      const inputs = { bucket, versioningConfiguration: { status: "Enabled" } };
      const versioning = await aws.deploy(VERSIONING, inputs);
      expect(versioning.id).to.equal(bucket);
      expect(await versioning.refresh()).to.deep.equal(inputs);

      await versioning.update({ bucket, versioningConfiguration: { status: "Suspended" } });
      expect(await versioning.refresh()).to.deep.equal({ bucket, versioningConfiguration: { status: "Suspended" } });
      await versioning.update(inputs);

      await versioning.delete();
      const found = await aws.cloud.s3.send(new GetBucketVersioningCommand({ Bucket: bucket }));
      expect(found.Status).to.equal("Suspended");
    });

    it("shows as drift when somebody suspends it", async () => {
      const bucket = await bucketCalled("drifting");
      const versioning = await aws.deploy(VERSIONING, { bucket, versioningConfiguration: { status: "Enabled" } });
      await (await aws.deploy(VERSIONING, { bucket, versioningConfiguration: { status: "Enabled" } })).delete();
      expect(await versioning.refresh()).to.deep.equal({ bucket, versioningConfiguration: { status: "Suspended" } });
    });

    it("fails for a bucket that is not there", async () => {
      const inputs = { bucket: "nowhere", versioningConfiguration: { status: "Enabled" } };
      expect(await failure(aws.deploy(VERSIONING, inputs))).to.match(/NoSuchBucket/);
    });

    const refused: [string, Properties, RegExp, Properties?][] = [
      ["an unknown status", { status: "On" }, /status "On" is none of Enabled, Suspended, Disabled/],
      ["a way back to no versions", { status: "Disabled" }, /only be suspended/, { status: "Enabled" }],
      ["an unknown MFA setting", { status: "Enabled", mfaDelete: "On" }, /mfaDelete "On" is neither/],
      ["MFA without a device", { status: "Enabled", mfaDelete: "Enabled" }, /without mfa/],
    ];
    for (const [what, versioningConfiguration, reason, before] of refused) {
      it(`refuses ${what}`, async () => {
        const former = before && { bucket: "b", versioningConfiguration: before };
        expect(await aws.refusals(VERSIONING, { bucket: "b", versioningConfiguration }, former)).to.match(reason);
      });
    }
  });

  describe("encryption", () => {
    const rule = (fields: Properties) => ({ rules: [{ applyServerSideEncryptionByDefault: fields }] });

    it("is set, changed and taken back", async () => {
      const bucket = await bucketCalled("encrypted");
      const encryption = await aws.deploy(ENCRYPTION, { bucket, ...rule({ sseAlgorithm: "AES256" }) });
      expect(await encryption.refresh()).to.deep.equal({ bucket, ...rule({ sseAlgorithm: "AES256" }) });

      const next = rule({ sseAlgorithm: "aws:kms", kmsMasterKeyId: "alias/aws/s3" });
      await encryption.update({ bucket, ...next });
      expect(await encryption.refresh()).to.deep.equal({ bucket, ...next });
      await encryption.delete();
    });

    const refused: [string, Properties, RegExp][] = [
      ["an unknown algorithm", rule({ sseAlgorithm: "AES512" }), /sseAlgorithm "AES512" is none of/],
      ["a key beside AES256", rule({ sseAlgorithm: "AES256", kmsMasterKeyId: "key" }), /a key goes with aws:kms/],
      ["no rule", { rules: [] }, /exactly one/],
    ];
    for (const [what, inputs, reason] of refused) {
      it(`refuses ${what}`, async () => {
        expect(await aws.refusals(ENCRYPTION, { bucket: "b", ...inputs })).to.match(reason);
      });
    }
  });

  describe("the public access block", () => {
    it("is set, changed and taken back", async () => {
      const bucket = await bucketCalled("private");
      const inputs = {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      };
      const access = await aws.deploy(ACCESS, inputs);
      expect(await access.refresh()).to.deep.equal(inputs);
      await access.update({ ...inputs, blockPublicPolicy: false });
      expect(await access.refresh()).to.deep.equal({ ...inputs, blockPublicPolicy: false });
      await access.delete();
      expect(await access.refresh()).to.equal(undefined);
    });
  });

  describe("a bucket's policy", () => {
    const deny = (bucket: string) => ({
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });

    it("is put, refreshed however it is written, and taken away", async () => {
      const bucket = await bucketCalled("tls-only");
      const inputs = { bucket, policy: JSON.stringify(JSON.parse(policyOf(deny(bucket))), null, 2) };
      const policy = await aws.deploy(POLICY, inputs);
      expect(await policy.refresh()).to.deep.equal(inputs);

      const next = { bucket, policy: { Version: "2012-10-17", Statement: [{ ...deny(bucket), Sid: "TlsOnly" }] } };
      await policy.update(next);
      expect(await policy.refresh()).to.deep.equal(next);

      await policy.delete();
      expect(await policy.refresh()).to.equal(undefined);
    });

    const refused: [string, unknown, RegExp][] = [
      ["what is no JSON", "Deny everything", /is no policy/],
      ["no version", JSON.stringify({ Statement: [deny("b")] }), /Version is undefined/],
      ["no statement", JSON.stringify({ Version: "2012-10-17" }), /has no Statement/],
      ["an unknown effect", policyOf({ ...deny("b"), Effect: "Refuse" }), /Effect "Refuse"/],
      ["no action", policyOf({ ...deny("b"), Action: undefined }), /has no Action/],
      ["no principal", policyOf({ ...deny("b"), Principal: undefined }), /has no Principal/],
      ["no resource", policyOf({ ...deny("b"), Resource: undefined }), /has no Resource/],
      ["another bucket's objects", policyOf(deny("c")), /is not of the bucket b/],
      ["more than 20 KB", policyOf({ ...deny("b"), Sid: "a".repeat(20_480) }), /20480 at most \(PutBucketPolicy\)/],
    ];
    for (const [what, policy, reason] of refused) {
      it(`refuses ${what}`, async () => {
        expect(await aws.refusals(POLICY, { bucket: "b", policy })).to.match(reason);
      });
    }
  });
});
