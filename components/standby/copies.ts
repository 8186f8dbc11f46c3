import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Tags } from "../tags.ts";
import { type CopyPurpose, copiesPlan } from "./copies-plan.ts";
import { HARDENED_ACCOUNT } from "./storage-account.ts";
import { storageAccountName } from "./storage-name.ts";

export interface CopiesArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Short name of the workload; begins the account's name. @example "shop" */
  workload: string;
  /** What the copies are of; it names the container, and decides how they are kept. */
  purpose: CopyPurpose;
  /** Days for which a deleted copy or container stays restorable, 1 to 365; overwritten versions stay without end. */
  retentionDays: number;
  /** How long nobody can change or delete a version, from its writing. */
  immutability: {
    /** 1 to 146000. @example 30 */
    days: number;
    /**
     * Whether nobody can shorten that either, the account's owners included; there is no way back. Azure takes it only
     * for an account that stands: deploy without it first. From then on `days` can only grow.
     * @default false
     */
    locked?: boolean;
  };
  /** Access tier of what is written without one; page blobs have none. */
  tier: "Hot" | "Cool" | "Cold";
  /**
   * Refuse to delete the account or the container.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The storage account and container that hold copies of the primary's data.
 *
 * Versioned, soft-deleting and ready for immutability, with which neither account nor container can be deleted while
 * anything is in it ("Version-level WORM policies for immutable blob data"). No shared keys and no anonymous access, so
 * every request is some identity's, and its roles decide. The public endpoint stays open because the replicators call
 * from AWS.
 */
export class Copies extends pulumi.ComponentResource {
  readonly accountId: pulumi.Output<string>;
  readonly accountName: pulumi.Output<string>;
  /** Where the blob service answers, with a slash at the end. */
  readonly blobEndpoint: pulumi.Output<string>;
  readonly containerId: pulumi.Output<string>;
  readonly containerName: pulumi.Output<string>;

  constructor(name: string, args: CopiesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:Copies", name, {}, opts);
    const { resourceGroupName, retentionDays } = args;
    const { containerName, word, immutableWhenWritten, deleteLock } = copiesPlan(args.purpose);
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
        accountName: suffix.result.apply((unique) => storageAccountName([args.workload, word], unique)),
        ...HARDENED_ACCOUNT,
        accessTier: args.tier,
        allowSharedKeyAccess: false,
        // Azure enables this when it makes an account, or never.
        immutableStorageWithVersioning: {
          enabled: true,
          ...(immutableWhenWritten ? { immutabilityPolicy: defaultPolicy(args.immutability) } : {}),
        },
        tags: args.tags,
      },
      data,
    );
    // Azure deletes no container that holds an immutable version; whoever decommissions the account deletes all in it.
    const inAccount = { ...data, deletedWith: account };
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
      inAccount,
    );
    const container = new azure.storage.BlobContainer(
      `${name}-container`,
      { resourceGroupName, accountName: account.name, containerName, publicAccess: azure.storage.PublicAccess.None },
      { ...inAccount, dependsOn: service },
    );
    if (deleteLock && protect) {
      // Neither protected nor retained: it must go before the account, when protectData is taken back.
      new azure.authorization.ManagementLockByScope(
        `${name}-lock`,
        {
          scope: account.id,
          lockName: `${name}-lock`,
          level: azure.authorization.LockLevel.CanNotDelete,
          notes: "Copies of the primary's data. Take multicloud-dr:protectData back before you delete them.",
        },
        { parent: this, dependsOn: container },
      );
    }

    this.accountId = account.id;
    this.accountName = account.name;
    this.blobEndpoint = account.primaryEndpoints.blob;
    this.containerId = container.id;
    this.containerName = container.name;
    this.registerOutputs({ blobEndpoint: this.blobEndpoint, containerName: this.containerName });
  }
}

/** The policy of every version that is written without one of its own. */
function defaultPolicy({ days, locked = false }: CopiesArgs["immutability"]) {
  const { Locked, Unlocked } = azure.storage.AccountImmutabilityPolicyState;
  return {
    immutabilityPeriodSinceCreationInDays: days,
    state: locked ? Locked : Unlocked,
    allowProtectedAppendWrites: false,
  };
}
