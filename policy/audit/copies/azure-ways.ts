import { type AuditResource, at, numberAt, textAt } from "../resources.ts";
import type { Estate } from "./estate.ts";
import type { AzureProbe, Way } from "./model.ts";

/**
 * Days for which Azure keeps the data of a cancelled subscription at the least; it says 30 to 90, and that immutable
 * blobs only keep somebody from deleting it by hand ("Cancel and delete your Azure subscription").
 */
const CANCELLED_DAYS = 30;

/** A probe of Azure. @param data whether the action is one on data */
export function azure(action: string, scope: string | undefined, data = false): AzureProbe {
  return { cloud: "azure", action, data, scope };
}

/** To give the subscription up is the one way past a locked policy. */
export function cancelsSubscription(subscription: string): Way {
  return {
    cause: "subscription-cancellation",
    what: `cancel the subscription ${subscription} (Microsoft.Subscription/cancel/action)`,
    steps: [azure("Microsoft.Subscription/cancel/action", subscription)],
    days: CANCELLED_DAYS,
    mend: "give nobody the subscription as its owner who has rights elsewhere; a resource group is enough to deploy",
  };
}

/** The resource group of something. @example "standby/resourceGroups/shop-standby" */
export function groupOf(scope: string | undefined): string | undefined {
  return scope === undefined ? undefined : /^[^/]+\/resourceGroups\/[^/]+/i.exec(scope)?.[0];
}

/** The steps to take the locks from a scope that keep it from deletion. */
export function liftedLocks(estate: Estate, of: AuditResource, scope: string | undefined): AzureProbe[] {
  const own = textAt(of, "id");
  const locks = estate.ofType("azure-native:authorization:ManagementLockByScope").filter((lock) => {
    const where = textAt(lock, "scope");
    return where !== undefined && own !== undefined && (own === where || own.startsWith(`${where}/`));
  });
  return locks.length > 0 ? [azure("Microsoft.Authorization/locks/delete", scope)] : [];
}

/** What a key of Key Vault's encrypts is gone with it. @param vaultUri where the vault answers */
export function destroysVaultKey(estate: Estate, subscription: string, vaultUri: string): Way[] {
  const name = /^https:\/\/([^.]+)\./.exec(vaultUri)?.[1];
  const vault = estate
    .ofType("azure-native:keyvault:Vault")
    .find((each) => name !== undefined && textAt(each, "vaultName") === name);
  const scope = vault ? estate.scopeOf(vault, textAt(vault, "id")) : subscription;
  const kept = vault && at(vault, "properties", "enablePurgeProtection") === true;
  const days = kept ? (numberAt(vault, "properties", "softDeleteRetentionInDays") ?? 90) : 0;
  const mend = kept
    ? "encrypt it with a key of Azure's, which nobody can destroy"
    : "turn purge protection on, or encrypt it with a key of Azure's, which nobody can destroy";
  const key = (action: string) => azure(`Microsoft.KeyVault/vaults/keys/${action}`, scope, true);
  const purge = azure("Microsoft.KeyVault/locations/deletedVaults/purge/action", subscription);
  const cause = "key-destruction";
  const after = kept ? "" : " and purge it";
  return [
    {
      cause,
      what: `delete the key that it is encrypted with${after}`,
      steps: [key("delete"), ...(kept ? [] : [key("purge/action")])],
      days,
      mend,
    },
    {
      cause,
      what: `delete the vault with the key that it is encrypted with${after}`,
      steps: [azure("Microsoft.KeyVault/vaults/delete", scope), ...(kept ? [] : [purge])],
      days,
      mend,
    },
  ];
}
