import { expect } from "chai";
import { KeyVault, type KeyVaultArgs } from "../../../components/standby/key-vault.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { TENANT_ID } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

function deployVault(args: Partial<KeyVaultArgs> = {}) {
  const defaults = { resourceGroupName: "shop-group", workload: "shop", tenantId: TENANT_ID, tags: TAGS };
  return deploy(() => new KeyVault("shop-secrets", { ...defaults, ...args }));
}

describe("KeyVault", () => {
  let resources: Registrations;
  let vault: KeyVault;

  before(async () => {
    ({ resources, result: vault } = await deployVault());
  });

  const inputs = () => resources.named("shop-secrets-vault").inputs;
  const properties = () => inputs().properties as Record<string, unknown>;

  it("keeps the rules of the house", () => {
    expectHouseRules(resources, "shop-secrets", "multicloud-dr:standby:KeyVault");
  });

  it("is one vault in the given group, and what makes its name unique", () => {
    expect(resources.names).to.deep.equal(["shop-secrets-suffix", "shop-secrets-vault"]);
    expect(inputs().resourceGroupName).to.equal("shop-group");
    expect(inputs().vaultName).to.match(/^shop-[a-z0-9]{8}$/);
    expect(resources.named("shop-secrets-suffix").inputs).to.include({ length: 8, upper: false, special: false });
  });

  it("names the vault after the workload", async () => {
    const { resources: other } = await deployVault({ workload: "web" });
    expect(other.named("shop-secrets-vault").inputs.vaultName).to.match(/^web-/);
  });

  it("asks roles, of its own directory, and no lists of its own", () => {
    expect(properties()).to.deep.include({ enableRbacAuthorization: true, tenantId: TENANT_ID, accessPolicies: [] });
  });

  it("lets nobody end early what can be restored for 90 days", () => {
    expect(properties()).to.include({
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enablePurgeProtection: true,
    });
  });

  it("answers in public, where roles decide", () => {
    expect(properties()).to.deep.include({
      publicNetworkAccess: "Enabled",
      networkAcls: { defaultAction: "Allow", bypass: "AzureServices" },
    });
  });

  it("is protected by default, and the name that leads to it", () => {
    expectProtected(resources, ["shop-secrets-suffix", "shop-secrets-vault"]);
  });

  it("is not once protectData is false", async () => {
    expectProtected((await deployVault({ protectData: false })).resources, []);
  });

  it("tells where it is", async () => {
    const { vaultName } = inputs();
    expect(await settled(vault.vaultName)).to.equal(vaultName);
    expect(await settled(vault.vaultUri)).to.equal(`https://${vaultName}.vault.azure.net/`);
    expect(await settled(vault.vaultId)).to.match(new RegExp(`/resourceGroups/shop-group/.*/vaults/${vaultName}$`));
  });
});
