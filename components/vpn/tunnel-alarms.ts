import type { AlarmRule } from "../metric-alarm.ts";
import type { TunnelName } from "./tunnel-plan.ts";

/**
 * A tunnel is down, or its ends exchange no routes: AWS measures 1 while BGP is established, and 0 else ("Monitor AWS
 * Site-to-Site VPN tunnels using Amazon CloudWatch").
 *
 * Fifteen minutes, because AWS takes one tunnel of a connection at a time out to renew it, and the others carry what it
 * carried; it says nothing for a while when a tunnel is made.
 */
export function tunnelDownRule(tunnel: TunnelName): AlarmRule {
  return {
    name: `${tunnel}-down`,
    description:
      `${tunnel} of the VPN to the standby is down; traffic takes the other tunnels as long as there are some. ` +
      "See the tunnel's log, then docs/vpn.md.",
    namespace: "AWS/VPN",
    metric: "TunnelState",
    statistic: "Maximum",
    rings: "below",
    threshold: 1,
    periodSeconds: 300,
    periods: 3,
    silenceIs: "ill",
  };
}
