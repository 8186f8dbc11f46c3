import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { assignRole, defineRole } from "./custom-role.ts";

export interface ContentWriterArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Id of the resource group: the one place where the role may be assigned. */
  resourceGroupId: pulumi.Input<string>;
  /** Id of the container that may be written. */
  containerId: pulumi.Input<string>;
  /** While true the writer has no right to write: the standby serves the content and owns it. */
  fenced: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * What the role may do to a blob. `write` both creates and overwrites, and an overwrite leaves the former
 * version behind; nothing here deletes a blob or a version ("Permissions for calling data operations":
 * Put Block List needs `write`, so `add/action` alone would not carry large objects). `tags/write` is for the tag of a
 * copy whose source is gone: it hides the copy from users (public-reading.ts), and is set along with it.
 */
const BLOB_ACTIONS = ["read", "write", "add/action", "tags/write"].map(
  (action) => `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${action}`,
);

/** What is left of it while the writer is fenced. */
const READ_ONLY = BLOB_ACTIONS.slice(0, 1);

/**
 * The identity that the replicator takes on in Azure, its role, and the assignment of the one to the other.
 *
 * All three live on the standby's side, so that the standby alone can take the right to write away.
 */
export class ContentWriter extends pulumi.ComponentResource {
  readonly identityName: pulumi.Output<string>;
  /** What the replicator names itself by when it asks for a token. */
  readonly clientId: pulumi.Output<string>;
  readonly tenantId: pulumi.Output<string>;

  constructor(name: string, args: ContentWriterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:ContentWriter", name, {}, opts);
    const parent = { parent: this };

    const identity = new azure.managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName: args.resourceGroupName, resourceName: name, tags: args.tags },
      parent,
    );
    const role = defineRole(
      name,
      {
        description: "Creates, overwrites and hides copies of the primary's data; deletes nothing.",
        resourceGroupId: args.resourceGroupId,
        // A deletion comes last of all that an `up` does, and never where a step before it fails; a change does not.
        dataActions: args.fenced ? READ_ONLY : BLOB_ACTIONS,
      },
      this,
    );
    if (!args.fenced) {
      const { principalId } = identity;
      assignRole(name, { roleDefinitionId: role.id, scope: args.containerId, principalId }, this);
    }

    this.identityName = identity.name;
    this.clientId = identity.clientId;
    this.tenantId = identity.tenantId;
    this.registerOutputs({ identityName: this.identityName, clientId: this.clientId, tenantId: this.tenantId });
  }
}
