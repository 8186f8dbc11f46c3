import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Tags } from "../tags.ts";
import { vaultName } from "./vault-name.ts";

export interface KeyVaultArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Begins the vault's name, and is cut where room ends. @example "shop" */
  workload: string;
  /** Directory whose identities may ask for secrets. */
  tenantId: pulumi.Input<string>;
  /**
   * Refuse to delete the vault.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * A vault of secrets of the standby; whoever makes a secret puts it in.
 *
 * Roles alone decide who reads what. Its endpoint is public, as storage's is, for whoever has a role; what is
 * deleted stays restorable for 90 days, and nobody can end that early.
 */
export class KeyVault extends pulumi.ComponentResource {
  readonly vaultId: pulumi.Output<string>;
  readonly vaultName: pulumi.Output<string>;
  /** Where the vault answers, with a slash at the end. */
  readonly vaultUri: pulumi.Output<string>;

  constructor(name: string, args: KeyVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:KeyVault", name, {}, opts);
    const protect = args.protectData ?? true;
    const data = { parent: this, protect, retainOnDelete: protect };

    // A name stays taken for as long as its vault can be restored, so it is never used twice.
    const suffix = new random.RandomString(`${name}-suffix`, { length: 8, upper: false, special: false }, data);
    const vault = new azure.keyvault.Vault(
      `${name}-vault`,
      {
        resourceGroupName: args.resourceGroupName,
        vaultName: suffix.result.apply((unique) => vaultName(args.workload, unique)),
        properties: {
          tenantId: args.tenantId,
          sku: { family: azure.keyvault.SkuFamily.A, name: azure.keyvault.SkuName.Standard },
          // The default changed with API version 2026-02-01.
          enableRbacAuthorization: true,
          accessPolicies: [],
          enableSoftDelete: true,
          softDeleteRetentionInDays: 90,
          enablePurgeProtection: true,
          publicNetworkAccess: "Enabled",
          networkAcls: {
            defaultAction: azure.keyvault.NetworkRuleAction.Allow,
            bypass: azure.keyvault.NetworkRuleBypassOptions.AzureServices,
          },
        },
        tags: args.tags,
      },
      data,
    );

    this.vaultId = vault.id;
    this.vaultName = vault.name;
    this.vaultUri = vault.properties.vaultUri.apply((uri) => uri ?? "");
    this.registerOutputs({ vaultName: this.vaultName, vaultUri: this.vaultUri });
  }
}
