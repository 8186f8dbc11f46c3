import { expect } from "chai";
import { planStandbyAddresses, resolverAddress } from "../../components/standby/address-plan.ts";
import { DISASTERS } from "../../components/standby/disaster.ts";
import { standbyPlan } from "../../components/standby/standby-plan.ts";
import type { VpnMode } from "../../components/vpn/vpn-plan.ts";
import { link } from "../../stacks/link.ts";
import type { Settings } from "../../stacks/settings.ts";
import { settingsOf } from "../support/config.ts";
import { expectTags } from "../support/house-rules.ts";
import type { MockInputs } from "../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../support/mocks.ts";
import { DR_OUTPUTS, PROD_OUTPUTS } from "../support/other-stacks.ts";
import { rejection } from "../support/rejection.ts";

const PROD = "organization/multicloud-dr/prod";
const DR = "organization/multicloud-dr/dr";

async function deployLink(settings: Partial<Settings<"link">>, dr: MockInputs = {}, prod: MockInputs = {}) {
  const stacks = {
    [PROD]: { outputs: { ...PROD_OUTPUTS, ...prod } },
    [DR]: { outputs: { ...DR_OUTPUTS, vpn: settings.vpn ?? "none", ...dr } },
  };
  return deploy(() => link([{ ...settingsOf("link"), ...settings }]), { stacks });
}

/** Logical names of all that belongs to the VPN. */
function ofVpn(resources: Registrations): string[] {
  return resources.names.filter((name) => name.startsWith("shop-vpn"));
}

const declared = (disaster: (typeof DISASTERS)[number]) => ({ plan: standbyPlan("pilot-light", disaster, false) });

