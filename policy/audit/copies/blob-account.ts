import { type AuditResource, at, listAt, numberAt, textAt } from "../resources.ts";
import { azure, cancelsSubscription, destroysVaultKey, groupOf, liftedLocks } from "./azure-ways.ts";
import { LEAST_DAYS } from "./bucket.ts";
import { type Estate, isIn } from "./estate.ts";
import type { AzureProbe, Cause, Copy, Fault, Way } from "./model.ts";

/** What a container holds a copy of, and whether all of it is written anew again and again; images have no other copy. */
const COPIES: Record<string, { data: string; renewed: boolean }> = {
  content: { data: "content", renewed: false },
  dumps: { data: "database", renewed: true },
};

/** What is known of a storage account from the resources around it. */
interface Facts {
  /** In the audit's own writing. */
  scope: string;
  sharedKeys: boolean;
  /** Whether the account knows immutable versions at all: then it is not deleted before it is empty. */
  worm: boolean;
  /** Days of the policy that every version has; 0 for none. */
  days: number;
  locked: boolean;
  versioned: boolean;
  /** Days for which what is deleted can be restored. */
  softDays: number;
  permanentDelete: boolean;
  vaultUri: string | undefined;
  /** Days after which a lifecycle deletes, at the earliest. */
  expiry: number | undefined;
}

/** The storage accounts of the standby that hold copies. */
export function accountCopies(estate: Estate): { copies: Copy[]; faults: Fault[] } {
  const copies: Copy[] = [];
  const faults: Fault[] = [];
  for (const account of estate.ofType("azure-native:storage:StorageAccount")) {
    if (!isIn(account, "standby:Copies")) continue;
    const [container] = estate.siblings(account, "azure-native:storage:BlobContainer");
    const named = container && (textAt(container, "containerName") ?? textAt(container, "name"));
    const kind = COPIES[named ?? ""];
    if (!kind) continue;
    const facts = factsOf(estate, account);
    const subscription = estate.subscriptionOf(account);
    faults.push(...faultsOf(account, facts));
    copies.push({
      id: account.urn,
      stack: account.stack,
      name: account.name,
      kind: "Azure storage account",
      cloud: "azure",
      place: subscription,
      holds: [`${estate.workloadOf(account)} ${kind.data}`],
      lock: lockText(facts, kind.renewed),
      ways: waysOf(estate, account, facts, subscription, kind.renewed),
      starves: [cutsOff(facts)],
      ...(facts.vaultUri && { key: facts.vaultUri }),
    });
  }
  return { copies, faults };
}

function factsOf(estate: Estate, account: AuditResource): Facts {
  const [service] = estate.siblings(account, "azure-native:storage:BlobServiceProperties");
  const name = textAt(account, "accountName") ?? textAt(account, "name");
  const policies = estate
    .ofType("azure-native:storage:ManagementPolicy")
    .filter((policy) => name !== undefined && textAt(policy, "accountName") === name);
  const worm = at(account, "immutableStorageWithVersioning", "enabled") === true;
  const policy = ["immutableStorageWithVersioning", "immutabilityPolicy"] as const;
  const retains = service !== undefined && at(service, "deleteRetentionPolicy", "enabled") === true;
  return {
    scope: estate.placeOf(account, STORAGE, "accountName"),
    sharedKeys: at(account, "allowSharedKeyAccess") !== false,
    worm,
    days: worm ? (numberAt(account, ...policy, "immutabilityPeriodSinceCreationInDays") ?? 0) : 0,
    locked: worm && textAt(account, ...policy, "state") === "Locked",
    versioned: service !== undefined && at(service, "isVersioningEnabled") === true,
    softDays: retains ? (numberAt(service, "deleteRetentionPolicy", "days") ?? 0) : 0,
    permanentDelete: service !== undefined && at(service, "deleteRetentionPolicy", "allowPermanentDelete") === true,
    vaultUri: textAt(account, "encryption", "keyVaultProperties", "keyVaultUri"),
    expiry: earliest(policies),
  };
}

interface Rule {
  enabled?: boolean;
  definition?: { actions?: Record<string, { delete?: Record<string, unknown> }> };
}

function earliest(policies: readonly AuditResource[]): number | undefined {
  const rules = policies.flatMap((each) => listAt(each, "policy", "rules")) as Rule[];
  const days = rules
    .filter(({ enabled }) => enabled !== false)
    .flatMap(({ definition }) => Object.values(definition?.actions ?? {}))
    .flatMap((action) => Object.values(action.delete ?? {}))
    .filter((value): value is number => typeof value === "number");
  return days.length > 0 ? Math.min(...days) : undefined;
}

function lockText({ worm, days, locked, versioned, softDays }: Facts, renewed: boolean): string {
  if (!versioned) return "none, not even former versions";
  if (!worm || days === 0) return softDays > 0 ? `none; restorable for ${softDays} days` : "none";
  return `${locked ? "locked" : "unlocked"} immutability for ${days} days${renewed ? "" : ", from when each version was written"}`;
}

const STORAGE = "Microsoft.Storage/storageAccounts";
const BLOBS = `${STORAGE}/blobServices/containers/blobs`;

