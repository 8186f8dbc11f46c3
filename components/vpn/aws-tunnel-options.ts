import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { awsCrypto } from "./crypto-profile.ts";
import type { ConnectionTunnel, Tunnel } from "./tunnel-plan.ts";

type Prefixed<T> = { [K in keyof T & string as `tunnel${ConnectionTunnel}${K}`]?: T[K] };
type TunnelOptions = ReturnType<typeof optionsOf>;

/**
 * What a connection of AWS is told of one of its tunnels.
 *
 * @param key its pre-shared key
 * @param logGroupArn where its log goes
 * @example awsTunnelOptions(tunnel, key, arn).tunnel1InsideCidr // "169.254.21.0/30"
 */
export function awsTunnelOptions(
  tunnel: Tunnel,
  key: pulumi.Input<string>,
  logGroupArn: pulumi.Input<string>,
): Partial<aws.ec2.VpnConnectionArgs> {
  const options = Object.entries(optionsOf(tunnel, key, logGroupArn));
  const named = options.map(([option, value]) => [`tunnel${tunnel.connectionTunnel}${option}`, value]);
  return Object.fromEntries(named) satisfies Prefixed<TunnelOptions>;
}

function optionsOf({ insideCidr, crypto }: Tunnel, key: pulumi.Input<string>, logGroupArn: pulumi.Input<string>) {
  const log = { logEnabled: true, logGroupArn, logOutputFormat: "json" };
  const bgpLog = { bgpLogEnabled: true, bgpLogGroupArn: logGroupArn, bgpLogOutputFormat: "json" };
  return {
    InsideCidr: insideCidr,
    PresharedKey: key,
    LogOptions: { cloudwatchLogOptions: { ...log, ...bgpLog } },
    ...awsCrypto(crypto),
  };
}
