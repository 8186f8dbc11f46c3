import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { failure, useLocalAws } from "./local-aws.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const NOTIFICATION = "aws:s3/bucketNotification:BucketNotification";
const QUEUE = "aws:sqs/queue:Queue";
const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";

const policyOf = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

describe("the local AWS's S3", () => {
  const aws = useLocalAws();
  const bucketCalled = async (bucket: string) => (await aws.deploy(BUCKET, { bucket })).id;
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
      await bucketCalled("taken-name");
      expect(await aws.refusals(BUCKET, { bucket: "taken-name" })).to.match(/BucketAlreadyExists/);
      expect(await aws.refusals(BUCKET, { bucket: "taken-name" }, { bucket: "taken-name" })).to.equal("");
    });
  });

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

  describe("notifications", () => {
    const queueThatTakes = async (name: string, source: string) => {
      const queue = await aws.deploy(QUEUE, { name });
      const policy = policyOf({
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queue.properties.arn,
        Condition: { ArnEquals: { "aws:SourceArn": `arn:aws:s3:::${source}` } },
      });
      await aws.deploy(QUEUE_POLICY, { queueUrl: queue.id, policy });
      return { url: queue.id, arn: String(queue.properties.arn) };
    };
    const receive = async (QueueUrl: string) => {
      const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 });
      const { Messages = [] } = await aws.cloud.sqs.send(command);
      return Messages.map(({ Body = "" }) => JSON.parse(Body));
    };

    it("reach the queue: first a test, then what happens to the objects", async () => {
      const bucket = await bucketCalled("speaks");
      const queue = await queueThatTakes("listens", bucket);
      const inputs = {
        bucket,
        queues: [{ queueArn: queue.arn, events: ["s3:ObjectRemoved:*", "s3:ObjectCreated:*"] }],
      };
      const notification = await aws.deploy(NOTIFICATION, inputs);
      expect((await receive(queue.url))[0]).to.include({ Event: "s3:TestEvent", Bucket: bucket });

      await put(bucket, "one");
      const [{ Records }] = await receive(queue.url);
      expect(Records[0]).to.deep.include({ eventName: "ObjectCreated:Put" });
      expect(Records[0].s3.object.key).to.equal("one");
      expect(await notification.refresh()).to.deep.equal(inputs);

      const next = {
        bucket,
        queues: [{ id: "a", queueArn: queue.arn, events: ["s3:ObjectCreated:Put"], filterPrefix: "x/" }],
      };
      await notification.update(next);
      expect(await notification.refresh()).to.deep.equal(next);
      await receive(queue.url);

      await notification.delete();
      await put(bucket, "x/two");
      expect(await receive(queue.url)).to.deep.equal([]);
      expect(await notification.refresh()).to.deep.equal({ bucket, queues: [] });
    });

    it("are not accepted when the queue's policy does not let this bucket send", async () => {
      const bucket = await bucketCalled("not-trusted");
      const queue = await queueThatTakes("listens-to-another", "another-bucket");
      const inputs = { bucket, queues: [{ queueArn: queue.arn, events: ["s3:ObjectCreated:*"] }] };
      expect(await failure(aws.deploy(NOTIFICATION, inputs))).to.match(
        /InvalidArgument: Unable to validate the following destination configurations/,
      );
    });

    describe("refuse", () => {
      let queueArn: string;
      before(async () => {
        queueArn = String((await aws.deploy(QUEUE, { name: "any" })).properties.arn);
      });
      const refused: [string, () => object[], RegExp][] = [
        ["no events", () => [{ queueArn, events: [] }], /has no events/],
        ["an unknown event", () => [{ queueArn, events: ["s3:ObjectMoved:*"] }], /"s3:ObjectMoved:\*" is no event/],
        [
          "a queue that is not there",
          () => [{ queueArn: queueArn.replace("any", "none"), events: ["s3:ObjectCreated:*"] }],
          /there is no queue/,
        ],
        [
          "a queue of another region",
          () => [{ queueArn: queueArn.replace("eu-central-1", "eu-west-1"), events: ["s3:ObjectCreated:*"] }],
          /in the bucket's region eu-central-1/,
        ],
        ["a FIFO queue", () => [{ queueArn: `${queueArn}.fifo`, events: ["s3:ObjectCreated:*"] }], /FIFO/],
        [
          "two rules for the same events of the same keys",
          () => [
            { queueArn, events: ["s3:ObjectCreated:*"], filterPrefix: "images/" },
            { queueArn, events: ["s3:ObjectCreated:Put"], filterPrefix: "images/new/" },
          ],
          /match the same events of the same keys/,
        ],
      ];
      for (const [what, queues, reason] of refused) {
        it(what, async () => {
          expect(await aws.refusals(NOTIFICATION, { bucket: "b", queues: queues() })).to.match(reason);
        });
      }

      it("nothing about rules for different keys", async () => {
        const events = ["s3:ObjectCreated:*"];
        const queues = ["images/", "texts/"].map((filterPrefix) => ({ queueArn, events, filterPrefix }));
        expect(await aws.refusals(NOTIFICATION, { bucket: "b", queues })).to.equal("");
      });
    });
  });
});
