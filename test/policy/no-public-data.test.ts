import { expect } from "chai";
import { noPublicData } from "../../policy/no-public-data.ts";
import { judged, LATER, type Written } from "../support/judged.ts";

const wrong = (...resources: Written[]) => judged(noPublicData, resources).wrong;
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
const ALL_FOUR = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

describe("policy no-public-data", () => {
  const cases: [type: string, good: Record<string, unknown>, bad: Record<string, unknown>, write: string][] = [
    ["aws:rds/instance:Instance", {}, { publiclyAccessible: true }, "publiclyAccessible: false"],
    [
      "azure-native:dbformysql:Server",
      { network: { publicNetworkAccess: "Disabled" } },
      { network: { publicNetworkAccess: "Enabled" } },
      'network.publicNetworkAccess: "Disabled"',
    ],
    [
      "azure-native:storage:StorageAccount",
      { allowBlobPublicAccess: false },
      { allowBlobPublicAccess: true },
      "allowBlobPublicAccess: false",
    ],
    ["azure-native:storage:BlobContainer", { publicAccess: "None" }, { publicAccess: "Blob" }, 'publicAccess: "None"'],
    [BLOCK, ALL_FOUR, { ...ALL_FOUR, blockPublicPolicy: false }, "blockPublicPolicy: true"],
  ];
  for (const [type, good, bad, write] of cases) {
    it(`stops a public ${type.split(":").at(-1)}`, () => {
      expect(wrong({ type, props: good })).to.be.empty;
      expect(wrong({ type, props: bad }).join()).to.include(write);
    });
  }

  it("stops a bucket that may be made public", () => {
    const bucket: Written = { type: "aws:s3/bucket:Bucket", name: "shop-content", props: { bucket: "b" } };
    expect(wrong(bucket, { type: BLOCK, props: { ...ALL_FOUR, bucket: "b" } })).to.be.empty;
    expect(wrong(bucket).join()).to.include("shop-content may be made public");
  });

  it("stops a policy that allows everybody, and leaves one that denies or has a condition", () => {
    const of = (statement: object): Written => ({
      type: "aws:sqs/queuePolicy:QueuePolicy",
      props: { policy: JSON.stringify({ Statement: [{ Action: "sqs:SendMessage", Resource: "*", ...statement }] }) },
    });
    expect(wrong(of({ Sid: "Open", Effect: "Allow", Principal: "*" })).join()).to.include("statement Open");
    expect(wrong(of({ Effect: "Allow", Principal: { AWS: ["*"] } }))).to.have.length(1);
    expect(wrong(of({ Effect: "Allow", NotPrincipal: { AWS: "arn:aws:iam::1:root" } }))).to.have.length(1);
    expect(wrong(of({ Effect: "Deny", Principal: "*" }))).to.be.empty;
    expect(wrong(of({ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" } }))).to.be.empty;
  });

  it("leaves the users' ports open, and stops all others on AWS", () => {
    const rule = (port: number, to = port): Written => ({
      type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      props: { cidrIpv4: "0.0.0.0/0", fromPort: port, toPort: to },
    });
    expect(wrong(rule(443), rule(80))).to.be.empty;
    expect(wrong(rule(3306)).join()).to.include("opens ports 3306 to 3306 to the world");
    expect(wrong(rule(80, 443))).to.have.length(1);
  });

  it("leaves the users' ports open, and stops all others on Azure", () => {
    const rules = (rule: object): Written => ({
      type: "azure-native:network:NetworkSecurityGroup",
      props: { securityRules: [{ direction: "Inbound", access: "Allow", name: "in", ...rule }] },
    });
    expect(wrong(rules({ sourceAddressPrefix: "Internet", destinationPortRange: "8443" }))).to.be.empty;
    expect(wrong(rules({ sourceAddressPrefix: "10.0.0.0/8", destinationPortRange: "3306" }))).to.be.empty;
    expect(wrong(rules({ sourceAddressPrefix: "*", destinationPortRange: "3306" })).join()).to.include("rule in");
    expect(wrong(rules({ sourceAddressPrefix: "Internet", destinationPortRange: "*" }))).to.have.length(1);
  });

  it("says what it does not know yet", () => {
    const container: Written = { type: "azure-native:storage:BlobContainer", props: { publicAccess: LATER } };
    expect(judged(noPublicData, [container])).to.deep.include({ wrong: [] });
    expect(judged(noPublicData, [container]).advice.join()).to.include("BlobContainer: publicAccess");
  });
});
