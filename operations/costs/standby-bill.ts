import { databaseAlarmRules } from "../../components/standby/database-alarm-rules.ts";
import type { ServerRange, StandbyPlan } from "../../components/standby/standby-plan.ts";
import type { Settings } from "../../stacks/settings.ts";
import { type Bill, billOf, type Line, line, lineOf } from "./bill.ts";
import { dumpsKept } from "./dumps-kept.ts";
import type { PriceName } from "./prices.ts";
import { azureDatabaseHour, azureServerHour } from "./sizes.ts";
import { averageServers, chunksOf, dataOf, nightHours, USAGE } from "./usage.ts";

/** Days that Log Analytics keeps logs for without asking for money ("Azure Monitor pricing"). */
const FREE_LOG_DAYS = 31;

/** What of the users' load the standby carries; the rest, or all, is the primary's. */
interface Carried {
  /** Share of the app's load, 0 to 1. */
  app: number;
  /** Share of the requests for content. */
  content: number;
}

/**
 * A month of the standby site, of what StandbySite registers for a plan.
 *
 * @param settings the standby's, with the strategy that the plan was made of
 */
export function standbyBill(settings: Settings<"dr">, plan: StandbyPlan): Bill {
  const carried = carriedBy(settings, plan);
  return billOf([
    ...servers(settings, plan.servers, carried),
    ...database(settings, plan),
    ...copies(settings, carried),
    ...dumps(settings),
    ...edge(carried),
    ...alarms(plan),
    ...rest(settings, carried),
  ]);
}

/** All of what is declared, half of what both sites serve at any time, and nothing else. */
function carriedBy({ strategy }: Settings<"dr">, { markers }: StandbyPlan): Carried {
  const standing = strategy === "active-active" ? 0.5 : 0;
  return { app: markers.includes("site") ? 1 : standing, content: markers.includes("content") ? 1 : standing };
}

/** With no servers, StandbySite has neither a way out nor a rule of the balancer, and only the address is paid. */
function servers({ standbyServerSize: size }: Settings<"dr">, range: ServerRange, { app }: Carried): Line[] {
  const { hours } = USAGE;
  const standing = range.max > 0 ? 1 : 0;
  const count = averageServers(range, app);
  return [
    lineOf(`servers, ${size}`, count * hours, azureServerHour(size)),
    line("servers' disks", count, "diskP4"),
    line("load balancer", standing * hours, "azureBalancerHour"),
    line("load balancer, data", app * USAGE.appGbServed, "azureBalancerGb"),
    line("public address", hours, "azureAddressHour"),
    line("NAT gateway", standing * hours, "azureNatHour"),
    line("NAT gateway, data", standing * app * USAGE.outboundGb, "azureNatGb"),
    line("NAT gateway, public address", standing * hours, "azureAddressHour"),
  ];
}

/** A stopped server pays for its storage, and for the hours and operations of the nightly refresh. */
function database(settings: Settings<"dr">, { database: plan }: StandbyPlan): Line[] {
  if (plan.state === "absent") return [];
  const { databaseStorageGib: storage, standbyDatabaseSize, standbyDatabaseReducedSize } = settings;
  const servers = plan.highAvailability ? 2 : 1;
  const size = plan.size === "full" ? standbyDatabaseSize : standbyDatabaseReducedSize;
  const hours =
    plan.state === "stopped"
      ? nightHours(USAGE.startHours, dataOf(settings), USAGE.loadedGibPerHour) * USAGE.days
      : USAGE.hours;
  const zones = plan.highAvailability ? ", two zones" : "";
  return [
    lineOf(`database, ${size}${zones}`, servers * hours, azureDatabaseHour(size)),
    line(`database, storage${zones}`, servers * storage, "mysqlStorageGb"),
    line(
      "database, operations",
      operations(settings) / 1e6,
      plan.highAvailability ? "mysqlOperationsTwoZones" : "mysqlOperations",
    ),
  ];
}

/** What a month writes: a whole load each night, or no more than what changed. */
function operations(settings: Settings<"dr">): number {
  const pages = (dataOf(settings) * 2 ** 30) / 2 ** 14;
  return (
    pages * USAGE.operationsPerPage * USAGE.days * (settings.strategy === "pilot-light" ? 1 : USAGE.databaseChanged)
  );
}

type Tier = Settings<"dr">["copyTier"];

/** By tier: what is stored, written, read, and fetched again. */
const BLOBS: Record<Tier, { gb: PriceName; writes: PriceName; reads: PriceName; retrieval?: PriceName }> = {
  Hot: { gb: "blobHotGb", writes: "blobHotWrites", reads: "blobHotReads" },
  Cool: { gb: "blobCoolGb", writes: "blobCoolWrites", reads: "blobCoolReads", retrieval: "blobCoolRetrievalGb" },
  Cold: { gb: "blobColdGb", writes: "blobColdWrites", reads: "blobColdReads", retrieval: "blobColdRetrievalGb" },
};

