import * as pulumi from "@pulumi/pulumi";
import { grantCustomRole } from "./custom-role.ts";

export interface SecretReaderArgs {
  /** Id of the resource group: the one place where the role may be assigned. */
  resourceGroupId: pulumi.Input<string>;
  /** Resource id of the one secret that may be read. */
  secretResourceId: pulumi.Input<string>;
  /** Who may read it: object id of an identity. */
  principalId: pulumi.Input<string>;
}

/** The right of one identity to read the value of one secret, and to do nothing else. */
export class SecretReader extends pulumi.ComponentResource {
  constructor(name: string, args: SecretReaderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:SecretReader", name, {}, opts);
    grantCustomRole(
      name,
      {
        description: "Reads the value of a secret.",
        resourceGroupId: args.resourceGroupId,
        dataActions: ["Microsoft.KeyVault/vaults/secrets/getSecret/action"],
        scope: args.secretResourceId,
        principalId: args.principalId,
      },
      this,
    );
    this.registerOutputs();
  }
}
