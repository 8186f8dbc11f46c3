import * as aws from "@pulumi/aws";
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
  /**
   * The account's issuer where outbound web identity federation is enabled already. An account has one; without
   * this the component enables it, and disables it for everybody when it is destroyed.
   * @example "https://0a1b2c3d-….tokens.sts.global.api.aws"
   */
  issuer?: string;
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

    this.issuer = args.issuer
      ? pulumi.output(args.issuer)
      : new aws.iam.OutboundWebIdentityFederation(`${name}-issuer`, {}, { parent: this }).issuerIdentifier;
    new azure.managedidentity.FederatedIdentityCredential(
      `${name}-credential`,
      {
        resourceGroupName: args.resourceGroupName,
        resourceName: args.identityName,
        federatedIdentityCredentialResourceName: name,
        issuer: this.issuer,
        subject: args.roleArn,
        audiences: [TOKEN_EXCHANGE_AUDIENCE],
      },
      { parent: this },
    );

    this.registerOutputs({ issuer: this.issuer });
  }
}
