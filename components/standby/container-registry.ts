import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Tags } from "../tags.ts";
import { assignRole, defineRole } from "./custom-role.ts";
import { diagnose } from "./diagnose.ts";
import { registryName } from "./registry-name.ts";

export interface ContainerRegistryArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Id of the resource group: the one place where the writer's role may be assigned. */
  resourceGroupId: pulumi.Input<string>;
  /** Short name of the workload; begins the registry's name. @example "shop" */
  workload: string;
  /** Days for which a deleted image stays restorable; Azure ends at 90. */
  retentionDays: number;
  /** While true the writer has no right to write: the standby serves the site, and its images are its own. */
  fenced: boolean;
  /** Id of the workspace that keeps the registry's log. */
  workspaceId: pulumi.Input<string>;
  /**
   * Refuse to delete the registry.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/** What whoever reads images may do, and what the writer may besides; to delete is `artifacts/delete` and `registries/deleted/…`. */
const PULL = "Microsoft.ContainerRegistry/registries/pull/read";
const PUSH = "Microsoft.ContainerRegistry/registries/push/write";

/** The most days that Azure keeps what is deleted ("Soft delete policy in Azure Container Registry"). */
const MOST_DAYS = 90;

/**
 * The registry of the standby's containers' images, and the identity that copies into it.
 *
 * No user of the registry's own and nobody without a name; who has a role has an identity. What is deleted stays
 * restorable. The endpoint is public as storage's is, because the replicator calls from AWS.
 */
export class ContainerRegistry extends pulumi.ComponentResource {
  readonly registryId: pulumi.Output<string>;
  /** Where it answers, a host without a scheme. @example "shop1a2b3c4d.azurecr.io" */
  readonly loginServer: pulumi.Output<string>;
  readonly writerIdentityName: pulumi.Output<string>;
  readonly writerClientId: pulumi.Output<string>;

  constructor(name: string, args: ContainerRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:ContainerRegistry", name, {}, opts);
    const { resourceGroupName, resourceGroupId, tags } = args;
    const parent = { parent: this };
    const protect = args.protectData ?? true;
    const data = { parent: this, protect, retainOnDelete: protect };

    const suffix = new random.RandomString(`${name}-suffix`, { length: 8, upper: false, special: false }, data);
    const { Enabled, Disabled } = azure.containerregistry.PolicyStatus;
    const registry = new azure.containerregistry.Registry(
      `${name}-registry`,
      {
        resourceGroupName,
        registryName: suffix.result.apply((unique) => registryName(args.workload, unique)),
        // Basic serves half as fast, on the day when all replicas pull at once ("Azure Container Registry SKUs").
        sku: { name: azure.containerregistry.SkuName.Standard },
        adminUserEnabled: false,
        anonymousPullEnabled: false,
        publicNetworkAccess: azure.containerregistry.PublicNetworkAccess.Enabled,
        policies: {
          softDeletePolicy: { status: Enabled, retentionDays: Math.min(args.retentionDays, MOST_DAYS) },
          // What has no tag any more is kept: a former image of a tag is the way back.
          retentionPolicy: { status: Disabled },
          // Container Apps pulls by a token for ARM ("Image pull with managed identity in Azure Container Apps").
          azureADAuthenticationAsArmPolicy: {
            status: azure.containerregistry.AzureADAuthenticationAsArmPolicyStatus.Enabled,
          },
        },
        tags,
      },
      data,
    );
    if (protect) {
      // Neither protected nor retained: it must go before the registry, when protectData is taken back.
      new azure.authorization.ManagementLockByScope(
        `${name}-lock`,
        {
          scope: registry.id,
          lockName: `${name}-lock`,
          level: azure.authorization.LockLevel.CanNotDelete,
          notes: "Images that the standby boots. Take multicloud-dr:protectData back before you delete them.",
        },
        parent,
      );
    }
    diagnose(`${name}-logs`, "registry", registry.id, args.workspaceId, this);

    const writer = new azure.managedidentity.UserAssignedIdentity(
      `${name}-writer-identity`,
      { resourceGroupName, resourceName: `${name}-writer`, tags },
      parent,
    );
    const role = defineRole(
      `${name}-writer`,
      {
        description: "Pushes copies of the primary's container images; deletes nothing.",
        resourceGroupId,
        // A deletion comes last of all that an `up` does, and never where a step before it fails; a change does not.
        actions: args.fenced ? [PULL] : [PULL, PUSH],
      },
      this,
    );
    if (!args.fenced) {
      const { principalId } = writer;
      // At the group, which has no other registry: the registry's lock keeps the assignments below it, too, and a
      // declaration could not take this one away ("Protect your Azure resources with a lock").
      assignRole(`${name}-writer`, { roleDefinitionId: role.id, scope: resourceGroupId, principalId }, this);
    }

    this.registryId = registry.id;
    this.loginServer = registry.loginServer;
    this.writerIdentityName = writer.name;
    this.writerClientId = writer.clientId;
    this.registerOutputs({ loginServer: this.loginServer });
  }
}
