import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { AwsGatewayKind } from "../../../components/vpn/aws-gateway-kind.ts";
import {
  awsCrypto,
  azureCrypto,
  CRYPTO_PROFILE_NAMES,
  CRYPTO_PROFILES,
  type CryptoProfileName,
} from "../../../components/vpn/crypto-profile.ts";
import { PRE_SHARED_KEY } from "../../../components/vpn/key-alphabet.ts";
import { SiteToSiteVpn, type SiteToSiteVpnArgs } from "../../../components/vpn/site-to-site-vpn.ts";
import { type Tunnel, tunnelPlan } from "../../../components/vpn/tunnel-plan.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations } from "../../support/mocks.ts";

const GROUP = `${SUBSCRIPTION}/resourceGroups/shop-standby`;
const GATEWAY = `${GROUP}/providers/Microsoft.Network/virtualNetworkGateways/shop-vpn-azure`;

interface Options {
  kind?: AwsGatewayKind;
  keyGenerations?: number[];
  profile?: CryptoProfileName;
  ownKeys?: string[];
}

function plan({ keyGenerations = [1, 1, 1, 1], profile = "gcm256-sha384-dh20" }: Options = {}): Tunnel[] {
  return tunnelPlan({ primaryAsn: 64_512, standbyAsn: 65_000, keyGenerations, crypto: CRYPTO_PROFILES[profile] });
}

function argsOf(options: Options): SiteToSiteVpnArgs {
  return {
    tunnels: plan(options),
    ownKeys: options.ownKeys,
    primary: {
      kind: options.kind ?? "virtual-private",
      vpcId: "vpc-1",
      subnetIds: ["subnet-a", "subnet-b"],
      routeTables: { "private-0": "rtb-a", "private-1": "rtb-b" },
      destination: "10.32.0.0/16",
    },
    standby: {
      resourceGroupName: "shop-standby",
      resourceGroupId: GROUP,
      virtualNetworkId: `${GROUP}/providers/Microsoft.Network/virtualNetworks/shop-network`,
    },
    logRetentionDays: 90,
    alarmTopicArn: "arn:aws:sns:eu-west-1:111122223333:alarms",
    tags: TAGS,
  };
}

async function deployVpn(options: Options = {}): Promise<Registrations> {
  return (await deploy(() => new SiteToSiteVpn("shop-vpn", argsOf(options)))).resources;
}

const AZURE_CONNECTION = "azure-native:network:VirtualNetworkGatewayConnection";

