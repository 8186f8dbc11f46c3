import { expect } from "chai";
import { ForbiddenError, VaultSecrets } from "../../../lambdas/standby/vault-secrets.ts";
import { VAULT_AUDIENCE } from "../../../rehearsal/azure/key-vault.ts";
import { type Deployed, SECRET, useLocalAzure, VAULT } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";

/** Key Vault Secrets User. */
const SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6";

describe("a vault's secrets", () => {
  const azure = useLocalAzure();
  const { signal } = new AbortController();
  let vault: Deployed;
  let secretId: string;

  before(async () => {
    const place = { resourceGroupName: await azure.group(), vaultName: `v${crypto.randomUUID().slice(0, 8)}` };
    vault = await azure.deploy(VAULT, {
      ...place,
      properties: {
        tenantId: azure.local.resources.tenantId,
        sku: { family: "A", name: "standard" },
        ...{ enableRbacAuthorization: true, enablePurgeProtection: true, enableSoftDelete: true },
        softDeleteRetentionInDays: 90,
      },
    });
    const secret = await azure.deploy(SECRET, {
      ...place,
      secretName: "database",
      properties: { value: "first", contentType: "text/plain" },
    });
    secretId = (secret.properties.properties as { secretUri: string }).secretUri;
  });

  async function reader(...scopes: string[]): Promise<VaultSecrets> {
    const principal = crypto.randomUUID();
    for (const scope of scopes) await azure.assign(principal, azure.builtInRole(SECRETS_USER), scope);
    return new VaultSecrets(azure.credential(principal, VAULT_AUDIENCE));
  }

  it("are read by whom a role lets", async () => {
    expect(await (await reader(vault.id)).read(secretId, signal)).to.equal("first");
  });

  it("are nothing where there are none", async () => {
    const missing = secretId.replace(/database$/, "primary-replicator");
    expect(await (await reader(vault.id)).read(missing, signal)).to.equal(undefined);
  });

  it("are refused to anybody else, whether they are there or not", async () => {
    expect(await rejection((await reader()).read(secretId, signal))).to.be.instanceOf(ForbiddenError);
  });
});
