import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { type Diagnosed, diagnose } from "../../../components/standby/diagnose.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy } from "../../support/mocks.ts";

const GROUP = `${SUBSCRIPTION}/resourceGroups/shop-group/providers`;
const TARGET_ID = `${GROUP}/Microsoft.KeyVault/vaults/shop-vault`;
const WORKSPACE_ID = `${GROUP}/Microsoft.OperationalInsights/workspaces/shop-logs`;

async function settingOf(kind: Diagnosed) {
  const { resources } = await deploy(() => {
    const parent = new pulumi.ComponentResource("test:index:Parent", "shop");
    diagnose("shop-vault-logs", kind, TARGET_ID, WORKSPACE_ID, parent);
  });
  return resources.named("shop-vault-logs");
}

describe("a diagnostic setting", () => {
  it("sends the target's logs to the workspace, under its own name, as its parent's", async () => {
    const { type, parent, inputs } = await settingOf("vault");
    expect(type).to.equal("azure-native:monitor:DiagnosticSetting");
    expect(parent).to.equal("shop");
    expect(inputs).to.include({ name: "shop-vault-logs", resourceUri: TARGET_ID, workspaceId: WORKSPACE_ID });
  });

  it("keeps who read a secret, who deleted a blob, and all that the database and the front door tell", async () => {
    const logs = async (kind: Diagnosed) => (await settingOf(kind)).inputs.logs;
    expect(await logs("vault")).to.deep.equal([{ categoryGroup: "audit", enabled: true }]);
    expect(await logs("blobs")).to.deep.equal([{ category: "StorageDelete", enabled: true }]);
    expect(await logs("database")).to.deep.equal([{ categoryGroup: "allLogs", enabled: true }]);
    expect(await logs("frontDoor")).to.deep.equal([{ categoryGroup: "allLogs", enabled: true }]);
  });
});
