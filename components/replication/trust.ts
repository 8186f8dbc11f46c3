import * as aws from "@pulumi/aws";
import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";

/** The audience that Entra expects in a token that is to be exchanged for one of its own. */
export const TOKEN_EXCHANGE_AUDIENCE = "api://AzureADTokenExchange";

export interface TrustArgs {
  /** Role on AWS that may take on the identity. */
  roleArn: pulumi.Input<string>;
  /** Name of the user-assigned identity on Azure. */
  identityName: pulumi.Input<string>;
  /** Resource group of that identity. */
  resourceGroupName: pulumi.Input<string>;
}

/**
 * Lets one AWS role act as one Azure identity without a secret: AWS signs who is calling, and Entra
 * takes that for the identity when issuer, subject and audience are exactly these.
 */
export class Trust extends pulumi.ComponentResource {
  /** The account's own issuer, an https URL. */
  readonly issuer: pulumi.Output<string>;

  constructor(name: string, args: TrustArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:replication:Trust", name, {}, opts);

    const federation = new aws.iam.OutboundWebIdentityFederation(`${name}-issuer`, {}, { parent: this });
    new azure.managedidentity.FederatedIdentityCredential(
      `${name}-credential`,
      {
        resourceGroupName: args.resourceGroupName,
        resourceName: args.identityName,
        federatedIdentityCredentialResourceName: name,
        issuer: federation.issuerIdentifier,
        subject: args.roleArn,
        audiences: [TOKEN_EXCHANGE_AUDIENCE],
      },
      { parent: this },
    );

    this.issuer = federation.issuerIdentifier;
    this.registerOutputs({ issuer: this.issuer });
  }
}
