import { planNatGateways } from "../../components/primary/nat-plan.ts";
import { databaseRules, ERROR_RULES, UNHEALTHY_SERVERS_RULE } from "../../components/primary/site-alarms.ts";
import type { Settings } from "../../stacks/settings.ts";
import { type Bill, billOf, type Line, line, lineOf } from "./bill.ts";
import { databaseHour, serverHour } from "./sizes.ts";
import { averageServers, dataOf, USAGE } from "./usage.ts";

/** Metrics of a server that are measured by the minute ("List the available CloudWatch metrics for your instances"). */
const SERVER_METRICS = 7;

/** Alarms that target tracking makes for itself: one to grow, one to shrink. */
const SCALING_ALARMS = 2;

/** Days for which former versions of the content are kept; ContentBucket's default. */
const FORMER_DAYS = 90;

/** A month of the primary site: of what PrimarySite registers. */
export function primaryBill(settings: Settings<"prod">): Bill {
  return billOf([
    ...servers(settings),
    ...network(settings),
    ...database(settings),
    ...content(),
    ...watching(settings),
  ]);
}

function servers({ serverType, serversMin, serversMax, zones }: Settings<"prod">): Line[] {
  const { hours } = USAGE;
  const count = averageServers({ min: serversMin, max: serversMax });
  return [
    lineOf(`servers, ${serverType}`, count * hours, serverHour(serverType)),
    line("servers' disks", count * USAGE.serverDiskGib, "volumeGb"),
    line("servers' metrics by the minute", count * SERVER_METRICS, "metric"),
    line("load balancer", hours, "balancerHour"),
    line("load balancer, capacity", USAGE.balancerUnits * hours, "balancerUnitHour"),
    line("load balancer, public addresses", zones * hours, "publicAddressHour"),
    line("app's answers to users", USAGE.appGbServed, "egressGb"),
    line("traffic between zones", USAGE.betweenZonesGb, "betweenZonesGb"),
  ];
}

function network({ natGateways, zones, zoneId }: Settings<"prod">): Line[] {
  const gateways = new Set(planNatGateways(natGateways, zones)).size;
  return [
    line("NAT gateways", gateways * USAGE.hours, "natHour"),
    line("NAT gateways, data", USAGE.outboundGb, "natGb"),
    line("NAT gateways, public addresses", gateways * USAGE.hours, "publicAddressHour"),
    line("DNS zone", zoneId === "create" ? 1 : 0, "zone"),
    line("DNS queries", USAGE.dnsQueries / 1e6, "dnsQueries"),
  ];
}

function database(settings: Settings<"prod">): Line[] {
  const { databaseClass, databaseStorageGib, databaseBackupDays, vaultLockDays } = settings;
  const data = dataOf(settings);
  // Two lines of backups, RDS's own and the vault's, each a whole copy and its days' changes; as much as the storage is free.
  const backups = 2 * data + data * USAGE.databaseChanged * (databaseBackupDays + vaultLockDays);
  return [
    lineOf(`database, ${databaseClass} in two zones`, 2 * USAGE.hours, databaseHour(databaseClass)),
    line("database, storage in two zones", databaseStorageGib, "databaseStorageTwoZonesGb"),
    line("database, backups beyond its storage", Math.max(0, backups - databaseStorageGib), "databaseBackupGb"),
    line("database, secret", 1, "secret"),
  ];
}

function content(): Line[] {
  const { contentGb, contentGbPut, contentPuts, contentRequests, contentMisses } = USAGE;
  // Half of what is put goes over something former.
  const former = ((contentGbPut / 2) * FORMER_DAYS) / USAGE.days;
  return [
    line("content, storage", contentGb, "objectGb"),
    line("content, former versions", former, "formerObjectGb"),
    line("content, writes", contentPuts / 1000, "objectWrites"),
    line("content, reads by the edge", (contentRequests * contentMisses) / 1000, "objectReads"),
    line("content, backups", contentGb + contentGbPut, "objectBackupGb"),
    line("CloudFront, answers", USAGE.contentGbServed, "deliveryGb"),
    line("CloudFront, requests", contentRequests / 1e6, "deliveryRequests"),
    line("audit trail of the content", contentPuts / 100_000, "trailEvents"),
  ];
}

function watching({ logRetentionDays, databaseStorageGib }: Settings<"prod">): Line[] {
  const rules = [...ERROR_RULES, UNHEALTHY_SERVERS_RULE, ...databaseRules(databaseStorageGib)];
  const kept = (USAGE.primaryLogGb * USAGE.logStoredShare * logRetentionDays) / USAGE.days;
  return [
    line("logs", USAGE.primaryLogGb, "logGb"),
    line("logs, storage", kept, "logStorageGb"),
    line("alarms", rules.length + SCALING_ALARMS, "alarm"),
    line("key of the alarms' topic", 1, "key"),
  ];
}
