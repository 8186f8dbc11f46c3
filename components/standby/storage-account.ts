import * as azure from "@pulumi/azure-native";

/** What every storage account of the standby has: three zones, TLS only, and nothing that anybody may read. */
export const HARDENED_ACCOUNT = {
  kind: azure.storage.Kind.StorageV2,
  sku: { name: azure.storage.SkuName.Standard_ZRS },
  // Of containers; a static website is public without it.
  allowBlobPublicAccess: false,
  allowCrossTenantReplication: false,
  defaultToOAuthAuthentication: true,
  enableHttpsTrafficOnly: true,
  minimumTlsVersion: azure.storage.MinimumTlsVersion.TLS1_2,
};

/**
 * The same, for an account in which the stack itself writes blobs: the provider does that with the account's key only
 * (pulumi-azure-native, issue 2015). Never one with data of the workload.
 */
export const WRITTEN_BY_STACK = {
  ...HARDENED_ACCOUNT,
  accessTier: azure.storage.AccessTier.Hot,
  allowSharedKeyAccess: true,
};
