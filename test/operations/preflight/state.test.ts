import { expect } from "chai";
import {
  judgeBackend,
  judgeClouds,
  judgeExport,
  judgePending,
  judgeSecrets,
  readExport,
} from "../../../operations/preflight/state.ts";

const NOW = new Date("2026-11-21T14:00:00Z");
const URN = "urn:pulumi:dr::multicloud-dr::";

describe("where the state of dr is kept", () => {
  it("is well in Azure, and wrong in S3, which is gone together with AWS", () => {
    expect(judgeBackend("azblob://state?storage_account=shop")).to.deep.equal({
      status: "ok",
      found: "in Azure Blob, azblob://state?storage_account=shop",
    });
    const { status, found, mend } = judgeBackend("s3://state");
    expect({ status, found }).to.deep.equal({ status: "fail", found: "in S3, s3://state: gone together with AWS" });
    expect(mend).to.include("pulumi login azblob://");
  });

  it("is not as it should be on one machine, in a third cloud, or at a service", () => {
    for (const url of ["file:///home/me", "gs://state", "https://app.pulumi.com/me"]) {
      expect(judgeBackend(url), url).to.include({ status: "warn" }).and.have.property("found").that.includes(url);
    }
  });
});

describe("what opens the secrets of dr", () => {
  const statusOf = (provider: string | undefined, salt = false) => judgeSecrets(provider, salt).status;

  it("is well in Azure, and wrong in KMS", () => {
    expect(statusOf("azurekeyvault://shop.vault.azure.net/keys/pulumi")).to.equal("ok");
    expect(statusOf("awskms://alias/pulumi?region=eu-west-1")).to.equal("fail");
  });

  it("is a passphrase that people must know, where the stack file says so or has a salt", () => {
    const passphrase = "by a passphrase, which whoever declares must know (PULUMI_CONFIG_PASSPHRASE)";
    expect(judgeSecrets("passphrase", false)).to.include({ status: "warn", found: passphrase });
    expect(judgeSecrets(undefined, true)).to.include({ status: "warn", found: passphrase });
  });

  it("is the backend's own service where nothing is said, or another cloud's, which have to live too", () => {
    expect(judgeSecrets(undefined, false).found).to.equal(
      "by the backend's own service, which has to live on that day",
    );
    expect(statusOf("gcpkms://projects/p")).to.equal("warn");
  });
});

describe("what dr consists of", () => {
  const resource = (type: string, name: string) => ({ type, urn: `${URN}${type}::${name}` });
  const own = [resource("pulumi:pulumi:Stack", "dr"), resource("pulumi:providers:azure-native", "default")];

  it("is well without anything of AWS", () => {
    const resources = [...own, resource("azure-native:web:WebApp", "awsome"), resource("random:index:Pet", "aws")];
    expect(judgeClouds({ resources })).to.deep.equal({ status: "ok", found: "4 resources, none of AWS" });
  });

  it("is wrong with a provider or a resource of AWS, or with outputs of another stack", () => {
    for (const type of [
      ...["pulumi:providers:aws", "pulumi:providers:aws-native", "aws:s3/bucket:Bucket", "aws-native:s3:Bucket"],
      "pulumi:pulumi:StackReference",
    ]) {
      expect(judgeClouds({ resources: [...own, resource(type, "prod")] }), type).to.include({
        status: "fail",
        found: `1 of AWS or of other stacks: ${type}::prod`,
      });
    }
  });

  it("is named three by three", () => {
    const resources = ["a", "b", "c", "d"].map((name) => resource("aws:s3/bucket:Bucket", name));
    const { found } = judgeClouds({ resources });
    expect(found).to.match(/^4 of AWS .*::a, .*::b, .*::c$/);
  });

  it("is nothing where it was never deployed", () => {
    expect(judgeClouds({})).to.deep.equal({
      status: "fail",
      found: "nothing is deployed",
      mend: "`pulumi up --stack dr`",
    });
  });
});

describe("what an engine that was killed left half-way", () => {
  it("is nothing, or is named", () => {
    expect(judgePending({}).status).to.equal("ok");
    expect(judgePending({ pending_operations: [] }).status).to.equal("ok");
    const pending = [{ type: "creating", resource: { urn: `${URN}azure-native:web:WebApp::shop` } }];
    expect(judgePending({ pending_operations: pending })).to.include({
      status: "warn",
      found: "left half-way: creating shop",
    });
  });
});

describe("the export of dr's state that is kept offline", () => {
  const written = (moment: string, now = false) => judgeExport("dr.json", { writtenAt: new Date(moment), now }, NOW);

  it("is well when it was written just now", () => {
    expect(written("2026-11-21T14:00:00Z", true)).to.deep.equal({ status: "ok", found: "written to dr.json now" });
  });

  it("is well for a day and two hours where the state can't be read, and too old then", () => {
    expect(written("2026-11-20T12:00:00Z")).to.deep.equal({
      status: "ok",
      found: "dr.json is 1 d 2 h old, and can't be written anew",
    });
    expect(written("2026-11-20T11:59:59Z")).to.include({ status: "warn" });
  });

  it("is missing where none was named, and where the file is not there", () => {
    expect(judgeExport(undefined, undefined, NOW)).to.include({ status: "warn", found: "none was named" });
    expect(judgeExport("dr.json", undefined, NOW)).to.include({ status: "fail", found: "none in dr.json" });
  });

  it("is what the engine exports, and nothing else", () => {
    expect(readExport('{"version":3,"deployment":{"resources":[]}}')).to.deep.equal({ resources: [] });
    expect(() => readExport("{}")).to.throw("expected the export of a stack, with a deployment in it, found none");
    expect(() => readExport("no JSON")).to.throw(SyntaxError);
  });
});
