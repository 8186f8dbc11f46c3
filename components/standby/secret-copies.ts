import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { diagnose } from "./diagnose.ts";
import { KeyVault } from "./key-vault.ts";
import { SecretsWriter } from "./secrets-writer.ts";

export interface SecretCopiesArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Id of the resource group: the one place where roles may be assigned. */
  resourceGroupId: pulumi.Input<string>;
  /** Short name of the workload. @example "shop" */
  workload: string;
  /** Directory whose identities may ask for secrets. */
  tenantId: pulumi.Input<string>;
  /** Workspace that is told who asked for what. */
  workspaceId: pulumi.Input<string>;
  /**
   * Refuse to delete the vault.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * A vault for the copies of the primary's secrets, and the identity that writes them.
 *
 * It is not the vault of the standby's own secrets: rights of a vault hold for all of its secrets, and whoever takes over
 * the replicator on AWS must not be able to change the standby's logins.
 */
export class SecretCopies extends pulumi.ComponentResource {
  readonly vaultId: pulumi.Output<string>;
  readonly vaultName: pulumi.Output<string>;
  /** Where the vault answers, with a slash at the end. */
  readonly vaultUri: pulumi.Output<string>;
  readonly writer: SecretsWriter;

  constructor(name: string, args: SecretCopiesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:SecretCopies", name, {}, opts);
    const parent = { parent: this };
    const { resourceGroupName, resourceGroupId, tags } = args;

    const vault = new KeyVault(
      `${name}-vault`,
      {
        resourceGroupName,
        workload: `${args.workload}-secrets`,
        tenantId: args.tenantId,
        protectData: args.protectData,
        tags,
      },
      parent,
    );
    diagnose(`${name}-vault-logs`, "vault", vault.vaultId, args.workspaceId, this);
    this.writer = new SecretsWriter(
      `${name}-writer`,
      { resourceGroupName, resourceGroupId, vaultId: vault.vaultId, tags },
      parent,
    );

    this.vaultId = vault.vaultId;
    this.vaultName = vault.vaultName;
    this.vaultUri = vault.vaultUri;
    this.registerOutputs({ vaultName: this.vaultName, vaultUri: this.vaultUri });
  }
}
