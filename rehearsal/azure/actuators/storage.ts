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
        web: `https://${name}.z1.web.core.windows.net/`,
      },
      primaryLocation: regionIn(inputs, cloud),
      statusOfPrimary: "available",
      creationTime: new Date().toISOString(),
      provisioningState: "Succeeded",
    };
  },
  onCreate: (inputs, { blobs }) => blobs.open(String(inputs.accountName)),
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
});
