import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { inGroup } from "./arm.ts";

/** The account that `resourceGroupName` and `accountName` name; the parent of all that lives in it. */
export const ACCOUNT = {
  property: "accountName",
  id: (inputs: Properties, cloud: AzureCloud) =>
    inGroup(cloud, inputs.resourceGroupName, `Microsoft.Storage/storageAccounts/${inputs.accountName}`),
};

const SET_SERVICE = "(Blob Services - Set Service Properties)";

/** Most CORS rules of a service ("Cross-Origin Resource Sharing support for Azure Storage"). */
const MOST_CORS_RULES = 5;

/** What Azure would refuse about the settings of an account's blob service. */
export function serviceRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const account = cloud.resources.get(ACCOUNT.id(inputs, cloud))?.properties;
  return [
    ...retentionRefusals(inputs),
    ...versioningRefusals(inputs, account),
    ...restoreRefusals(inputs),
    ...corsRefusals(inputs),
  ];
}

interface Retention {
  enabled?: boolean;
  days?: number;
  allowPermanentDelete?: boolean;
}

function retentionRefusals(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  for (const property of ["deleteRetentionPolicy", "containerDeleteRetentionPolicy"]) {
    const { enabled, days } = (inputs[property] ?? {}) as Retention;
    if (enabled && !isBetween(days, 1, 365)) {
      const reason = `${days ?? "no number of"} days; an enabled policy keeps for 1 to 365 ${SET_SERVICE}`;
      refusals.push({ property: `${property}.days`, reason });
    }
  }
  const { retentionInDays } = (inputs.changeFeed ?? {}) as { retentionInDays?: number };
  if (retentionInDays !== undefined && !isBetween(retentionInDays, 1, 146_000)) {
    const reason = `${retentionInDays} days; expected 1 to 146000, or none to keep it for ever ${SET_SERVICE}`;
    refusals.push({ property: "changeFeed.retentionInDays", reason });
  }
  return refusals;
}

function versioningRefusals(inputs: Properties, account: Properties | undefined): Refusal[] {
  const property = "isVersioningEnabled";
  if (inputs[property] === true && account?.isHnsEnabled === true) {
    return [{ property, reason: "versioning is not supported with a hierarchical namespace (Blob versioning)" }];
  }
  const { enabled } = (account?.immutableStorageWithVersioning ?? {}) as { enabled?: boolean };
  if (inputs[property] !== true && enabled === true) {
    const reason =
      "the account has version-level immutability, which needs versioning (Configure immutability policies for blob versions)";
    return [{ property, reason }];
  }
  return [];
}

function restoreRefusals(inputs: Properties): Refusal[] {
  const property = "restorePolicy";
  const source = "(Point-in-time restore for block blobs)";
  const { enabled, days } = (inputs.restorePolicy ?? {}) as Retention;
  if (!enabled) return [];
  const kept = (inputs.deleteRetentionPolicy ?? {}) as Retention;
  const feed = (inputs.changeFeed as { enabled?: boolean } | undefined)?.enabled;
  if (kept.allowPermanentDelete) {
    return [{ property, reason: `it cannot stand beside deleteRetentionPolicy.allowPermanentDelete ${SET_SERVICE}` }];
  }
  const soft = kept.enabled === true ? (kept.days ?? 0) : 0;
  if (inputs.isVersioningEnabled === true && feed === true && isBetween(days, 1, soft - 1)) return [];
  const reason = `point-in-time restore needs versioning, the change feed, and 1 day at least and fewer than soft delete keeps ${source}`;
  return [{ property, reason }];
}

function corsRefusals(inputs: Properties): Refusal[] {
  const rules = (inputs.cors as { corsRules?: unknown[] } | undefined)?.corsRules ?? [];
  if (rules.length <= MOST_CORS_RULES) return [];
  const reason = `${rules.length} rules; at most ${MOST_CORS_RULES} (Cross-Origin Resource Sharing support for Azure Storage)`;
  return [{ property: "cors.corsRules", reason }];
}

/** What Azure would refuse about a container, besides its name. */
export function containerRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const refusals: Refusal[] = [];
  const { publicAccess, containerName, defaultEncryptionScope, denyEncryptionScopeOverride, metadata } = inputs;
  const account = cloud.resources.get(ACCOUNT.id(inputs, cloud))?.properties;
  if (publicAccess !== undefined && publicAccess !== "None" && account && account.allowBlobPublicAccess !== true) {
    const reason = `"${publicAccess}" is not permitted: the account's allowBlobPublicAccess is not true (PublicAccessNotPermitted)`;
    refusals.push({ property: "publicAccess", reason });
  }
  const servesSites = account?.kind === "StorageV2" || account?.kind === "BlockBlobStorage";
  if (containerName === "$web" && account && !servesSites) {
    const reason = `"$web" is kept for static websites, which ${account.kind} accounts do not serve (Static website hosting in Azure Storage)`;
    refusals.push({ property: "containerName", reason });
  }
  if ((defaultEncryptionScope === undefined) !== (denyEncryptionScopeOverride === undefined)) {
    const reason =
      "it needs denyEncryptionScopeOverride beside it, and the reverse (Encryption scopes for Blob storage)";
    refusals.push({ property: "defaultEncryptionScope", reason });
  }
  refusals.push(...immutabilityRefusals(inputs, cloud));
  for (const name of Object.keys((metadata ?? {}) as object)) {
    if (/^[A-Za-z_]\w*$/.test(name)) continue;
    const reason = `"${name}" is no C# identifier (InvalidMetadata; Naming and referencing containers, blobs, and metadata)`;
    refusals.push({ property: "metadata", reason });
  }
  return refusals;
}

function immutabilityRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const property = "immutableStorageWithVersioning";
  const source = "(Configure immutability policies for blob versions)";
  const { enabled } = (inputs[property] ?? {}) as { enabled?: boolean };
  const account = ACCOUNT.id(inputs, cloud);
  if (enabled !== true || !cloud.resources.exists(account)) return [];
  const service = cloud.resources.get(`${account}/blobServices/default`)?.properties;
  if (service?.isVersioningEnabled === true) return [];
  return [{ property, reason: `the account's blob service has no versioning, which it needs ${source}` }];
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}
