import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { grantCustomRole } from "./custom-role.ts";

export interface SecretsWriterArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Id of the resource group: the one place where the role may be assigned. */
  resourceGroupId: pulumi.Input<string>;
  /** Id of the vault of copies. Nothing else is in it: who may write a secret of a vault may write all of them. */
  vaultId: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * What the role may do to a secret: give it a new version, which leaves the former ones behind; change all but the value,
 * so that it can be disabled; see what there is. It never reads a value, and deletes, recovers and purges nothing.
 */
const SECRET_ACTIONS = ["setSecret/action", "update/action", "readMetadata/action"].map(
  (action) => `Microsoft.KeyVault/vaults/secrets/${action}`,
);

/** The identity by which the primary's secrets are written into the vault of copies, and its right to. */
export class SecretsWriter extends pulumi.ComponentResource {
  readonly identityName: pulumi.Output<string>;
  /** What the replicator names itself by when it asks for a token. */
  readonly clientId: pulumi.Output<string>;

  constructor(name: string, args: SecretsWriterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:SecretsWriter", name, {}, opts);

    const identity = new azure.managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName: args.resourceGroupName, resourceName: name, tags: args.tags },
      { parent: this },
    );
    grantCustomRole(
      name,
      {
        description: "Writes and disables copies of the primary's secrets; reads no value, and deletes nothing.",
        resourceGroupId: args.resourceGroupId,
        dataActions: SECRET_ACTIONS,
        scope: args.vaultId,
        principalId: identity.principalId,
      },
      this,
    );

    this.identityName = identity.name;
    this.clientId = identity.clientId;
    this.registerOutputs({ identityName: this.identityName, clientId: this.clientId });
  }
}