function waysOf(estate: Estate, account: AuditResource, facts: Facts, subscription: string, renewed: boolean): Way[] {
  const { scope, worm, days, locked, softDays } = facts;
  const on = (action: string, data = false) => azure(action, scope, data);
  // A policy runs from when a version was written: of what is not written anew it keeps only the young.
  const immutable = renewed && days > 0;
  const ways: Way[] = [];
  if (!(immutable && locked)) ways.push(...dataWays(facts, immutable));
  if (!immutable) {
    ways.push({
      cause: "lifecycle",
      what: "have Azure delete what is there by a lifecycle policy (managementPolicies/write)",
      steps: [on(`${STORAGE}/managementPolicies/write`)],
      days: 1 + softDays,
      mend: "take managementPolicies/write away, or let a pipeline alone have it that two people must agree to",
    });
  }
  if (!worm) {
    const locks = liftedLocks(estate, account, scope);
    const mend = "make the account with version-level immutability; then it is not deleted before it is empty";
    const whole = { cause: "delete-account" as Cause, days: 0, mend };
    const group = azure("Microsoft.Resources/subscriptions/resourceGroups/delete", groupOf(scope));
    ways.push({ ...whole, what: "delete the account", steps: [on(`${STORAGE}/delete`), ...locks] });
    ways.push({ ...whole, what: "delete its resource group", steps: [group, ...locks] });
  }
  if (facts.vaultUri) ways.push(...destroysVaultKey(estate, subscription, facts.vaultUri));
  ways.push(cancelsSubscription(subscription));
  return ways;
}

/** The ways by way of the data: by a role on it, or by the key of the account, which may do all that there is. */
function dataWays(facts: Facts, immutable: boolean): Way[] {
  const { scope, sharedKeys, versioned, softDays, permanentDelete } = facts;
  const on = (action: string, data = false) => azure(action, scope, data);
  const aged = !immutable && facts.days > 0 ? ` that is older than its policy of ${facts.days} days` : "";
  const deletes: AzureProbe[] = [
    on(`${BLOBS}/delete`, true),
    ...(versioned ? [on(`${BLOBS}/deleteBlobVersion/action`, true)] : []),
    // "Permissions for calling data operations": Set and Delete Immutability Policy.
    ...(immutable ? [on(`${BLOBS}/immutableStorage/runAsSuperUser/action`, true)] : []),
  ];
  const what = immutable ? "take the unlocked policy from every version and delete it" : `delete every version${aged}`;
  const cause: Cause = immutable ? "shorten-immutability" : "delete-versions";
  const mend = immutable
    ? "set multicloud-dr:lockImmutability to true, once the accounts stand"
    : "give nobody a role with deleteBlobVersion; to deploy, rights on resources are enough";
  const ways: Way[] = [
    { cause, what: `${what} (a role on the data)`, steps: deletes, days: permanentDelete ? 0 : softDays, mend },
  ];
  if (softDays > 0) {
    const quick = [...deletes, on(`${STORAGE}/blobServices/write`)];
    ways.push({
      cause,
      what: `${what}, after ending the time in which it can be restored`,
      steps: quick,
      days: 0,
      mend,
    });
  }
  const listKeys = on(`${STORAGE}/listKeys/action`);
  ways.push(
    sharedKeys
      ? {
          cause: "shared-key",
          what: `${what}, with the account's key (listKeys)`,
          steps: [listKeys],
          days: 0,
          mend: "set allowSharedKeyAccess to false",
        }
      : {
          cause: "shared-key",
          what: `let the account have keys again, and ${what} with one (storageAccounts/write, listKeys)`,
          steps: [on(`${STORAGE}/write`), listKeys],
          days: 0,
          mend,
        },
  );
  if (!versioned) {
    const steps = [on(`${BLOBS}/write`, true)];
    ways.push({
      cause: "overwrite",
      what: "overwrite every blob (blobs/write)",
      steps,
      days: 0,
      mend: "turn versioning on",
    });
  }
  return ways;
}

/** Whoever takes the trust away lets nothing new come; what is there stays. */
function cutsOff({ scope }: Facts): Way {
  const action = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete";
  return {
    cause: "stop-replication",
    what: "take the replication's trust away (federatedIdentityCredentials/delete)",
    steps: [azure(action, groupOf(scope))],
    days: 0,
    mend: "see that the alarms on the replication's lag reach somebody else",
  };
}

function faultsOf(account: AuditResource, facts: Facts): Fault[] {
  const of = { subject: account.name, urn: account.urn };
  const faults: Fault[] = [];
  const add = (rule: string, what: string, mend: string) => faults.push({ rule, ...of, what, mend });
  if (!facts.versioned) add("copy-without-versions", "keeps no former versions", "set isVersioningEnabled");
  if (facts.days === 0) {
    add(
      "copy-without-lock",
      "has no immutability policy",
      "set multicloud-dr:immutabilityDays, and give the account immutableStorageWithVersioning",
    );
  } else if (facts.days < LEAST_DAYS) {
    add(
      "lock-too-short",
      `is immutable for ${facts.days} days, expected ${LEAST_DAYS} at least`,
      "set multicloud-dr:immutabilityDays higher",
    );
  }
  if (facts.sharedKeys)
    add("shared-keys-allowed", "can be written with its key, past every role", "set allowSharedKeyAccess to false");
  if (facts.softDays < LEAST_DAYS) {
    add(
      "soft-delete-too-short",
      `keeps what is deleted for ${facts.softDays} days, expected ${LEAST_DAYS} at least`,
      "set multicloud-dr:copyRetentionDays higher",
    );
  }
  if (facts.permanentDelete)
    add("permanent-delete-allowed", "lets what is deleted be purged", "set allowPermanentDelete to false");
  if (!account.protect)
    add("copy-not-protected", "is not protected by the engine", "set multicloud-dr:protectData to true");
  if (facts.expiry !== undefined && facts.expiry < LEAST_DAYS) {
    add("lifecycle-too-short", `has data deleted after ${facts.expiry} days`, `keep it for ${LEAST_DAYS} at least`);
  }
  return faults;
}
