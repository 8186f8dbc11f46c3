import { expect } from "chai";
import { encryptionAtRest } from "../../policy/encryption-at-rest.ts";
import { judged, LATER, type Written } from "../support/judged.ts";

const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const bucket: Written = { type: "aws:s3/bucket:Bucket", name: "shop-content", props: { bucket: "content-1" } };
const encryption = (sseAlgorithm: unknown, name: unknown = "content-1"): Written => ({
  type: ENCRYPTION,
  props: { bucket: name, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm } }] },
  takenFrom: { bucket: ["shop-content"] },
});
const wrong = (...resources: Written[]) => judged(encryptionAtRest, resources).wrong;

describe("policy encryption-at-rest", () => {
  const cases: [type: string, good: object, bad: object, write: string][] = [
    ["aws:rds/instance:Instance", { storageEncrypted: true }, { storageEncrypted: false }, "storageEncrypted: true"],
    ["aws:ebs/volume:Volume", { encrypted: true }, {}, "encrypted: true"],
    ["aws:sns/topic:Topic", { kmsMasterKeyId: "arn:aws:kms:key" }, {}, "kmsMasterKeyId: the ARN of a key"],
    ["aws:sqs/queue:Queue", { sqsManagedSseEnabled: true }, {}, "sqsManagedSseEnabled: true"],
    [
      "aws:ec2/launchTemplate:LaunchTemplate",
      { blockDeviceMappings: [{ ebs: { encrypted: "true" } }] },
      { blockDeviceMappings: [{ ebs: { encrypted: "true" } }, { ebs: {} }] },
      'ebs: { encrypted: "true" }',
    ],
  ];
  for (const [type, good, bad, write] of cases) {
    it(`stops a ${type.split(":").at(-1)} that is not encrypted, and says what to write`, () => {
      expect(wrong({ type, props: good as Record<string, unknown> })).to.be.empty;
      expect(wrong({ type, props: bad as Record<string, unknown> }).join()).to.include(write);
    });
  }

  it("takes a key of one's own for a queue", () => {
    expect(wrong({ type: "aws:sqs/queue:Queue", props: { kmsMasterKeyId: "alias/own" } })).to.be.empty;
  });

  it("stops a bucket that says nothing, and one that says something weaker", () => {
    expect(wrong(bucket, encryption("AES256"))).to.be.empty;
    expect(wrong(bucket).join()).to.include("write a BucketServerSideEncryptionConfiguration");
    expect(wrong(bucket, { ...encryption("AES256", "another-bucket"), takenFrom: {} })).to.have.length(1);
    expect(wrong(bucket, encryption("DES")).join()).to.include("has sseAlgorithm: DES");
  });

  it("finds a bucket's encryption before either has a name", () => {
    const later: Written = { ...bucket, props: {} };
    expect(judged(encryptionAtRest, [later, encryption("AES256", LATER)])).to.deep.equal({ wrong: [], advice: [] });
  });

  it("says what it does not know yet, and stops nobody for it", () => {
    const { wrong, advice } = judged(encryptionAtRest, [
      { type: "aws:rds/instance:Instance", name: "shop-database", props: { storageEncrypted: LATER } },
      { type: "aws:sqs/queue:Queue", name: "shop-queue", props: { sqsManagedSseEnabled: LATER } },
    ]);
    expect(wrong).to.be.empty;
    expect(advice.join()).to.include("shop-database: storageEncrypted; shop-queue: sqsManagedSseEnabled");
  });
});
