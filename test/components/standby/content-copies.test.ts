import { expect } from "chai";
import { ContentCopies, type ContentCopiesArgs } from "../../../components/standby/content-copies.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

function deployCopies(args: Partial<ContentCopiesArgs> = {}) {
  const defaults = { resourceGroupName: "shop-standby", workload: "shop", retentionDays: 30, tags: TAGS };
  return deploy(() => new ContentCopies("shop-copies", { ...defaults, ...args }));
}

describe("ContentCopies", () => {
  let resources: Registrations;
  let copies: ContentCopies;

  before(async () => {
    ({ resources, result: copies } = await deployCopies());
  });

  const account = () => resources.named("shop-copies-account").inputs;

  it("keeps the rules of the house", () => {
    expectHouseRules(resources, "shop-copies", "multicloud-dr:standby:ContentCopies");
  });

  it("is one account, its blob service, one container, and what makes the account's name unique", () => {
    expect(resources.names).to.deep.equal([
      "shop-copies-account",
      "shop-copies-container",
      "shop-copies-service",
      "shop-copies-suffix",
    ]);
    for (const name of resources.names.filter((each) => each !== "shop-copies-suffix")) {
      expect(resources.named(name).inputs.resourceGroupName).to.equal("shop-standby");
    }
  });

  it("names the account after the workload, with a suffix of lowercase letters and digits", async () => {
    expect(resources.named("shop-copies-suffix").inputs).to.include({ length: 8, upper: false, special: false });
    expect(account().accountName).to.match(/^shopcopies[a-z0-9]{8}$/);
    const { resources: other } = await deployCopies({ workload: "web-shop-eu" });
    expect(other.named("shop-copies-account").inputs.accountName).to.match(/^webshopeucopie[a-z0-9]{9,}$/);
  });

  it("keeps its data in three zones, in the tier for what is seldom read", () => {
    expect(account()).to.deep.include({ kind: "StorageV2", sku: { name: "Standard_ZRS" }, accessTier: "Cool" });
  });

  it("lets in nobody without an identity: no shared keys, no anonymous readers, TLS only", async () => {
    expect(account()).to.include({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      defaultToOAuthAuthentication: true,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
    });
    expect(resources.named("shop-copies-container").inputs.publicAccess).to.equal("None");
  });

  it("keeps what is overwritten or deleted as many days as it is told", async () => {
    for (const retentionDays of [30, 365]) {
      const { resources: kept } = await deployCopies({ retentionDays });
      expect(kept.named("shop-copies-service").inputs).to.deep.include({
        blobServicesName: "default",
        isVersioningEnabled: true,
        deleteRetentionPolicy: { enabled: true, days: retentionDays },
        containerDeleteRetentionPolicy: { enabled: true, days: retentionDays },
      });
    }
  });

  it("takes in nothing before versions are kept", () => {
    expect(resources.named("shop-copies-container").dependencies).to.include("shop-copies-service");
  });

  it("protects by default what holds data, and the name that leads to it", () => {
    const data = ["shop-copies-account", "shop-copies-container", "shop-copies-service", "shop-copies-suffix"];
    expectProtected(resources, data);
  });

  it("protects nothing once protectData is false", async () => {
    expectProtected((await deployCopies({ protectData: false })).resources, []);
  });

  it("tells where the copies are", async () => {
    const { accountName } = account();
    expect(await settled(copies.blobEndpoint)).to.equal(`https://${accountName}.blob.core.windows.net/`);
    expect(await settled(copies.containerName)).to.equal("content");
    expect(await settled(copies.accountId)).to.match(new RegExp(`/storageAccounts/${accountName}$`));
    expect(await settled(copies.containerId)).to.equal(
      `${await settled(copies.accountId)}/blobServices/default/containers/content`,
    );
  });
});
