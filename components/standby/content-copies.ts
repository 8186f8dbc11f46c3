import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Tags } from "../tags.ts";
import { storageAccountName } from "./storage-name.ts";

export interface ContentCopiesArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Short name of the workload; begins the account's name. @example "shop" */
  workload: string;
  /** Days for which a deleted copy or container stays restorable, 1 to 365; overwritten versions stay without end. */
  retentionDays: number;
  /**
   * Refuse to delete the account or the container.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The storage account and container that hold the copies of the primary's content.
 *
 * Versioned and soft-deleting; no shared keys and no anonymous access, so every request is some
 * identity's, and its roles decide. The public endpoint stays open because the replicator calls from AWS.
 */
export class ContentCopies extends pulumi.ComponentResource {
  readonly accountId: pulumi.Output<string>;
  /** Where the blob service answers, with a slash at the end. */
  readonly blobEndpoint: pulumi.Output<string>;
  readonly containerId: pulumi.Output<string>;
  readonly containerName: pulumi.Output<string>;

  constructor(name: string, args: ContentCopiesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:ContentCopies", name, {}, opts);
    const { resourceGroupName, retentionDays } = args;
    const protect = args.protectData ?? true;
    const data = { parent: this, protect, retainOnDelete: protect };

    const suffix = new random.RandomString(
      `${name}-suffix`,
      { length: 8, upper: false, special: false },
      { parent: this, protect, retainOnDelete: protect },
    );
    const account = new azure.storage.StorageAccount(
      `${name}-account`,
      {
        resourceGroupName,
        accountName: suffix.result.apply((unique) => storageAccountName([args.workload, "copies"], unique)),
        kind: azure.storage.Kind.StorageV2,
        sku: { name: azure.storage.SkuName.Standard_ZRS },
        accessTier: azure.storage.AccessTier.Cool,
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        defaultToOAuthAuthentication: true,
        enableHttpsTrafficOnly: true,
        minimumTlsVersion: azure.storage.MinimumTlsVersion.TLS1_2,
        tags: args.tags,
      },
      data,
    );
    const service = new azure.storage.BlobServiceProperties(
      `${name}-service`,
      {
        resourceGroupName,
        accountName: account.name,
        blobServicesName: "default",
        isVersioningEnabled: true,
        deleteRetentionPolicy: { enabled: true, days: retentionDays },
        containerDeleteRetentionPolicy: { enabled: true, days: retentionDays },
      },
      data,
    );
    const container = new azure.storage.BlobContainer(
      `${name}-container`,
      {
        resourceGroupName,
        accountName: account.name,
        containerName: "content",
        publicAccess: azure.storage.PublicAccess.None,
      },
      { ...data, dependsOn: service },
    );

    this.accountId = account.id;
    this.blobEndpoint = account.primaryEndpoints.blob;
    this.containerId = container.id;
    this.containerName = container.name;
    this.registerOutputs({ blobEndpoint: this.blobEndpoint, containerName: this.containerName });
  }
}
