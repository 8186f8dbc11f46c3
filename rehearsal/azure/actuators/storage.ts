import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";

const ACCOUNTS = "Microsoft.Storage/storageAccounts";

/** The account that `resourceGroupName` and `accountName` name; the parent of all that lives in it. */
const ACCOUNT = {
  property: "accountName",
  id: (inputs: Properties, cloud: AzureCloud) =>
    inGroup(cloud, inputs.resourceGroupName, `${ACCOUNTS}/${inputs.accountName}`),
};

/** azure-native:storage:StorageAccount */
export const storageAccount = armActuator({
  id: ACCOUNT.id,
  name: {
    property: "accountName",
    pattern: /^[a-z0-9]{3,24}$/,
    rule: "3 to 24 lowercase letters and digits (Storage account overview)",
    auto: true,
  },
  parent: GROUP,
  regional: true,
  replaceOn: ["isHnsEnabled", "immutableStorageWithVersioning", "enableNfsV3", "dnsEndpointType"],
  check: accountRefusals,
  outputs: (inputs, _id, cloud) => {
    const name = String(inputs.accountName);
    return {
      primaryEndpoints: {
        blob: cloud.blobs.endpointOf(name),
        // Only the blob service is there; the others have the real form and no server behind them.
        ...Object.fromEntries(
          ["dfs", "file", "queue", "table"].map((kind) => [kind, `https://${name}.${kind}.core.windows.net/`]),
        ),
        web: `https://${name}.z1.web.core.windows.net/`,
      },
      primaryLocation: inputs.location ?? cloud.location,
      statusOfPrimary: "available",
      creationTime: new Date().toISOString(),
      provisioningState: "Succeeded",
    };
  },
  onCreate: (inputs, { blobs }) => blobs.open(String(inputs.accountName)),
  onDelete: (properties, { blobs }) => blobs.shut(String(properties.accountName)),
});

/** azure-native:storage:BlobServiceProperties */
export const blobServiceProperties = armActuator({
  id: (inputs, cloud) => `${ACCOUNT.id(inputs, cloud)}/blobServices/${inputs.blobServicesName}`,
  name: {
    property: "blobServicesName",
    pattern: /^default$/,
    rule: 'an account has one blob service, "default" (Blob Services - Set Service Properties)',
  },
  parent: ACCOUNT,
  check: serviceRefusals,
});

/** azure-native:storage:BlobContainer */
export const blobContainer = armActuator({
  id: (inputs, cloud) => `${ACCOUNT.id(inputs, cloud)}/blobServices/default/containers/${inputs.containerName}`,
  name: {
    property: "containerName",
    pattern: /^(?=.{3,63}$)(\$root|\$web|\$logs|[a-z0-9]+(-[a-z0-9]+)*)$/,
    rule: "3 to 63 lowercase letters, digits and single hyphens between them (Naming and referencing containers, blobs, and metadata)",
    auto: true,
  },
  parent: ACCOUNT,
  replaceOn: ["immutableStorageWithVersioning", "defaultEncryptionScope", "denyEncryptionScopeOverride"],
  check: (inputs, cloud) => {
    const account = cloud.resources.get(ACCOUNT.id(inputs, cloud));
    const open = inputs.publicAccess !== undefined && inputs.publicAccess !== "None";
    if (!open || account?.properties.allowBlobPublicAccess === true) return [];
    const reason = `"${inputs.publicAccess}" is not permitted: the account's allowBlobPublicAccess is not true (PublicAccessNotPermitted)`;
    return [{ property: "publicAccess", reason }];
  },
  outputs: () => ({
    hasImmutabilityPolicy: false,
    hasLegalHold: false,
    leaseState: "Available",
    leaseStatus: "Unlocked",
  }),
  onCreate: (inputs, { blobs }) => blobs.control("PUT", String(inputs.accountName), String(inputs.containerName)),
  onDelete: (properties, { blobs }) =>
    blobs.control("DELETE", String(properties.accountName), String(properties.containerName)),
});

function accountRefusals(inputs: Properties, cloud: AzureCloud, former: Properties | undefined): Refusal[] {
  const refusals: Refusal[] = [];
  const { accountName, kind, accessTier, isHnsEnabled } = inputs;
  const sku = String((inputs.sku as { name?: string } | undefined)?.name ?? "");
  const taken = cloud.resources.list(ACCOUNTS).some(({ id }) => id.endsWith(`/${accountName}`));
  if (taken && accountName !== former?.accountName) {
    const reason = `"${accountName}" is taken; account names are unique in the whole of Azure (StorageAccountAlreadyTaken)`;
    refusals.push({ property: "accountName", reason });
  }
  if (sku !== "" && !/^(Standard|Premium)(V2)?_(LRS|GRS|RAGRS|ZRS|GZRS|RAGZRS)$/.test(sku)) {
    refusals.push({ property: "sku.name", reason: `"${sku}" is no SKU of storage accounts (SKU Types)` });
  }
  if (sku.startsWith("Premium") && accessTier !== undefined && accessTier !== "Premium") {
    const reason = `"${accessTier}" is a tier of standard accounts, the SKU is ${sku} (Access tiers for blob data)`;
    refusals.push({ property: "accessTier", reason });
  }
  if (kind === "BlockBlobStorage" && sku.startsWith("Standard")) {
    refusals.push({
      property: "kind",
      reason: `BlockBlobStorage needs a premium SKU, found ${sku} (Types of storage accounts)`,
    });
  }
  const immutable = (inputs.immutableStorageWithVersioning as { enabled?: boolean } | undefined)?.enabled;
  if (isHnsEnabled === true && immutable === true) {
    const reason =
      "version-level immutability is not supported with a hierarchical namespace (Configure immutability policies for blob versions)";
    refusals.push({ property: "immutableStorageWithVersioning", reason });
  }
  return refusals;
}

function serviceRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const refusals: Refusal[] = [];
  for (const property of ["deleteRetentionPolicy", "containerDeleteRetentionPolicy"]) {
    const { enabled, days } = (inputs[property] ?? {}) as { enabled?: boolean; days?: number };
    if (enabled && !(Number.isInteger(days) && Number(days) >= 1 && Number(days) <= 365)) {
      const reason = `${days ?? "no number of"} days; an enabled policy keeps for 1 to 365 (Blob Services - Set Service Properties)`;
      refusals.push({ property: `${property}.days`, reason });
    }
  }
  const account = cloud.resources.get(ACCOUNT.id(inputs, cloud));
  if (inputs.isVersioningEnabled === true && account?.properties.isHnsEnabled === true) {
    const reason = "versioning is not supported with a hierarchical namespace (Blob versioning)";
    refusals.push({ property: "isVersioningEnabled", reason });
  }
  const restore = inputs.restorePolicy as { enabled?: boolean; days?: number } | undefined;
  const kept = (inputs.deleteRetentionPolicy as { days?: number } | undefined)?.days ?? 0;
  const feed = (inputs.changeFeed as { enabled?: boolean } | undefined)?.enabled;
  if (restore?.enabled && !(inputs.isVersioningEnabled && feed && (restore.days ?? 0) < kept)) {
    const reason =
      "point-in-time restore needs versioning, the change feed, and fewer days than soft delete keeps (Point-in-time restore for block blobs)";
    refusals.push({ property: "restorePolicy", reason });
  }
  return refusals;
}
