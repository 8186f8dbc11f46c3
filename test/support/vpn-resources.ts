import {
  awsCrypto,
  azureCrypto,
  CRYPTO_PROFILES,
  type CryptoProfileName,
} from "../../components/vpn/crypto-profile.ts";
import { INSTANCES, type Instance, type Tunnel, tunnelPlan, tunnelsOf } from "../../components/vpn/tunnel-plan.ts";
import type { Properties, StateResource } from "../../rehearsal/vpn/state.ts";

/** Azure's public address of an instance, AWS's of a tunnel, and its key. */
export const instanceAddress = (instance: Instance) => `203.0.113.${instance + 1}`;
export const tunnelAddress = ({ name }: Pick<Tunnel, "name">) => `198.18.0.${name.at(-1)}`;
const configurationOf = (instance: Instance) => `id-of-gateway/ipConfigurations/instance-${instance}`;
const keyOf = ({ name }: Tunnel) => `KeyOf${name.replace("-", "")}`;

/** A VPN as the engine's state has it, as far as its ends are told there. */
export function vpnResources(profile: CryptoProfileName = "gcm256-sha384-dh20"): StateResource[] {
  const tunnels = tunnelPlan({
    primaryAsn: 64_512,
    standbyAsn: 65_000,
    keyGenerations: [1, 1, 1, 1],
    crypto: CRYPTO_PROFILES[profile],
  });
  return [...INSTANCES.flatMap((instance) => awsResources(instance, tunnels)), ...azureResources(tunnels)];
}

/** The resources with other inputs of one of them. */
export function withInputs(resources: StateResource[], name: string, inputs: Properties): StateResource[] {
  return resources.map((each) => (each.name === name ? { ...each, inputs: { ...each.inputs, ...inputs } } : each));
}

function resource(type: string, name: string, inputs: Properties, outputs: Properties = {}): StateResource {
  return { type, name, id: `id-of-${name}`, inputs, outputs };
}

function awsResources(instance: Instance, tunnels: Tunnel[]): StateResource[] {
  const customer = resource("aws:ec2/customerGateway:CustomerGateway", `customer-${instance}`, {
    ipAddress: instanceAddress(instance),
    bgpAsn: "65000",
  });
  const own = tunnelsOf(tunnels, instance);
  const inputs = own.flatMap((tunnel) =>
    prefixed(tunnel, { PresharedKey: keyOf(tunnel), ...awsCrypto(tunnel.crypto) }),
  );
  const outputs = own.flatMap((tunnel) =>
    prefixed(tunnel, {
      Address: tunnelAddress(tunnel),
      VgwInsideAddress: tunnel.primary.address,
      CgwInsideAddress: tunnel.standby.address,
      BgpAsn: "64512",
      BgpHoldtime: 30,
    }),
  );
  const told = { customerGatewayId: customer.id, ...Object.fromEntries(inputs) };
  const type = "aws:ec2/vpnConnection:VpnConnection";
  return [customer, resource(type, `connection-${instance}`, told, Object.fromEntries(outputs))];
}

function prefixed({ connectionTunnel }: Tunnel, options: Properties): [string, unknown][] {
  return Object.entries(options).map(([option, value]) => [`tunnel${connectionTunnel}${option}`, value]);
}

function azureResources(tunnels: Tunnel[]): StateResource[] {
  const addresses = INSTANCES.map((instance) =>
    resource(
      "azure-native:network:PublicIPAddress",
      `address-${instance}`,
      {},
      { ipAddress: instanceAddress(instance) },
    ),
  );
  const gateway = resource("azure-native:network:VirtualNetworkGateway", "gateway", {
    ipConfigurations: addresses.map(({ id }, instance) => ({ name: `instance-${instance}`, publicIPAddress: { id } })),
    bgpSettings: {
      asn: 65_000,
      bgpPeeringAddresses: INSTANCES.map((instance) => ({
        ipconfigurationId: configurationOf(instance),
        customBgpIpAddresses: tunnelsOf(tunnels, instance).map(({ standby }) => standby.address),
      })),
    },
  });
  const ends = tunnels.flatMap((tunnel) => {
    const far = resource("azure-native:network:LocalNetworkGateway", `${tunnel.name}-aws`, {
      gatewayIpAddress: tunnelAddress(tunnel),
      bgpSettings: { asn: 64_512, bgpPeeringAddress: tunnel.primary.address },
    });
    return [far, connection(tunnel, far, gateway, tunnels)];
  });
  return [...addresses, gateway, ...ends];
}

function connection(tunnel: Tunnel, far: StateResource, gateway: StateResource, tunnels: Tunnel[]): StateResource {
  const own = INSTANCES.map((instance) => ({
    ipConfigurationId: configurationOf(instance),
    customBgpIpAddress: (instance === tunnel.instance ? tunnel : tunnelsOf(tunnels, instance)[0])?.standby.address,
  }));
  return resource("azure-native:network:VirtualNetworkGatewayConnection", tunnel.name, {
    virtualNetworkGateway1: { id: gateway.id },
    localNetworkGateway2: { id: far.id },
    sharedKey: keyOf(tunnel),
    gatewayCustomBgpIpAddresses: own,
    ...azureCrypto(tunnel.crypto),
  });
}
