import { DeleteObjectCommand, HeadBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { failure, useLocalAws } from "./local-aws.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";

describe("the local AWS's S3", () => {
  const aws = useLocalAws();
  const put = (Bucket: string, Key: string) => aws.cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body: "text" }));

  describe("a bucket", () => {
    it("is made under a name of its own, with the host names that S3 gives", async () => {
      const bucket = await aws.deploy(BUCKET, { tags: { Name: "a" } });
      const name = bucket.id;
      expect(name).to.match(/^a-test-[0-9a-f]{7}$/);
      expect(bucket.properties).to.include({
        bucket: name,
        arn: `arn:aws:s3:::${name}`,
        bucketDomainName: `${name}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${name}.s3.eu-central-1.amazonaws.com`,
      });
      expect(await bucket.refresh()).to.deep.equal({ bucket: name, tags: { Name: "a" } });

      await bucket.update({ bucket: name, tags: { Name: "b" } });
      expect(await bucket.refresh()).to.deep.equal({ bucket: name, tags: { Name: "b" } });

      await bucket.delete();
      await bucket.delete();
      expect(await bucket.refresh()).to.equal(undefined);
    });

    it("is not deleted while anything is in it", async () => {
      const bucket = await aws.deploy(BUCKET, { bucket: "keeps-its-content" });
      await put(bucket.id, "one");
      expect(await failure(bucket.delete())).to.match(/BucketNotEmpty/);
    });

    it("is emptied of every version and delete marker first when it is told so", async () => {
      const bucket = await aws.deploy(BUCKET, { bucket: "loses-its-content", forceDestroy: true });
      await aws.deploy(VERSIONING, { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } });
      await put(bucket.id, "one");
      await put(bucket.id, "one");
      await aws.cloud.s3.send(new DeleteObjectCommand({ Bucket: bucket.id, Key: "one" }));
      await bucket.delete();
      expect(await failure(aws.cloud.s3.send(new HeadBucketCommand({ Bucket: bucket.id })))).to.match(/NotFound/);
    });

    const refused: [string, Properties, RegExp][] = [
      ["capital letters", { bucket: "Content" }, /"Content" is no bucket name: .*\(Bucket naming rules\)/],
      ["a name that is too short", { bucket: "ab" }, /3 to 63/],
      ["a name that is too long", { bucket: "a".repeat(64) }, /3 to 63/],
      ["a hyphen at the end", { bucket: "content-" }, /a letter or digit at both ends/],
      ["two dots side by side", { bucket: "con..tent" }, /two dots/],
      ["an IP address", { bucket: "192.168.5.4" }, /the form of an IP address/],
      ...["xn--content", "sthree-content", "amzn-s3-demo-content"].map((bucket): [string, Properties, RegExp] => [
        `the reserved prefix of ${bucket}`,
        { bucket },
        /begins with/,
      ]),
      ...["content-s3alias", "content--ol-s3", "content.mrap", "content--x-s3", "content--table-s3"].map(
        (bucket): [string, Properties, RegExp] => [`the reserved suffix of ${bucket}`, { bucket }, /ends with/],
      ),
      ["settings that have types of their own", { versioning: { enabled: true } }, /aws.s3.BucketVersioning/],
    ];
    for (const [what, inputs, reason] of refused) {
      it(`refuses ${what}`, async () => {
        expect(await aws.refusals(BUCKET, inputs)).to.match(reason);
      });
    }

    it("refuses a name that is taken, unless it is its own", async () => {
      await aws.deploy(BUCKET, { bucket: "taken-name" });
      expect(await aws.refusals(BUCKET, { bucket: "taken-name" })).to.match(/BucketAlreadyExists/);
      expect(await aws.refusals(BUCKET, { bucket: "taken-name" }, { bucket: "taken-name" })).to.equal("");
    });
  });
});
