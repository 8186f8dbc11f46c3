import { expect } from "chai";
import { encryptionInTransit } from "../../policy/encryption-in-transit.ts";
import { judged, LATER, type Written } from "../support/judged.ts";

const wrong = (...resources: Written[]) => judged(encryptionInTransit, resources).wrong;

const BUCKET: Written = { type: "aws:s3/bucket:Bucket", name: "shop-content", props: { bucket: "content-1" } };
const bucketPolicy = (policy: unknown): Written => ({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  props: { bucket: "content-1", policy },
});
const TLS_ONLY = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

describe("policy encryption-in-transit", () => {
  const account = { enableHttpsTrafficOnly: true, minimumTlsVersion: "TLS1_2" };
  const route = { httpsRedirect: "Enabled", forwardingProtocol: "HttpsOnly" };
  const edge = {
    defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" },
    viewerCertificate: { minimumProtocolVersion: "TLSv1.2_2021" },
  };
  const cases: [type: string, good: Record<string, unknown>, change: Record<string, unknown>, write: string][] = [
    ["azure-native:storage:StorageAccount", account, { minimumTlsVersion: "TLS1_0" }, 'minimumTlsVersion: "TLS1_2"'],
    ["azure-native:storage:StorageAccount", account, { enableHttpsTrafficOnly: false }, "enableHttpsTrafficOnly: true"],
    ["azure-native:web:WebApp", { httpsOnly: true }, { httpsOnly: undefined }, "httpsOnly: true"],
    ["azure-native:cdn:Route", route, { httpsRedirect: "Disabled" }, 'httpsRedirect: "Enabled"'],
    ["azure-native:cdn:Route", route, { forwardingProtocol: "MatchRequest" }, 'forwardingProtocol: "HttpsOnly"'],
    [
      "aws:cloudfront/distribution:Distribution",
      edge,
      { defaultCacheBehavior: { viewerProtocolPolicy: "allow-all" } },
      "redirect-to-https",
    ],
    [
      "aws:cloudfront/distribution:Distribution",
      edge,
      { viewerCertificate: { minimumProtocolVersion: "TLSv1" } },
      "TLSv1.2_2021",
    ],
    [
      "aws:rds/parameterGroup:ParameterGroup",
      { parameters: [{ name: "require_secure_transport", value: "1" }] },
      { parameters: [{ name: "require_secure_transport", value: "0" }] },
      "require_secure_transport",
    ],
  ];
  for (const [type, good, change, write] of cases) {
    it(`stops a ${type.split(":").at(-1)} with ${JSON.stringify(change)}`, () => {
      expect(wrong({ type, props: good })).to.be.empty;
      expect(wrong({ type, props: { ...good, ...change } }).join()).to.include(write);
    });
  }

  describe("of a listener", () => {
    const listener = (props: Record<string, unknown>): Written => ({ type: "aws:lb/listener:Listener", props });

    it("takes TLS 1.2 and newer", () => {
      expect(wrong(listener({ protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }))).to.be.empty;
      expect(wrong(listener({ protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-2016-08" })).join()).to.include(
        "TLS13-1-2",
      );
    });

    it("takes plain HTTP only to send it on", () => {
      const sent = {
        protocol: "HTTP",
        port: 80,
        defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS" } }],
      };
      expect(wrong(listener(sent))).to.be.empty;
      expect(wrong(listener({ ...sent, defaultActions: [{ type: "forward" }] })).join()).to.include(
        "redirects to HTTPS",
      );
    });
  });

  it("has Front Door compare the name in a certificate, where an authority issues one for the host", () => {
    const origin = (hostName: unknown): Written => ({
      type: "azure-native:cdn:AFDOrigin",
      props: { hostName, enforceCertificateNameCheck: false },
    });
    expect(wrong(origin("shop.germanywestcentral.cloudapp.azure.com"))).to.be.empty;
    expect(wrong(origin("shopcopies.blob.core.windows.net")).join()).to.include("enforceCertificateNameCheck: true");
    expect(judged(encryptionInTransit, [origin(LATER)])).to.deep.include({ wrong: [] });
  });

  it("stops a bucket that answers over plain HTTP", () => {
    expect(wrong(BUCKET, bucketPolicy({ Statement: [TLS_ONLY] }))).to.be.empty;
    expect(wrong(BUCKET).join()).to.include("shop-content answers over plain HTTP");
    expect(wrong(BUCKET, bucketPolicy({ Statement: [{ ...TLS_ONLY, Effect: "Allow" }] }))).to.have.length(1);
    expect(wrong(BUCKET, bucketPolicy("no")).join()).to.include("cannot be read");
  });

  it("says that it does not know a bucket's policy before it is there", () => {
    const { wrong, advice } = judged(encryptionInTransit, [BUCKET, bucketPolicy(LATER)]);
    expect(wrong).to.be.empty;
    expect(advice.join()).to.include("BucketPolicy: policy");
  });

  it("stops a standby database that takes connections without TLS", () => {
    const server: Written = { type: "azure-native:dbformysql:Server", name: "shop-database", props: { name: "db-1" } };
    const setting = (value: string): Written => ({
      type: "azure-native:dbformysql:Configuration",
      props: { serverName: "db-1", configurationName: "require_secure_transport", value },
    });
    expect(wrong(server, setting("ON"))).to.be.empty;
    expect(wrong(server, setting("OFF")).join()).to.include("require_secure_transport: ON");
    expect(wrong(server)).to.have.length(1);
  });
});
