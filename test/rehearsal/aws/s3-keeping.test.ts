import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { failure, useLocalAws } from "./local-aws.ts";

const LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";

describe("how long the local AWS's buckets keep what is in them", () => {
  const aws = useLocalAws();

  async function bucketOf(bucket: string) {
    const made = await aws.deploy("aws:s3/bucket:Bucket", { bucket, objectLockEnabled: true, forceDestroy: true });
    const versioningConfiguration = { status: "Enabled" };
    await aws.deploy("aws:s3/bucketVersioning:BucketVersioning", { bucket, versioningConfiguration });
    return made;
  }
  const retain = (mode: string, days = 1) => ({ rule: { defaultRetention: { mode, days } } });

  for (const [mode, ends] of [
    ["GOVERNANCE", true],
    ["COMPLIANCE", false],
  ] as const) {
    it(`a lock of ${mode} holds versions, ${ends ? "until the bucket goes with all in it" : "the bucket's end included"}`, async () => {
      const Bucket = mode.toLowerCase();
      const bucket = await bucketOf(Bucket);
      const lock = await aws.deploy(LOCK, { bucket: Bucket, ...retain(mode) });
      const { VersionId } = await aws.cloud.s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "b" }));
      const version = { Bucket, Key: "a", VersionId };
      expect(await failure(aws.cloud.s3.send(new DeleteObjectCommand(version)))).to.match(/AccessDenied/);
      await lock.update({ bucket: Bucket, ...retain(mode, 2) });
      expect(await lock.refresh()).to.deep.equal({ bucket: Bucket, ...retain(mode, 2) });
      await lock.delete();
      expect(await lock.refresh()).to.deep.equal({ bucket: Bucket, rule: undefined });
      if (ends) await bucket.delete();
      else expect(await failure(bucket.delete())).to.match(/compliance can't be emptied/);
    });
  }

  it("rules say what becomes of versions and of uploads", async () => {
    await bucketOf("rules");
    const inputs = {
      bucket: "rules",
      rules: [
        { id: "uploads", status: "Enabled", filter: {}, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
        {
          id: "versions",
          status: "Enabled",
          filter: {},
          noncurrentVersionExpiration: { noncurrentDays: 90 },
          noncurrentVersionTransitions: [{ noncurrentDays: 30, storageClass: "GLACIER_IR" }],
          expiration: { expiredObjectDeleteMarker: true },
        },
        { id: "logs", status: "Disabled", filter: { prefix: "logs/" }, expiration: { days: 10 } },
      ],
    };
    const lifecycle = await aws.deploy(LIFECYCLE, inputs);
    expect(await lifecycle.refresh()).to.deep.equal(inputs);
    const next = { ...inputs, rules: inputs.rules.slice(1) };
    await lifecycle.update(next);
    expect(await lifecycle.refresh()).to.deep.equal(next);
    await lifecycle.delete();
    await lifecycle.delete();
    expect(await lifecycle.refresh()).to.equal(undefined);
  });

  describe("refuses", () => {
    const rule = { id: "a", status: "Enabled", filter: {}, expiration: { days: 1 } };
    const move = { noncurrentVersionTransitions: [{ noncurrentDays: 30, storageClass: "GLACIER_IR" }] };
    const refused: [string, string, Properties, RegExp][] = [
      ["another mode", LOCK, retain("FOREVER"), /neither GOVERNANCE nor COMPLIANCE/],
      ["no days", LOCK, { rule: { defaultRetention: { mode: "GOVERNANCE" } } }, /days or years/],
      ["a lock of no day", LOCK, retain("GOVERNANCE", 0), /a lock of 0: 1 to 36500/],
      ["two rules of a name", LIFECYCLE, { rules: [rule, rule] }, /two rules are called "a"/],
      ["a rule that does nothing", LIFECYCLE, { rules: [{ ...rule, expiration: undefined }] }, /does nothing/],
      ["a status that is none", LIFECYCLE, { rules: [{ ...rule, status: "On" }] }, /the status "On"/],
      [
        "a move after the end",
        LIFECYCLE,
        { rules: [{ ...rule, ...move, noncurrentVersionExpiration: { noncurrentDays: 30 } }] },
        /after 30 days, when they are gone after 30/,
      ],
    ];
    for (const [what, token, inputs, reason] of refused) {
      it(what, async () => {
        expect(await aws.refusals(token, { bucket: "a", ...inputs })).to.match(reason);
      });
    }
  });
});
