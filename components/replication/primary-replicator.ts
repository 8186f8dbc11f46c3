import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import { REPLICATOR_USER } from "../../lambdas/database/account-name.ts";
import { loginSecret, newPassword } from "../login-secret.ts";
import { REPLICATOR_SECRET } from "../standby/replicator-secret.ts";
import type { Tags } from "../tags.ts";

export interface PrimaryReplicatorArgs {
  /** Where the primary's database answers; over the VPN the standby speaks with it too. */
  host: pulumi.Input<string>;
  port: pulumi.Input<number>;
  /** The vault of the standby's secrets. */
  vault: { resourceGroupName: pulumi.Input<string>; vaultName: pulumi.Input<string> };
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The user by whom the standby's database follows the primary's, told on both sides: in Secrets Manager to the function
 * that makes the user, in the standby's vault, with the place of the primary, to the controller that sets up following.
 */
export class PrimaryReplicator extends pulumi.ComponentResource {
  /** ARN of the secret with the user's name and password. */
  readonly secretArn: pulumi.Output<string>;
  /** Resource id of the same in the vault, with the primary's place; whoever follows has to be let read it. */
  readonly vaultSecretId: pulumi.Output<string>;

  constructor(name: string, args: PrimaryReplicatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:replication:PrimaryReplicator", name, {}, opts);
    const { host, port, vault, tags } = args;

    const password = newPassword(name, 1, this);
    this.secretArn = loginSecret(
      name,
      {
        description: `User that the standby follows ${name} by`,
        username: REPLICATOR_USER,
        password,
        // It is made anew at will: the next dump gives the user what is in it.
        protect: false,
        tags,
      },
      this,
    );
    const { id: vaultSecretId } = new azure.keyvault.Secret(
      `${name}-vault-secret`,
      {
        ...vault,
        secretName: REPLICATOR_SECRET,
        properties: {
          value: pulumi.secret(pulumi.jsonStringify({ host, port, username: REPLICATOR_USER, password })),
          contentType: "application/json",
        },
        tags,
      },
      { parent: this },
    );

    this.vaultSecretId = vaultSecretId;
    this.registerOutputs({ secretArn: this.secretArn, vaultSecretId });
  }
}
