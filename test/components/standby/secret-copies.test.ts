import { expect } from "chai";
import { SecretCopies } from "../../../components/standby/secret-copies.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { SUBSCRIPTION, TENANT_ID } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const GROUP_ID = `${SUBSCRIPTION}/resourceGroups/shop-standby`;
const WORKSPACE_ID = `${GROUP_ID}/providers/Microsoft.OperationalInsights/workspaces/shop-logs`;
const SECRETS = "Microsoft.KeyVault/vaults/secrets";

function deployCopies(protectData = true) {
  return deploy(
    () =>
      new SecretCopies("shop-secrets", {
        ...{ resourceGroupName: "shop-standby", resourceGroupId: GROUP_ID, workload: "shop" },
        ...{ tenantId: TENANT_ID, workspaceId: WORKSPACE_ID, protectData, tags: TAGS },
      }),
  );
}

describe("SecretCopies", () => {
  let resources: Registrations;
  let copies: SecretCopies;
  before(async () => {
    ({ resources, result: copies } = await deployCopies());
  });

  it("keeps the rules of the house, and its vault when it goes, unless nobody wants that", async () => {
    expectHouseRules(resources, "shop-secrets", "multicloud-dr:standby:SecretCopies");
    expectProtected(resources, ["shop-secrets-vault-suffix", "shop-secrets-vault-vault"]);
    const { resources: free } = await deployCopies(false);
    expectProtected(free, []);
  });

  it("has a vault for copies alone, whose deletions can be taken back and by nobody be hastened", async () => {
    const [vault, ...others] = resources.ofType("azure-native:keyvault:Vault");
    expect(others).to.be.empty;
    expect(vault?.inputs.vaultName).to.match(/^shop-secrets-[a-z0-9]{8}$/);
    expect(vault?.inputs.properties).to.include({
      ...{ enableRbacAuthorization: true, enablePurgeProtection: true, softDeleteRetentionInDays: 90 },
    });
    expect(await settled(copies.vaultName)).to.equal(vault?.inputs.vaultName);
  });

  it("tells the workspace who asked for what", () => {
    const [setting] = resources.ofType("azure-native:monitor:DiagnosticSetting");
    expect(setting?.inputs).to.deep.include({ workspaceId: WORKSPACE_ID });
    expect(setting?.dependencies).to.deep.equal(["shop-secrets-vault-vault"]);
  });

  it("lets its writer set, change and see secrets of this vault: no value is read, and nothing deleted", async () => {
    const { permissions } = resources.named("shop-secrets-writer-role").inputs;
    const dataActions = ["setSecret/action", "update/action", "readMetadata/action"].map(
      (each) => `${SECRETS}/${each}`,
    );
    expect(permissions).to.deep.equal([{ actions: [], dataActions }]);
    const [assignment, ...others] = resources.ofType("azure-native:authorization:RoleAssignment");
    expect(others).to.be.empty;
    const vaultName = await settled(copies.vaultName);
    expect(assignment?.inputs.scope).to.match(new RegExp(`/providers/Microsoft\\.KeyVault/vaults/${vaultName}$`));
    expect(assignment?.dependencies).to.include("shop-secrets-writer-identity");
  });

  it("tells as whom the replicator writes", async () => {
    expect(await settled(copies.writer.identityName)).to.equal("shop-secrets-writer");
  });
});