describe("SiteToSiteVpn", () => {
  let resources: Registrations;
  const inputsOf = (name: string) => resources.named(name).inputs;
  const connectionOf = ({ instance }: Tunnel) => inputsOf(`shop-vpn-aws-tunnels-connection-${instance}`);
  const azureOf = ({ name }: Tunnel) => inputsOf(`shop-vpn-azure-tunnels-${name}`);

  before(async () => {
    resources = await deployVpn();
  });

  it("keeps the rules of the house, and protects nothing: none of it is data", () => {
    expectHouseRules(resources, "shop-vpn", "multicloud-dr:vpn:SiteToSiteVpn");
    expectProtected(resources, []);
  });

  it("is four tunnels, two of each of AWS's two connections, and no more gateways than it takes", () => {
    const counted = Object.fromEntries(
      [...new Set(resources.customs.map(({ type }) => type))].map((type) => [type, resources.ofType(type).length]),
    );
    expect(counted).to.deep.equal({
      "random:index/randomPassword:RandomPassword": 4,
      "azure-native:network:PublicIPAddress": 2,
      "azure-native:network:VirtualNetworkGateway": 1,
      "aws:ec2/vpnGateway:VpnGateway": 1,
      "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation": 2,
      "aws:cloudwatch/logGroup:LogGroup": 1,
      "aws:ec2/customerGateway:CustomerGateway": 2,
      "aws:ec2/vpnConnection:VpnConnection": 2,
      "aws:cloudwatch/metricAlarm:MetricAlarm": 4,
      "azure-native:network:LocalNetworkGateway": 4,
      [AZURE_CONNECTION]: 4,
    });
  });

  it("is made in one go: addresses of Azure's, then AWS's connections, then Azure's", () => {
    const neededBy = (name: string) => resources.named(name).dependencies;
    expect(neededBy("shop-vpn-aws-tunnels-customer-0")).to.include("shop-vpn-azure-address-0");
    expect(neededBy("shop-vpn-aws-tunnels-connection-0")).to.include("shop-vpn-aws-tunnels-customer-0");
    expect(neededBy("shop-vpn-azure-tunnels-tunnel-1-aws")).to.include("shop-vpn-aws-tunnels-connection-0");
    expect(neededBy("shop-vpn-azure-tunnels-tunnel-1")).to.include.members([
      "shop-vpn-azure-tunnels-tunnel-1-aws",
      "shop-vpn-azure-gateway",
    ]);
    expect(neededBy("shop-vpn-aws-tunnels-connection-0"), "AWS does not wait for 45 minutes").to.not.include(
      "shop-vpn-azure-gateway",
    );
  });

  describe("at Azure", () => {
    it("has a zone-redundant gateway of two instances that both work, with zone-redundant addresses", () => {
      expect(inputsOf("shop-vpn-azure-gateway")).to.deep.include({
        resourceGroupName: "shop-standby",
        virtualNetworkGatewayName: "shop-vpn-azure",
        gatewayType: "Vpn",
        vpnType: "RouteBased",
        vpnGatewayGeneration: "Generation2",
        sku: { name: "VpnGw2AZ", tier: "VpnGw2AZ" },
        activeActive: true,
        enableBgp: true,
      });
      for (const instance of [0, 1]) {
        expect(inputsOf(`shop-vpn-azure-address-${instance}`)).to.deep.include({
          sku: { name: "Standard" },
          publicIPAllocationMethod: "Static",
          zones: ["1", "2", "3"],
        });
      }
    });

    it("names every BGP address of either instance itself, so that nothing is left to drift", () => {
      expect(inputsOf("shop-vpn-azure-gateway").bgpSettings).to.deep.equal({
        asn: 65_000,
        peerWeight: 0,
        bgpPeeringAddresses: [
          {
            ipconfigurationId: `${GATEWAY}/ipConfigurations/instance-0`,
            customBgpIpAddresses: ["169.254.21.2", "169.254.22.2"],
          },
          {
            ipconfigurationId: `${GATEWAY}/ipConfigurations/instance-1`,
            customBgpIpAddresses: ["169.254.21.6", "169.254.22.6"],
          },
        ],
      });
      const { ipConfigurations } = inputsOf("shop-vpn-azure-gateway") as { ipConfigurations: { name: string }[] };
      expect(ipConfigurations.map(({ name }) => name)).to.deep.equal(["instance-0", "instance-1"]);
    });

    it("has each connection name its own address, and for the other instance one that is not used", () => {
      const addresses = plan().map((tunnel) => {
        const named = azureOf(tunnel).gatewayCustomBgpIpAddresses as { customBgpIpAddress: string }[];
        return named.map(({ customBgpIpAddress }) => customBgpIpAddress);
      });
      expect(addresses).to.deep.equal([
        ["169.254.21.2", "169.254.21.6"],
        ["169.254.22.2", "169.254.21.6"],
        ["169.254.21.2", "169.254.21.6"],
        ["169.254.21.2", "169.254.22.6"],
      ]);
    });

    it("replaces a connection whose key changes, since Azure would keep the former key", () => {
      for (const { replaceOnChanges, deleteBeforeReplace, inputs } of resources.ofType(AZURE_CONNECTION)) {
        expect(replaceOnChanges).to.deep.equal(["sharedKey"]);
        expect(deleteBeforeReplace).to.equal(true);
        expect(inputs.virtualNetworkGatewayConnectionName).to.match(/^shop-vpn-azure-tunnels-tunnel-\d$/);
      }
    });

    it("makes and replaces one connection after the other", () => {
      const names = ["tunnel-1", "tunnel-2", "tunnel-3", "tunnel-4"].map((name) => `shop-vpn-azure-tunnels-${name}`);
      for (const [index, name] of names.slice(1).entries()) {
        expect(resources.named(name).dependencies).to.include(names[index]);
      }
    });
  });

  describe("at AWS", () => {
    it("has a customer gateway for each of Azure's addresses, and a connection to each", () => {
      for (const instance of [0, 1]) {
        const { ipAddress, bgpAsn } = inputsOf(`shop-vpn-aws-tunnels-customer-${instance}`);
        expect(String(ipAddress)).to.match(/^20(\.\d{1,3}){3}$/);
        expect(bgpAsn).to.equal("65000");
        expect(inputsOf(`shop-vpn-aws-tunnels-connection-${instance}`)).to.include({
          type: "ipsec.1",
          staticRoutesOnly: false,
          presharedKeyStorage: "SecretsManager",
        });
      }
      const [one, other] = [0, 1].map((instance) => inputsOf(`shop-vpn-aws-tunnels-customer-${instance}`).ipAddress);
      expect(one).to.not.equal(other);
    });

    it("has a virtual private gateway that hands its routes on to the tables of the servers", () => {
      expect(inputsOf("shop-vpn-aws-virtual-private")).to.include({ vpcId: "vpc-1", amazonSideAsn: "64512" });
      const tables = resources
        .ofType("aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation")
        .map(({ inputs }) => inputs.routeTableId);
      expect(tables).to.deep.equal(["rtb-a", "rtb-b"]);
    });

    it("logs every tunnel, for as long as the settings say", () => {
      expect(inputsOf("shop-vpn-aws-tunnels-log")).to.include({ retentionInDays: 90 });
      for (const tunnel of plan()) {
        const { cloudwatchLogOptions } = connectionOf(tunnel)[`tunnel${tunnel.connectionTunnel}LogOptions`] as {
          cloudwatchLogOptions: Record<string, unknown>;
        };
        expect(cloudwatchLogOptions).to.include({ logEnabled: true, bgpLogEnabled: true });
        expect(cloudwatchLogOptions.logGroupArn).to.match(/:log-group:shop-vpn-aws-tunnels-log-/);
      }
    });

    it("rings for every tunnel by itself", () => {
      const alarms = resources.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
      expect(alarms.map(({ name }) => name)).to.deep.equal(
        [1, 2, 3, 4].map((number) => `shop-vpn-aws-tunnels-tunnel-${number}-down`),
      );
      const watched = alarms.map(({ inputs }) => (inputs.dimensions as Record<string, string>).TunnelIpAddress);
      expect(watched).to.deep.equal(
        plan().map(({ name }) => inputsOf(`shop-vpn-azure-tunnels-${name}-aws`).gatewayIpAddress),
      );
      for (const { inputs } of alarms) {
        expect(inputs).to.include({
          ...{ namespace: "AWS/VPN", metricName: "TunnelState", treatMissingData: "breaching" },
          ...{ comparisonOperator: "LessThanThreshold", threshold: 1 },
        });
      }
    });

    it("has a transit gateway instead, which sends by all tunnels, with routes to the standby alone", async () => {
      const transit = await deployVpn({ kind: "transit" });
      expect(transit.named("shop-vpn-aws-transit").inputs).to.include({
        amazonSideAsn: 64_512,
        vpnEcmpSupport: "enable",
      });
      expect(transit.ofType("aws:ec2/vpnGateway:VpnGateway")).to.be.empty;
      const routes = transit.ofType("aws:ec2/route:Route");
      expect(routes.map(({ inputs }) => [inputs.routeTableId, inputs.destinationCidrBlock])).to.deep.equal([
        ["rtb-a", "10.32.0.0/16"],
        ["rtb-b", "10.32.0.0/16"],
      ]);
      for (const { dependencies } of routes) expect(dependencies).to.include("shop-vpn-aws-attachment");
      for (const { inputs } of transit.ofType("aws:ec2/vpnConnection:VpnConnection")) {
        expect(inputs.transitGatewayId).to.match(/^tgw-/);
        expect(inputs).to.not.have.property("vpnGatewayId");
      }
    });
  });

  for (const profile of CRYPTO_PROFILE_NAMES) {
    it(`tells both ends of every tunnel the same: addresses, numbers, key, and ${profile}`, async () => {
      const made = await deployVpn({ profile });
      for (const tunnel of plan({ profile })) {
        const { name, connectionTunnel: n, instance, primary, standby, crypto } = tunnel;
        const aws = made.named(`shop-vpn-aws-tunnels-connection-${instance}`).inputs;
        const azure = made.named(`shop-vpn-azure-tunnels-${name}`).inputs;
        const far = made.named(`shop-vpn-azure-tunnels-${name}-aws`).inputs;
        for (const [option, value] of Object.entries(awsCrypto(crypto))) {
          expect(aws[`tunnel${n}${option}`], option).to.deep.equal(value);
        }
        expect(azure).to.deep.include(azureCrypto(crypto));
        expect(aws[`tunnel${n}InsideCidr`]).to.equal(tunnel.insideCidr);
        expect(aws[`tunnel${n}PresharedKey`]).to.equal(azure.sharedKey);
        expect(String(azure.sharedKey)).to.match(PRE_SHARED_KEY);
        expect(far.bgpSettings).to.deep.equal({ asn: primary.asn, bgpPeeringAddress: primary.address });
        expect(standby.address).to.not.equal(primary.address);
      }
    });
  }

  describe("the keys", () => {
    it("are secret at both ends, and four different ones", () => {
      for (const { secrets } of resources.ofType(AZURE_CONNECTION)) expect(secrets).to.deep.equal(["sharedKey"]);
      for (const { secrets } of resources.ofType("aws:ec2/vpnConnection:VpnConnection")) {
        expect(secrets).to.have.members(["tunnel1PresharedKey", "tunnel2PresharedKey"]);
      }
      const keys = resources.ofType(AZURE_CONNECTION).map(({ inputs }) => inputs.sharedKey);
      expect(new Set(keys).size).to.equal(4);
    });

    it("are of letters alone where they are generated, so that each cloud takes them", () => {
      for (const { inputs } of resources.ofType("random:index/randomPassword:RandomPassword")) {
        expect(inputs).to.deep.include({ length: 40, special: false, numeric: false, keepers: { generation: "1" } });
      }
    });

    it("are one's own where they are given", async () => {
      const ownKeys = ["a", "b", "c", "d"].map((letter) => letter.repeat(30));
      const own = await deployVpn({ ownKeys });
      expect(own.ofType("random:index/randomPassword:RandomPassword")).to.be.empty;
      expect(own.ofType(AZURE_CONNECTION).map(({ inputs }) => inputs.sharedKey)).to.deep.equal(ownKeys);
      for (const { secrets } of own.ofType(AZURE_CONNECTION)) expect(secrets).to.deep.equal(["sharedKey"]);
    });

    it("change at both ends of one tunnel alone when its number is raised", async () => {
      const { changed } = changesBetween(resources, await deployVpn({ keyGenerations: [1, 2, 1, 1] }));
      expect(changed).to.deep.equal(["shop-vpn-tunnel-2-key: keepers"]);
      const ownKeys = ["a", "b", "c", "d"].map((letter) => letter.repeat(30));
      const other = ownKeys.with(1, "z".repeat(30));
      const rotated = changesBetween(await deployVpn({ ownKeys }), await deployVpn({ ownKeys: other }));
      expect(rotated.changed).to.deep.equal([
        "shop-vpn-aws-tunnels-connection-0: tunnel2PresharedKey",
        "shop-vpn-azure-tunnels-tunnel-2: sharedKey",
      ]);
    });
  });

  it("refuses to be without tunnels", async () => {
    const program = () => new SiteToSiteVpn("shop-vpn", { ...argsOf({}), tunnels: [] });
    await deploy(() => {
      expect(program).to.throw(RangeError, "expected the tunnels of `tunnelPlan`, found none");
      return pulumi.output(true);
    });
  });
});

/** Which inputs of which resources are other ones, as "name: input"; both sets have the same resources. */
function changesBetween(before: Registrations, after: Registrations): { changed: string[] } {
  expect(after.names).to.deep.equal(before.names);
  const changed = before.customs.flatMap(({ name, inputs }) => {
    const next = after.named(name).inputs;
    return Object.keys({ ...inputs, ...next })
      .filter((key) => JSON.stringify(inputs[key]) !== JSON.stringify(next[key]))
      .map((key) => `${name}: ${key}`);
  });
  return { changed };
}
