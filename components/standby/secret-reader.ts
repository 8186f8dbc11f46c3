import * as pulumi from "@pulumi/pulumi";
import { grantCustomRole } from "./custom-role.ts";

export interface SecretReaderArgs {
  /** Id of the resource group: the one place where the role may be assigned. */
  resourceGroupId: pulumi.Input<string>;
  /** What may be read: resource id of one secret, or of a vault for all that is in it. */
  scope: pulumi.Input<string>;
  /** Who may read it: object id of an identity. */
  principalId: pulumi.Input<string>;
}

/** The right of one identity to read the value of a secret, or of all in a vault, and to do nothing else. */
export class SecretReader extends pulumi.ComponentResource {
  constructor(name: string, args: SecretReaderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:SecretReader", name, {}, opts);
    grantCustomRole(
      name,
      {
        description: "Reads the value of a secret.",
        resourceGroupId: args.resourceGroupId,
        dataActions: ["Microsoft.KeyVault/vaults/secrets/getSecret/action"],
        scope: args.scope,
        principalId: args.principalId,
      },
      this,
    );
    this.registerOutputs();
  }
}
