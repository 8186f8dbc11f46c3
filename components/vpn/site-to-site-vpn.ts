import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { AwsGateway, type AwsGatewayArgs } from "./aws-gateway.ts";
import { AwsTunnels, type TunnelKeys } from "./aws-tunnels.ts";
import { AzureGateway } from "./azure-gateway.ts";
import { AzureTunnels } from "./azure-tunnels.ts";
import { newPreSharedKey } from "./pre-shared-key.ts";
import type { Tunnel } from "./tunnel-plan.ts";

export interface SiteToSiteVpnArgs {
  /** The tunnels, as `tunnelPlan` lays them out. */
  tunnels: readonly Tunnel[];
  /** Keys of one's own, in the tunnels' order; without them, each is generated. */
  ownKeys?: pulumi.Input<string>[];
  /** The primary's end: its VPC and the tables that have a way to the standby. */
  primary: Omit<AwsGatewayArgs, "asn" | "tags">;
  /** The standby's end: its resource group and network. */
  standby: {
    resourceGroupName: pulumi.Input<string>;
    resourceGroupId: pulumi.Input<string>;
    virtualNetworkId: pulumi.Input<string>;
  };
  /** Days for which the tunnels' log is kept. @example 90 */
  logRetentionDays: number;
  /** Topic that the alarms tell. */
  alarmTopicArn: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The way between the sites: four tunnels between a gateway of AWS's and one of Azure's, made in one go. Azure's
 * addresses come first, since AWS's connections name them; Azure's connections last, since they name AWS's.
 */
export class SiteToSiteVpn extends pulumi.ComponentResource {
  readonly primaryGatewayId: pulumi.Output<string>;
  readonly standbyGatewayId: pulumi.Output<string>;
  /** Connections as AWS has them, one for each instance of Azure's gateway. */
  readonly primaryConnectionIds: pulumi.Output<string>[];
  /** Connections as Azure has them, one for each tunnel. */
  readonly standbyConnectionIds: pulumi.Output<string>[];

  constructor(name: string, args: SiteToSiteVpnArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:vpn:SiteToSiteVpn", name, {}, opts);
    const { tunnels, ownKeys, primary, standby, logRetentionDays, alarmTopicArn, tags } = args;
    const parent = { parent: this };
    const keys = Object.fromEntries(
      tunnels.map(({ name: tunnel, keyGeneration }, index) => {
        const own = ownKeys?.[index];
        const key = own === undefined ? newPreSharedKey(`${name}-${tunnel}`, keyGeneration, this) : own;
        return [tunnel, pulumi.secret(key)];
      }),
    ) as TunnelKeys;

    const azure = new AzureGateway(`${name}-azure`, { ...standby, tunnels, tags }, parent);
    const aws = new AwsGateway(`${name}-aws`, { ...primary, asn: primaryAsn(tunnels), tags }, parent);
    const awsTunnels = new AwsTunnels(
      `${name}-aws-tunnels`,
      { tunnels, keys, gateway: aws.end, addresses: azure.addresses, logRetentionDays, alarmTopicArn, tags },
      parent,
    );
    const azureTunnels = new AzureTunnels(
      `${name}-azure-tunnels`,
      {
        resourceGroupName: standby.resourceGroupName,
        gatewayId: azure.gatewayId,
        ipConfigurationIds: azure.ipConfigurationIds,
        tunnels,
        keys,
        addresses: awsTunnels.addresses,
        tags,
      },
      parent,
    );

    this.primaryGatewayId = aws.gatewayId;
    this.standbyGatewayId = azure.gatewayId;
    this.primaryConnectionIds = awsTunnels.connectionIds;
    this.standbyConnectionIds = azureTunnels.connectionIds;
    this.registerOutputs({ primaryGatewayId: this.primaryGatewayId, standbyGatewayId: this.standbyGatewayId });
  }
}

function primaryAsn([first]: readonly Tunnel[]): number {
  if (!first) throw new RangeError("expected the tunnels of `tunnelPlan`, found none");
  return first.primary.asn;
}