describe("the link stack's VPN", () => {
  it("is not there by default, and says so", async () => {
    const { resources, result } = await deployLink({});
    expect(ofVpn(resources)).to.be.empty;
    expect(await settled(result.shop?.vpn)).to.deep.equal({ mode: "none", stands: false, minutesToWait: 0 });
  });

  describe("that stands", () => {
    let resources: Registrations;
    let told: unknown;
    before(async () => {
      const named = { databaseHostName: "database.shop.internal" };
      const { resources: all, result } = await deployLink({ vpn: "standing", databaseReplication: "live" }, {}, named);
      resources = all;
      told = await settled(result.shop?.vpn);
    });

    it("joins prod's network and dr's", () => {
      expect(resources.named("shop-vpn-aws-virtual-private").inputs.vpcId).to.equal(PROD_OUTPUTS.vpcId);
      const { resourceGroupName, ipConfigurations } = resources.named("shop-vpn-azure-gateway").inputs;
      expect(resourceGroupName).to.equal(DR_OUTPUTS.resourceGroupName);
      expect(JSON.stringify(ipConfigurations)).to.contain(`${DR_OUTPUTS.virtualNetworkId}/subnets/GatewaySubnet`);
    });

    it("has prod's network ask dr's for the names of databases, where dr's rules let it", () => {
      const { domainName, targetIps } = resources.named("shop-vpn-names-rule").inputs;
      const { resolver } = planStandbyAddresses("10.32.0.0/16");
      expect(domainName).to.equal("mysql.database.azure.com");
      expect(targetIps).to.deep.equal([{ ip: resolverAddress({ resolver }), port: 53, protocol: "Do53" }]);
      expect(resources.named("shop-vpn-names-association").inputs.vpcId).to.equal(PROD_OUTPUTS.vpcId);
      const { subnet } =
        (resources.named("shop-vpn-names-answering").inputs.ipConfigurations as { subnet: object }[])[0] ?? {};
      expect(subnet).to.deep.equal({ id: `${DR_OUTPUTS.virtualNetworkId}/subnets/resolver` });
    });

    it("asks nobody for them where prod's servers have no name that could move", async () => {
      const { resources: without } = await deployLink({ vpn: "standing" });
      expect(ofVpn(without).filter((name) => name.startsWith("shop-vpn-names"))).to.deep.equal([]);
    });

    it("has ways from the servers' and the database's tables, and from no others", () => {
      const tables = resources
        .ofType("aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation")
        .map(({ inputs }) => inputs.routeTableId);
      const { private: servers, data } = PROD_OUTPUTS.routeTableIds;
      expect(tables).to.have.members([...servers, ...data]);
    });

    it("lets databases be spoken with at their port, both ways, and asked for, and nothing else", () => {
      const own = resources.all.filter(
        ({ name, type }) => name.startsWith("shop-vpn") && /securityGroup\w+Rule/.test(type),
      );
      const asking = resources.named("shop-vpn-names-asking").inputs.securityGroupIds as string[];
      const rules = own.map(({ inputs: { securityGroupId, cidrIpv4, fromPort, toPort } }) => [
        ...[securityGroupId, cidrIpv4, fromPort, toPort],
      ]);
      expect(rules).to.deep.equal([
        [PROD_OUTPUTS.serverSecurityGroupId, "10.32.64.0/20", 3306, 3306],
        [PROD_OUTPUTS.databaseSecurityGroupId, "10.32.64.0/20", 3306, 3306],
        [PROD_OUTPUTS.databaseSecurityGroupId, "10.32.80.0/20", 3306, 3306],
        [asking[0], "10.32.104.4/32", 53, 53],
        [asking[0], "10.32.104.4/32", 53, 53],
      ]);
    });

    it("has all of it tagged as the VPN's", () => {
      const own = resources.all.filter(({ name }) => name.startsWith("shop-vpn"));
      expectTags({ customs: own.filter(({ custom }) => custom) } as unknown as Registrations, {
        ...{ Purpose: "vpn", Environment: "production", Workload: "shop", Owner: "platform-team" },
      });
    });

    it("tells what was made, and nothing of how it is encrypted", () => {
      expect(told).to.deep.include({
        ...{ mode: "standing", stands: true, minutesToWait: 0 },
        directions: ["servers-to-standby", "standby-to-primary"],
      });
      const { primaryGatewayId, standbyConnectionIds } = told as Record<string, unknown>;
      expect(primaryGatewayId).to.match(/^vgw-/);
      expect(standbyConnectionIds).to.have.length(4);
      expect(JSON.stringify(told).toLowerCase()).to.not.match(/ike|ipsec|key|psk|aes|sha/);
    });
  });

  it("keeps the database's table out of it where nothing follows live", async () => {
    const { resources } = await deployLink({ vpn: "standing" });
    const tables = resources
      .ofType("aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation")
      .map(({ inputs }) => inputs.routeTableId);
    expect(tables).to.deep.equal(PROD_OUTPUTS.routeTableIds.private);
    expect(resources.names).to.not.include("shop-vpn-databases-standby-database-to-primary");
  });

  for (const disaster of DISASTERS) {
    const stands = disaster === "database";
    it(`on demand ${stands ? "stands" : "is not there"} while ${disaster} is declared`, async () => {
      const { resources, result } = await deployLink({ vpn: "on-demand" }, declared(disaster));
      expect(ofVpn(resources).length > 0).to.equal(stands);
      expect(await settled(result.shop?.vpn)).to.include({ mode: "on-demand", stands, minutesToWait: 45 });
    });
  }

  it("goes by the settings: gateway, numbers, crypto, keys, days of the log", async () => {
    const vpnKeys = ["a", "b", "c", "d"].map((letter) => letter.repeat(30));
    const { resources } = await deployLink({
      ...{ vpn: "standing", awsGateway: "transit", primaryAsn: 64_600, standbyAsn: 65_100, logRetentionDays: 30 },
      ...{ vpnCrypto: "aes256-sha256-dh14", vpnKeys },
    });
    expect(resources.named("shop-vpn-aws-transit").inputs.amazonSideAsn).to.equal(64_600);
    expect(resources.named("shop-vpn-aws-tunnels-customer-1").inputs.bgpAsn).to.equal("65100");
    expect(resources.named("shop-vpn-aws-tunnels-log").inputs.retentionInDays).to.equal(30);
    expect(resources.named("shop-vpn-azure-tunnels-tunnel-3").inputs.sharedKey).to.equal(vpnKeys[2]);
    expect(resources.named("shop-vpn-aws-tunnels-connection-0").inputs).to.deep.include({
      tunnel1Phase2DhGroupNumbers: [14],
    });
  });

  describe("that does not fit what the sites are, stops before anything is registered", () => {
    const refused = async (settings: Partial<Settings<"link">>, dr: MockInputs = {}, prod: MockInputs = {}) =>
      (await rejection(deployLink(settings, dr, prod))).message;

    it("where dr has another mode, whose rules would let in too much or too little", async () => {
      const modes: VpnMode[] = ["none", "standing", "on-demand"];
      for (const vpn of modes) {
        for (const other of modes.filter((mode) => mode !== vpn)) {
          expect(await refused({ vpn }, { vpn: other })).to.contain(
            `multicloud-dr:vpn is ${vpn} in this stack and ${other} in dr`,
          );
        }
      }
    });

    it("where a site has another range than this stack believes", async () => {
      expect(await refused({ vpn: "standing" }, { cidr: "10.48.0.0/16" })).to.contain(
        "multicloud-dr:standbyCidr is 10.32.0.0/16 in this stack and 10.48.0.0/16 in dr",
      );
      expect(await refused({ vpn: "standing" }, {}, { cidr: "10.20.0.0/16" })).to.contain(
        "multicloud-dr:primaryCidr is 10.16.0.0/16 in this stack and 10.20.0.0/16 in prod",
      );
    });

    it("where a site was deployed before it had what the VPN needs", async () => {
      const { routeTableIds: _, ...former } = PROD_OUTPUTS;
      const stacks = { [PROD]: { outputs: former }, [DR]: { outputs: { ...DR_OUTPUTS, vpn: "standing" } } };
      const settings = { ...settingsOf("link"), vpn: "standing" as const };
      const error = await rejection(deploy(() => link([settings]), { stacks }));
      expect(error.message).to.contain("has no output routeTableIds of workload shop: deploy it first");
    });
  });
});
