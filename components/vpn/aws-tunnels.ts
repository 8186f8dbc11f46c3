import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { metricAlarm } from "../metric-alarm.ts";
import type { Tags } from "../tags.ts";
import type { AwsGatewayEnd } from "./aws-gateway.ts";
import { awsTunnelOptions } from "./aws-tunnel-options.ts";
import { tunnelDownRule } from "./tunnel-alarms.ts";
import { INSTANCES, type Instance, type Tunnel, type TunnelName, tunnelsOf } from "./tunnel-plan.ts";

/** The key of each tunnel, the same for both ends. */
export type TunnelKeys = Record<TunnelName, pulumi.Output<string>>;

export interface AwsTunnelsArgs {
  /** All tunnels, as `tunnelPlan` lays them out. */
  tunnels: readonly Tunnel[];
  keys: TunnelKeys;
  /** The gateway where they end at AWS. */
  gateway: AwsGatewayEnd;
  /** Public address of each instance of Azure's gateway. @example ["203.0.113.4", "203.0.113.5"] */
  addresses: readonly [pulumi.Input<string>, pulumi.Input<string>];
  /** Days for which the tunnels' log is kept, one of the numbers that CloudWatch Logs knows. @example 90 */
  logRetentionDays: number;
  /** Topic that the alarms tell. */
  alarmTopicArn: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/** The tunnels as AWS has them: a connection of two to each instance of Azure's gateway, their log, and an alarm each. */
export class AwsTunnels extends pulumi.ComponentResource {
  /** Public address of AWS's end of each tunnel. */
  readonly addresses: Record<TunnelName, pulumi.Output<string>>;
  /** Ids of the connections, by instance. */
  readonly connectionIds: pulumi.Output<string>[];

  readonly #name: string;
  readonly #args: AwsTunnelsArgs;

  constructor(name: string, args: AwsTunnelsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:vpn:AwsTunnels", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const log = new aws.cloudwatch.LogGroup(
      `${name}-log`,
      { retentionInDays: args.logRetentionDays, tags: args.tags },
      { parent: this },
    );
    const connections = INSTANCES.map((instance) => this.#connection(instance, log.arn));

    const addressOf = ({ instance, connectionTunnel }: Tunnel) => {
      const { tunnel1Address, tunnel2Address } = connections[instance] as aws.ec2.VpnConnection;
      return connectionTunnel === 1 ? tunnel1Address : tunnel2Address;
    };
    this.connectionIds = connections.map(({ id }) => id);
    this.addresses = Object.fromEntries(
      args.tunnels.map((tunnel) => [tunnel.name, addressOf(tunnel)]),
    ) as AwsTunnels["addresses"];
    for (const tunnel of args.tunnels) this.#alarm(tunnel);
    this.registerOutputs({ addresses: this.addresses });
  }

  #connection(instance: Instance, logGroupArn: pulumi.Output<string>): aws.ec2.VpnConnection {
    const { tunnels, keys, gateway, addresses } = this.#args;
    const [first, second] = tunnelsOf(tunnels, instance) as [Tunnel, Tunnel];
    const customer = new aws.ec2.CustomerGateway(
      `${this.#name}-customer-${instance}`,
      {
        type: "ipsec.1",
        ipAddress: addresses[instance],
        bgpAsn: String(first.standby.asn),
        tags: this.#tagged(`customer-${instance}`),
      },
      { parent: this },
    );
    return new aws.ec2.VpnConnection(
      `${this.#name}-connection-${instance}`,
      {
        type: "ipsec.1",
        customerGatewayId: customer.id,
        ...gateway,
        staticRoutesOnly: false,
        // In Secrets Manager the keys are left out of what EC2 tells whoever may describe a connection.
        presharedKeyStorage: "SecretsManager",
        ...awsTunnelOptions(first, keys[first.name], logGroupArn),
        ...awsTunnelOptions(second, keys[second.name], logGroupArn),
        tags: this.#tagged(`connection-${instance}`),
      },
      { parent: this },
    );
  }

  #alarm({ name: tunnel, instance }: Tunnel): void {
    const { alarmTopicArn: topicArn, tags } = this.#args;
    const dimensions = {
      VpnId: this.connectionIds[instance] as pulumi.Output<string>,
      TunnelIpAddress: this.addresses[tunnel],
    };
    metricAlarm(this.#name, tunnelDownRule(tunnel), { dimensions, topicArn, tags }, { parent: this });
  }

  #tagged(suffix: string): Tags {
    return { ...this.#args.tags, Name: `${this.#name}-${suffix}` };
  }
}
