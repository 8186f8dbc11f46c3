import * as pulumi from "@pulumi/pulumi";
import { planStandbyAddresses, resolverAddress } from "../components/standby/address-plan.ts";
import type { StandbyPlan } from "../components/standby/standby-plan.ts";
import { CRYPTO_PROFILES } from "../components/vpn/crypto-profile.ts";
import { DatabaseWays } from "../components/vpn/database-ways.ts";
import { NameWays } from "../components/vpn/name-ways.ts";
import { SiteToSiteVpn } from "../components/vpn/site-to-site-vpn.ts";
import { tunnelPlan } from "../components/vpn/tunnel-plan.ts";
import { type VpnMode, type VpnPlan, vpnPlan } from "../components/vpn/vpn-plan.ts";
import { knownIfAny, knownOf, listOf, outputOf, type Sides } from "./references.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/** What has to be known of the sites before a VPN between them is registered, or left out. */
export interface VpnSituation {
  plan: VpnPlan;
  /** Tables of the primary's subnets by tier; none is read where there is no VPN. */
  routeTableIds: { private: string[]; data: string[] };
  /** Whether the primary's servers find the database by a name that moves: only then have they to resolve the standby's. */
  namesDatabase: boolean;
}

/**
 * Reads of both sites what decides about the VPN, and whether they agree with this stack.
 *
 * @throws pulumi.RunError that says which key is to be mended, before anything is registered
 */
export async function vpnSituation(settings: Settings<"link">, { primary, standby }: Sides): Promise<VpnSituation> {
  const mode = await knownOf<VpnMode>(standby, "vpn");
  if (mode !== settings.vpn) {
    throw new pulumi.RunError(
      `multicloud-dr:vpn is ${settings.vpn} in this stack and ${mode} in ${settings.drStack}, whose rules let the ` +
        `primary in or not: expected the same, best in Pulumi.yaml; then \`pulumi up --stack ${settings.drStack}\` first`,
    );
  }
  const plan = vpnPlan(mode, settings.databaseReplication === "live", await knownOf<StandbyPlan>(standby, "plan"));
  if (!plan.stands) return { plan, routeTableIds: { private: [], data: [] }, namesDatabase: false };
  await sameRange("primaryCidr", settings.primaryCidr, settings.prodStack, knownOf(primary, "cidr"));
  await sameRange("standbyCidr", settings.standbyCidr, settings.drStack, knownOf(standby, "cidr"));
  const namesDatabase = (await knownIfAny(primary, "databaseHostName")) !== undefined;
  return { plan, routeTableIds: await knownOf(primary, "routeTableIds"), namesDatabase };
}

/** The way between the sites as far as there is one, and who may use it. */
export function vpn(
  settings: Settings<"link">,
  { plan, routeTableIds, namesDatabase }: VpnSituation,
  { primary, standby }: Sides,
): { vpn: object } {
  const { mode, stands, minutesToWait, directions } = plan;
  if (!stands) return { vpn: { mode, stands, minutesToWait } };
  const name = `${settings.workload}-vpn`;
  const tags = tagsFor("vpn", settings);
  const addresses = planStandbyAddresses(settings.standbyCidr);
  if (mode === "on-demand") {
    pulumi.log.info(
      `The VPN is made on demand: Azure takes ${minutesToWait} minutes or more to make its gateway. Until then the ` +
        "primary's servers do not reach the standby's database.",
    );
  }

  const ways = new SiteToSiteVpn(name, {
    tunnels: tunnelPlan({
      primaryAsn: settings.primaryAsn,
      standbyAsn: settings.standbyAsn,
      keyGenerations: settings.vpnKeyGenerations,
      crypto: CRYPTO_PROFILES[settings.vpnCrypto],
    }),
    ownKeys: settings.vpnKeys.length > 0 ? settings.vpnKeys : undefined,
    primary: {
      kind: settings.awsGateway,
      vpcId: outputOf(primary, "vpcId"),
      subnetIds: listOf(primary, "privateSubnetIds"),
      routeTables: routeTables(plan, routeTableIds),
      destination: settings.standbyCidr,
    },
    standby: {
      resourceGroupName: outputOf(standby, "resourceGroupName"),
      resourceGroupId: outputOf(standby, "resourceGroupId"),
      virtualNetworkId: outputOf(standby, "virtualNetworkId"),
    },
    logRetentionDays: settings.logRetentionDays,
    alarmTopicArn: outputOf(primary, "alarmTopicArn"),
    tags,
  });
  new DatabaseWays(`${name}-databases`, {
    directions,
    serverSecurityGroupId: outputOf(primary, "serverSecurityGroupId"),
    databaseSecurityGroupId: outputOf(primary, "databaseSecurityGroupId"),
    databasePort: outputOf(primary, "databasePort").apply(Number),
    standbyDatabases: addresses.data,
    standbyController: addresses.functions,
    tags,
  });
  const names = namesDatabase ? nameWays(`${name}-names`, settings, { primary, standby }) : undefined;

  return {
    vpn: {
      ...{ mode, stands, minutesToWait, directions },
      primaryGatewayId: ways.primaryGatewayId,
      standbyGatewayId: ways.standbyGatewayId,
      primaryConnectionIds: ways.primaryConnectionIds,
      standbyConnectionIds: ways.standbyConnectionIds,
      namesRuleId: names?.ruleId,
    },
  };
}

/** How the primary's servers resolve the name of the standby's database. */
function nameWays(name: string, settings: Settings<"link">, { primary, standby }: Sides): NameWays {
  return new NameWays(name, {
    primary: { vpcId: outputOf(primary, "vpcId"), subnetIds: listOf(primary, "privateSubnetIds") },
    standby: {
      resourceGroupName: outputOf(standby, "resourceGroupName"),
      virtualNetworkId: outputOf(standby, "virtualNetworkId"),
      resolverAddress: resolverAddress(planStandbyAddresses(settings.standbyCidr)),
    },
    tags: tagsFor("vpn", settings),
  });
}

/** The tables that get a way to the standby: the servers', and the database's where the standby's speaks with it. */
function routeTables({ directions }: VpnPlan, { private: servers, data }: VpnSituation["routeTableIds"]) {
  const labelled = (tier: string, ids: string[]) => ids.map((id, index) => [`${tier}-${index}`, id]);
  const answering = directions.includes("standby-to-primary") ? labelled("data", data) : [];
  return Object.fromEntries([...labelled("private", servers), ...answering]) as Record<string, string>;
}

async function sameRange(key: string, own: string, stack: string, theirs: Promise<string>): Promise<void> {
  const found = await theirs;
  if (found === own) return;
  throw new pulumi.RunError(
    `multicloud-dr:${key} is ${own} in this stack and ${found} in ${stack}: rules and routes of the VPN would lead ` +
      "nowhere; set it once, in Pulumi.yaml, for all stacks alike",
  );
}