function copies(settings: Settings<"dr">, { content }: Carried): Line[] {
  const { copyTier, copyRetentionDays, immutabilityDays } = settings;
  const prices = BLOBS[copyTier];
  const days = Math.max(copyRetentionDays, immutabilityDays);
  const former = ((USAGE.contentGbPut / 2) * days) / USAGE.days;
  const fetched = content * USAGE.contentMisses;
  const images = USAGE.imageGib * USAGE.imageVersions;
  return [
    line("content, storage", USAGE.contentGb + former, prices.gb),
    line("content, writes", USAGE.contentPuts / 10_000, prices.writes),
    line("content, reads by the edge", (fetched * USAGE.contentRequests) / 10_000, prices.reads),
    ...(prices.retrieval
      ? [line("content, fetched by the edge", fetched * USAGE.contentGbServed, prices.retrieval)]
      : []),
    line("images, disks", images, "pageBlobGb"),
    line("images, gallery", images, "imageGb"),
  ];
}

/** Whether the database follows the primary's as it changes, over a VPN; dumps are made besides. */
export function followsLive({ strategy }: Settings<"dr">): boolean {
  return strategy === "warm-standby" || strategy === "active-active";
}

/**
 * Dumps as each kind is kept, but none shorter than it is immutable; what is deleted then stays softly deleted for
 * `copyRetentionDays`, and costs the same.
 */
function dumps(settings: Settings<"dr">): Line[] {
  const { copyTier, copyRetentionDays, immutabilityDays } = settings;
  const prices = BLOBS[copyTier];
  const data = dataOf(settings);
  const dump = data * USAGE.dumpShare;
  const kept = dumpsKept(settings, (days) => Math.max(days, immutabilityDays));
  const fetched = settings.strategy === "pilot-light" ? dump * USAGE.days : 0;
  return [
    line("dumps, storage", dump * kept, prices.gb),
    line("dumps softly deleted, storage", dump * copyRetentionDays, prices.gb),
    line("dumps, writes", (chunksOf(data) * USAGE.writesOfPortion * USAGE.days) / 10_000, prices.writes),
    ...(prices.retrieval ? [line("dumps, fetched by the load", fetched, prices.retrieval)] : []),
  ];
}

function edge({ app, content }: Carried): Line[] {
  const served = app * USAGE.appGbServed + content * USAGE.contentGbServed;
  const requests = (app * USAGE.appRequests + content * USAGE.contentRequests) / 1e6;
  return [
    line("Front Door", 1, "frontDoorBase"),
    line("Front Door, answers", served, "frontDoorGb"),
    line("Front Door, requests", requests, "frontDoorRequests"),
    // What users send is little beside what they get: a tenth.
    line("Front Door, to the origins", served / 10, "frontDoorOriginGb"),
    line("Front Door, log", requests * USAGE.edgeLogGb, "azureLogGb"),
  ];
}

/** The queries by which the controller's log is watched. */
function alarms({ database }: StandbyPlan): Line[] {
  const rules = databaseAlarmRules(database);
  const each = (minutes: number) => rules.filter(({ everyMinutes }) => everyMinutes === minutes).length;
  return [
    line("database's alarms, each 5 minutes", each(5), "logAlertEach5Minutes"),
    line("database's alarms, each 15 minutes", each(15), "logAlertEach15Minutes"),
  ];
}

function rest(settings: Settings<"dr">, { app, content }: Carried): Line[] {
  const { logRetentionDays } = settings;
  const logGb =
    USAGE.standbyLogGb + (app * USAGE.appRequests + content * USAGE.contentRequests) * 1e-6 * USAGE.edgeLogGb;
  const runs = USAGE.hours * 60;
  // The controller itself loads the night's dump.
  const loading = settings.strategy === "pilot-light" ? nightHours(0, dataOf(settings), USAGE.loadedGibPerHour) : 0;
  const seconds = runs * USAGE.controllerSeconds + loading * 3600 * USAGE.days;
  return [
    line("logs", USAGE.standbyLogGb, "azureLogGb"),
    line("logs, storage", (logGb * Math.max(0, logRetentionDays - FREE_LOG_DAYS)) / USAGE.days, "azureLogStorageGb"),
    line("private DNS zone", 1, "azureZone"),
    line("break-glass DNS zone", 1, "azurePublicZone"),
    line("vault", USAGE.vaultOperations / 10_000, "vaultOperations"),
    line("controller, runs", runs / 1e6, "azureFunctionRuns"),
    line("controller, time", (seconds * USAGE.controllerGb) / 1e6, "azureFunctionGbSeconds"),
  ];
}
