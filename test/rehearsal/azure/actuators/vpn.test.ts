import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { type Deployed, NETWORK, PUBLIC_ADDRESS, useLocalAzure } from "../../../support/local-azure.ts";
import { rejection } from "../../../support/rejection.ts";

const GATEWAY = "azure-native:network:VirtualNetworkGateway";
const FAR_END = "azure-native:network:LocalNetworkGateway";
const CONNECTION = "azure-native:network:VirtualNetworkGatewayConnection";

const POLICY = {
  ...{ ikeEncryption: "GCMAES256", ikeIntegrity: "SHA384", dhGroup: "ECP384" },
  ...{ ipsecEncryption: "GCMAES256", ipsecIntegrity: "GCMAES256", pfsGroup: "ECP384" },
  ...{ saLifeTimeSeconds: 3600, saDataSizeKilobytes: 102_400_000 },
};

describe("the local Azure's VPN", () => {
  const azure = useLocalAzure();
  let resourceGroupName: string;
  let gateway: Properties;
  before(async () => {
    resourceGroupName = await azure.group();
    const network = await azure.deploy(NETWORK, {
      resourceGroupName,
      virtualNetworkName: "standby",
      addressSpace: { addressPrefixes: ["10.32.0.0/16"] },
      subnets: [{ name: "GatewaySubnet", addressPrefix: "10.32.96.0/21" }],
    });
    const address = (name: string) =>
      azure.deploy(PUBLIC_ADDRESS, {
        ...{ resourceGroupName, publicIpAddressName: name },
        ...{ sku: { name: "Standard" }, publicIPAllocationMethod: "Static" },
      });
    const addresses = [await address("one"), await address("two")];
    const own = `${network.id.replace("virtualNetworks/standby", "virtualNetworkGateways/vpn")}/ipConfigurations`;
    gateway = {
      ...{ resourceGroupName, virtualNetworkGatewayName: "vpn", gatewayType: "Vpn", vpnType: "RouteBased" },
      ...{ sku: { name: "VpnGw2AZ" }, vpnGatewayGeneration: "Generation2", activeActive: true, enableBgp: true },
      ipConfigurations: addresses.map(({ id }, index) => ({
        name: String(index),
        publicIPAddress: { id },
        subnet: { id: `${network.id}/subnets/GatewaySubnet` },
      })),
      bgpSettings: {
        asn: 65_000,
        bgpPeeringAddresses: [
          { ipconfigurationId: `${own}/0`, customBgpIpAddresses: ["169.254.21.2", "169.254.22.2"] },
          { ipconfigurationId: `${own}/1`, customBgpIpAddresses: ["169.254.21.6", "169.254.22.6"] },
        ],
      },
    };
  });

  const farEnd = (more: Properties = {}): Properties => ({
    ...{ resourceGroupName, localNetworkGatewayName: "aws", gatewayIpAddress: "198.18.0.1" },
    bgpSettings: { asn: 64_512, bgpPeeringAddress: "169.254.21.1" },
    ...more,
  });

  async function connected(): Promise<{ parts: Deployed[]; connection: Deployed; inputs: Properties }> {
    const parts = [await azure.deploy(GATEWAY, gateway), await azure.deploy(FAR_END, farEnd())];
    const [one, other] = parts as [Deployed, Deployed];
    const inputs = {
      ...{ resourceGroupName, virtualNetworkGatewayConnectionName: "tunnel-1", connectionType: "IPsec" },
      ...{ virtualNetworkGateway1: { id: one.id }, localNetworkGateway2: { id: other.id } },
      ...{ sharedKey: "the-first-key", enableBgp: true, dpdTimeoutSeconds: 30, ipsecPolicies: [POLICY] },
      gatewayCustomBgpIpAddresses: [
        { ipConfigurationId: `${one.id}/ipConfigurations/0`, customBgpIpAddress: "169.254.21.2" },
      ],
    };
    return { parts, inputs, connection: await azure.deploy(CONNECTION, inputs) };
  }

  it("is a gateway, what it knows of the other end, and a connection; the last goes first", async () => {
    const { parts, connection, inputs } = await connected();
    expect(await azure.refusals(CONNECTION, inputs, inputs)).to.equal("");
    for (const part of parts) expect((await rejection(part.delete())).message).to.contain("is in use by");
    for (const each of [connection, ...parts]) await each.delete();
  });

  it("leaves the key of a connection as it was when it is written anew with another one, as Azure does", async () => {
    const { parts, connection, inputs } = await connected();
    const { sharedKey } = await connection.update({ ...inputs, sharedKey: "another-key" });
    expect(sharedKey).to.equal("the-first-key");
    await connection.delete();
    const anew = await azure.deploy(CONNECTION, { ...inputs, sharedKey: "another-key" });
    expect(anew.properties.sharedKey).to.equal("another-key");
    for (const each of [anew, ...parts]) await each.delete();
  });

  it("refuses gateways that Azure no longer makes, or not so", async () => {
    const refused = async (more: Properties) => azure.refusals(GATEWAY, { ...gateway, ...more });
    expect(await refused({})).to.equal("");
    expect(await refused({ sku: { name: "VpnGw2" } })).to.match(/^sku.name: found VpnGw2; VpnGw1AZ to VpnGw5AZ/);
    expect(await refused({ sku: { name: "VpnGw1AZ" } })).to.match(/^vpnGatewayGeneration: VpnGw1AZ is of Generation1/);
    const [first] = gateway.ipConfigurations as Properties[];
    expect(await refused({ ipConfigurations: [first] })).to.match(/^ipConfigurations: 1 of them; an active-active/);
    expect(await refused({ ipConfigurations: [first, { ...first, subnet: { id: "/x/subnets/app" } }] })).to.match(
      /^ipConfigurations\[1\]\.subnet: .*GatewaySubnet/,
    );
    expect(await refused({ bgpSettings: { asn: 65_515 } })).to.match(/^bgpSettings.asn: 65515 is Azure's own/);
    const bgpPeeringAddresses = [{ customBgpIpAddresses: ["169.254.23.2"] }];
    expect(await refused({ bgpSettings: { asn: 65_000, bgpPeeringAddresses } })).to.match(
      /^bgpSettings.bgpPeeringAddresses: "169.254.23.2" is none of/,
    );
  });

  it("refuses far ends and connections that Azure would", async () => {
    expect(await azure.refusals(FAR_END, farEnd({ gatewayIpAddress: "aws" }))).to.match(/^gatewayIpAddress: "aws"/);
    const { parts, connection, inputs } = await connected();
    const refused = (more: Properties) => azure.refusals(CONNECTION, { ...inputs, ...more }, inputs);
    expect(await refused({ sharedKey: "with a space" })).to.match(/^sharedKey: /);
    expect(await refused({ dpdTimeoutSeconds: 8 })).to.match(/^dpdTimeoutSeconds: 8 seconds; expected 9 to 3600/);
    expect(await refused({ ipsecPolicies: [{ ...POLICY, ipsecIntegrity: "SHA256" }] })).to.match(
      /^ipsecPolicies\[0\].ipsecIntegrity: found SHA256 with GCMAES256/,
    );
    expect(await refused({ ipsecPolicies: [{ ...POLICY, dhGroup: "ECP521" }] })).to.match(/dhGroup: found ECP521/);
    expect(await refused({ virtualNetworkGateway1: { id: `${parts[0]?.id}-2` } })).to.match(
      /^virtualNetworkGateway1: there is no/,
    );
    const ipConfigurationId = `${parts[0]?.id}/ipConfigurations/0`;
    const foreign = [{ ipConfigurationId, customBgpIpAddress: "169.254.21.6" }];
    expect(await refused({ gatewayCustomBgpIpAddresses: foreign })).to.match(
      /^gatewayCustomBgpIpAddresses\[0\]: 169.254.21.6 is none of the gateway's/,
    );
    for (const each of [connection, ...parts]) await each.delete();
  });
});
