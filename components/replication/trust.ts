import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import { TOKEN_EXCHANGE_AUDIENCE } from "../../lambdas/shared/audience.ts";

export interface TrustArgs {
  /** Role on AWS that may take on the identity. */
  roleArn: pulumi.Input<string>;
  /** Name of the user-assigned identity on Azure. */
  identityName: pulumi.Input<string>;
  /** Resource group of that identity. */
  resourceGroupName: pulumi.Input<string>;
  /** The AWS account's issuer of web identities. @example "https://0a1b2c3d-….tokens.sts.global.api.aws" */
  issuer: pulumi.Input<string>;
}

/**
 * Lets one AWS role act as one Azure identity without a secret: AWS signs who is calling, and Entra
 * takes that for the identity when issuer, subject and audience are exactly these.
 */
export class Trust extends pulumi.ComponentResource {
  constructor(name: string, args: TrustArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:replication:Trust", name, {}, opts);

    new azure.managedidentity.FederatedIdentityCredential(
      `${name}-credential`,
      {
        resourceGroupName: args.resourceGroupName,
        resourceName: args.identityName,
        federatedIdentityCredentialResourceName: name,
        issuer: args.issuer,
        subject: args.roleArn,
        audiences: [TOKEN_EXCHANGE_AUDIENCE],
      },
      { parent: this },
    );

    this.registerOutputs({});
  }
}
