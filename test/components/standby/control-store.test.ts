import { expect } from "chai";
import { ControlStore } from "../../../components/standby/control-store.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

describe("ControlStore", () => {
  let resources: Registrations;
  let store: ControlStore;

  before(async () => {
    const args = { resourceGroupName: "shop-standby", workload: "shop", tags: TAGS };
    ({ resources, result: store } = await deploy(() => new ControlStore("shop-store", args)));
  });

  const account = () => resources.named("shop-store-account").inputs;

  it("keeps the rules of the house, and protects nothing: it holds no data of the workload", () => {
    expectHouseRules(resources, "shop-store", "multicloud-dr:standby:ControlStore");
    expectProtected(resources, []);
  });

  it("is an account with three private containers", () => {
    expect(resources.names).to.deep.equal([
      "shop-store-account",
      "shop-store-control",
      "shop-store-deployments",
      "shop-store-packages",
      "shop-store-suffix",
    ]);
    for (const { inputs } of resources.ofType("azure-native:storage:BlobContainer")) {
      expect(inputs).to.include({ accountName: account().accountName, publicAccess: "None" });
    }
  });

  it("is named after the workload, in three zones", () => {
    expect(account().accountName).to.match(/^shopcontrol[a-z0-9]{8}$/);
    expect(account()).to.deep.include({ kind: "StorageV2", sku: { name: "Standard_ZRS" }, accessTier: "Hot" });
  });

  it("allows the account's key, which the provider writes with, and nothing else that is not needed", () => {
    expect(account()).to.include({
      allowSharedKeyAccess: true,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      defaultToOAuthAuthentication: true,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
    });
  });

  it("tells where things go", async () => {
    expect(await settled(store.accountName)).to.equal(account().accountName);
    expect(await settled(store.blobEndpoint)).to.equal(`https://${account().accountName}.blob.core.windows.net/`);
    expect(await settled(store.containers)).to.deep.equal({
      control: "control",
      packages: "packages",
      deployments: "deployments",
    });
  });
});
