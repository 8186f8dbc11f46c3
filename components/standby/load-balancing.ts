import * as azure from "@pulumi/azure-native";

/** Names of the parts of the load balancer. */
export const FRONTEND = "public";
export const POOL = "servers";
const PROBE = "health";

/** Where the servers of the standby listen, and end TLS themselves. */
export const SERVER_PORT = 8443;

/** What a load balancer does with what comes in. */
export interface Balancing {
  loadBalancingRules: azure.types.input.network.LoadBalancingRuleArgs[];
  probes: azure.types.input.network.ProbeArgs[];
}

/**
 * The rule that hands 443 on to the servers and the probe that finds out which of them are well, or neither: a
 * Standard load balancer is paid by its rules ("Load Balancer pricing"), so without servers it has none.
 *
 * @param balancerId resource id of the load balancer; its parts name each other by it
 * @param healthPath path that answers 200 while a server and all that it needs are well
 * @param servers whether there are or may be servers
 */
export function balancing(balancerId: string, healthPath: string, servers: boolean): Balancing {
  if (!servers) return { loadBalancingRules: [], probes: [] };
  return {
    loadBalancingRules: [
      {
        name: "https",
        protocol: azure.network.TransportProtocol.Tcp,
        frontendPort: 443,
        backendPort: SERVER_PORT,
        frontendIPConfiguration: { id: `${balancerId}/frontendIPConfigurations/${FRONTEND}` },
        backendAddressPools: [{ id: `${balancerId}/backendAddressPools/${POOL}` }],
        probe: { id: `${balancerId}/probes/${PROBE}` },
        // The servers go out through the NAT gateway, which has ports enough.
        disableOutboundSnat: true,
        enableTcpReset: true,
        idleTimeoutInMinutes: 4,
      },
    ],
    probes: [
      {
        name: PROBE,
        protocol: azure.network.ProbeProtocol.Https,
        port: SERVER_PORT,
        requestPath: healthPath,
        intervalInSeconds: 5,
        // Two in a row settle it, either way. `numberOfProbes` has no effect ("Azure Load Balancer health probes").
        probeThreshold: 2,
      },
    ],
  };
}

/** Id of a load balancer, known from its public address before it stands: both live in one resource group. */
export function balancerIdBeside(publicAddressId: string, name: string): string {
  return publicAddressId.replace(/\/publicIPAddresses\/[^/]+$/i, `/loadBalancers/${name}`);
}
