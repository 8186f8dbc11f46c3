import * as aws from "@pulumi/aws";
import * as azure from "@pulumi/azure-native";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { CRYPTO_PROFILES, type CryptoProfileName } from "../../components/vpn/crypto-profile.ts";
import { DatabaseWays } from "../../components/vpn/database-ways.ts";
import { NameWays } from "../../components/vpn/name-ways.ts";
import { SiteToSiteVpn } from "../../components/vpn/site-to-site-vpn.ts";
import { tunnelPlan } from "../../components/vpn/tunnel-plan.ts";
import type { Stage } from "../../rehearsal/stage.ts";

const TAGS = { Purpose: "vpn", Environment: "test", Workload: "shop", Owner: "platform-team" };

/** Ranges of both sites. */
export const RANGES = { primary: "10.16.0.0/16", standby: "10.32.0.0/16" };

/** What of the VPN a test changes between two `up`s. */
export interface VpnSettings {
  keyGenerations: number[];
  crypto: CryptoProfileName;
}

/** As they are by default. */
export const DEFAULTS: VpnSettings = { keyGenerations: [1, 1, 1, 1], crypto: "gcm256-sha384-dh20" };

/**
 * A stack of both sites as far as a VPN needs them, and of the VPN, as `link` registers it.
 *
 * @param settings looked at anew with each `up`
 */
export async function vpnStack({ project }: Stage, settings: VpnSettings): Promise<Stack> {
  const { folder, environment, engine } = project;
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "vpn", projectName: "multicloud-dr", program: async () => program(settings) },
    { workDir: folder, envVars: environment, pulumiCommand: engine },
  );
  await stack.setConfig("aws:region", { value: "eu-west-1" });
  await stack.setConfig("azure-native:location", { value: "germanywestcentral" });
  return stack;
}

function program({ keyGenerations, crypto }: VpnSettings): void {
  const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: RANGES.primary });
  const subnet = new aws.ec2.Subnet("subnet", { vpcId: vpc.id, cidrBlock: "10.16.64.0/21" });
  const other = new aws.ec2.Subnet("other-subnet", { vpcId: vpc.id, cidrBlock: "10.16.72.0/21" });
  const table = new aws.ec2.RouteTable("table", { vpcId: vpc.id });
  const group = new aws.ec2.SecurityGroup("servers", { vpcId: vpc.id });
  const standby = new azure.resources.ResourceGroup("standby", { resourceGroupName: "standby" });
  const network = new azure.network.VirtualNetwork("network", {
    resourceGroupName: standby.name,
    virtualNetworkName: "network",
    addressSpace: { addressPrefixes: [RANGES.standby] },
    subnets: [
      { name: "GatewaySubnet", addressPrefix: "10.32.96.0/21" },
      {
        name: "resolver",
        addressPrefix: "10.32.104.0/28",
        delegations: [{ name: "delegation", serviceName: "Microsoft.Network/dnsResolvers" }],
      },
    ],
  });
  new SiteToSiteVpn("shop-vpn", {
    tunnels: tunnelPlan({
      primaryAsn: 64_512,
      standbyAsn: 65_000,
      keyGenerations,
      crypto: CRYPTO_PROFILES[crypto],
    }),
    primary: {
      kind: "virtual-private",
      vpcId: vpc.id,
      subnetIds: [subnet.id] as never,
      routeTables: { "private-0": table.id },
      destination: RANGES.standby,
    },
    standby: { resourceGroupName: standby.name, resourceGroupId: standby.id, virtualNetworkId: network.id },
    logRetentionDays: 30,
    alarmTopicArn: "arn:aws:sns:eu-west-1:000000000000:alarms",
    tags: TAGS,
  });
  new DatabaseWays("shop-ways", {
    directions: ["servers-to-standby", "standby-to-primary"],
    serverSecurityGroupId: group.id,
    databaseSecurityGroupId: group.id,
    databasePort: 3306,
    standbyDatabases: "10.32.64.0/20",
    standbyController: "10.32.80.0/20",
    tags: TAGS,
  });
  new NameWays("shop-names", {
    primary: { vpcId: vpc.id, subnetIds: [subnet.id, other.id] as never },
    standby: { resourceGroupName: standby.name, virtualNetworkId: network.id, resolverAddress: "10.32.104.4" },
    tags: TAGS,
  });
}
