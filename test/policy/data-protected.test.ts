import { expect } from "chai";
import { dataProtected } from "../../policy/data-protected.ts";
import { judged, LATER, type Written } from "../support/judged.ts";

const wrong = (written: Written) => judged(dataProtected, [written]).wrong;

describe("policy data-protected", () => {
  const database: Written = { type: "aws:rds/instance:Instance", name: "db", props: { deletionProtection: true } };

  it("takes data that neither the engine nor the cloud deletes", () => {
    expect(wrong({ ...database, protect: true })).to.be.empty;
  });

  it("stops data that the engine would delete", () => {
    expect(wrong(database).join()).to.include("db is not protected; write { protect: true }");
    for (const type of ["aws:s3/bucket:Bucket", "azure-native:keyvault:Vault", "aws:route53/zone:Zone"]) {
      expect(wrong({ type })).to.have.length(1);
    }
  });

  it("stops what the cloud would delete", () => {
    const open = { ...database, protect: true, props: { deletionProtection: false } };
    expect(wrong(open).join()).to.include("deletionProtection: true");
    expect(wrong({ type: "aws:lb/loadBalancer:LoadBalancer" }).join()).to.include("enableDeletionProtection: true");
  });

  it("asks accounts that hold copies, and no others", () => {
    const account: Written = { type: "azure-native:storage:StorageAccount" };
    expect(wrong({ ...account, within: ["standby:StandbySite", "standby:Copies"] })).to.have.length(1);
    expect(wrong({ ...account, within: ["standby:StandbySite", "standby:ControlStore"] })).to.be.empty;
  });

  it("leaves what the stack writes anew, and what a drill takes away again", () => {
    expect(wrong({ type: "aws:route53/zone:Zone", within: ["traffic:PrivateZone"] })).to.be.empty;
    expect(wrong({ type: "azure-native:dbformysql:Server" })).to.be.empty;
  });

  it("says what it does not know yet", () => {
    const later = { ...database, protect: true, props: { deletionProtection: LATER } };
    expect(judged(dataProtected, [later]).wrong).to.be.empty;
    expect(judged(dataProtected, [later]).advice.join()).to.include("db: deletionProtection");
  });
});
