import type { AzureCloud } from "../cloud.ts";
import { protectionOf } from "../immutability.ts";
import type { Resource } from "../resource-manager.ts";
import { armActuator, GROUP, regionIn } from "./arm.ts";
import { ACCOUNT, containerRefusals, serviceRefusals } from "./blob-checks.ts";
import { accountRefusals } from "./storage-account-checks.ts";
import { LONGEST_STORAGE_TAG_NAME } from "./tags.ts";

/** azure-native:storage:StorageAccount */
export const storageAccount = armActuator({
  id: ACCOUNT.id,
  name: {
    property: "accountName",
    pattern: /^[a-z0-9]{3,24}$/,
    rule: "3 to 24 lowercase letters and digits (Storage account overview)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_STORAGE_TAG_NAME,
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
        web: cloud.websites.endpointOf(name),
      },
      primaryLocation: regionIn(inputs, cloud),
      statusOfPrimary: "available",
      creationTime: new Date().toISOString(),
      provisioningState: "Succeeded",
    };
  },
  onCreate: async (inputs, { blobs, websites }) => {
    await blobs.open(String(inputs.accountName));
    await websites.open(String(inputs.accountName));
  },
  keeps: keptByLockedPolicy,
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
  settings: true,
  check: serviceRefusals,
});

/** azure-native:storage:BlobContainer */
export const blobContainer = armActuator({
  id: (inputs, cloud) => `${ACCOUNT.id(inputs, cloud)}/blobServices/default/containers/${inputs.containerName}`,
  name: {
    property: "containerName",
    pattern: /^(?=.{3,63}$)(\$root|\$web|[a-z0-9]+(-[a-z0-9]+)*)$/,
    rule: "3 to 63 lowercase letters, digits and single hyphens between them (Naming and referencing containers, blobs, and metadata)",
    auto: "suffix",
  },
  parent: ACCOUNT,
  replaceOn: ["immutableStorageWithVersioning", "defaultEncryptionScope", "denyEncryptionScopeOverride"],
  check: containerRefusals,
  outputs: () => ({
    hasImmutabilityPolicy: false,
    hasLegalHold: false,
    leaseState: "Available",
    leaseStatus: "Unlocked",
  }),
  onCreate: (inputs, { blobs }) => blobs.control("PUT", String(inputs.accountName), String(inputs.containerName)),
  keeps: keptByPolicy,
});

/** A container that a policy protects can go only when it is empty ("Version-level WORM policies for immutable blob data"). */
async function keptByPolicy(id: string, { blobs, resources }: AzureCloud): Promise<string | undefined> {
  const [accountId = "", container = ""] = id.split("/blobServices/default/containers/");
  const account = resources.get(accountId);
  if (!account || !resources.get(id) || !protectionOf(resources, account, container)) return undefined;
  if (!(await blobs.holdsBlobs(nameOf(accountId), container))) return undefined;
  return `${id} has an immutability policy and is not empty (ContainerProtectedFromDeletion)`;
}

/** An account goes with all that is in it, unless a policy that is locked protects some of that. */
async function keptByLockedPolicy(id: string, { blobs, resources }: AzureCloud): Promise<string | undefined> {
  const account = resources.get(id);
  const containers = resources
    .list("Microsoft.Storage/storageAccounts/blobServices/containers")
    .map((each) => each.id)
    .filter((each) => each.toLowerCase().startsWith(`${id.toLowerCase()}/`))
    .map(nameOf);
  for (const container of account ? containers : []) {
    const { policy } = protectionOf(resources, account as Resource, container) ?? {};
    if (policy?.state !== "Locked" || !(await blobs.holdsBlobs(nameOf(id), container))) continue;
    return `${id} has blobs under a locked immutability policy in ${container} (StorageAccountCannotBeDeleted)`;
  }
  return undefined;
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
