import type { StandbyPlan } from "../../components/standby/standby-plan.ts";
import { checksFor, type EndpointCheck } from "../../components/traffic/check-plan.ts";
import { ASKING_ADDRESSES } from "../../components/vpn/name-ways.ts";
import { INSTANCES, TUNNEL_NAMES } from "../../components/vpn/tunnel-plan.ts";
import { type VpnMode, vpnPlan } from "../../components/vpn/vpn-plan.ts";
import type { Settings } from "../../stacks/settings.ts";
import { type Bill, billOf, type Line, line } from "./bill.ts";
import { dumpLines } from "./dump-bill.ts";
import { followsLive } from "./standby-bill.ts";
import { dataOf, USAGE } from "./usage.ts";

/** `oldest-event`, `set-aside`, `parked` and `lag`. */
const CONTENT_ALARMS = 4;

/** `set-aside` and `drift`. */
const SECRET_ALARMS = 2;

/** The names that every workload has; the private one of the database has to be asked for. */
const NAMES = ["site", "content"] as const;

/**
 * A month of what goes between the sites, on either's bill: the copies of the content and of the database, and the
 * checks by which the names move.
 *
 * @param settings the standby's
 * @param primary the primary of the same workload, from which the database is copied
 */
export function replicationBill(settings: Settings<"dr">, primary: Settings<"prod">): Bill {
  const live = followsLive(settings) ? changes(primary) : [];
  return billOf([...objects(), ...secrets(), ...dumpLines(primary, settings), ...live, ...checks()]);
}

function objects(): Line[] {
  const { contentPuts, contentGbPut, objectGbSeconds } = USAGE;
  return [
    line("content, from AWS to Azure", contentGbPut, "egressGb"),
    // Sent, received and deleted; the waiting for events is some requests in a minute besides.
    line("content, queue", (3 * contentPuts + 5 * 60 * USAGE.hours) / 1e6, "queueRequests"),
    line("content, replicator's runs", contentPuts / 1e6, "functionRequests"),
    line("content, replicator's time", (contentPuts * objectGbSeconds) / 1e6, "functionGbSeconds"),
    line("content, alarms", CONTENT_ALARMS, "alarm"),
  ];
}

/** What crosses is some requests in a month; what waits for it is paid. */
function secrets(): Line[] {
  return [
    line("secrets, queue", (5 * 60 * USAGE.hours) / 1e6, "queueRequests"),
    line("secrets, alarms", SECRET_ALARMS, "alarm"),
  ];
}

/** The changes as they happen, and the user by whom the standby follows. */
function changes(primary: Settings<"prod">): Line[] {
  const changed = dataOf(primary) * USAGE.databaseChanged * USAGE.days;
  return [
    line("database's changes, from AWS to Azure", changed, "egressGb"),
    line("database's changes, secret of the user that follows", 1, "secret"),
  ];
}

/** The health checks of the names, as they are while only a declaration moves them. */
function checks(): Line[] {
  const plans = NAMES.map((name) => checksFor(name, { mode: "manual", markers: 1 }));
  const looks = plans.flatMap((plan) => plan.checks);
  return [
    line("health checks", looks.length, "foreignCheck"),
    line(
      "health checks, options",
      looks.reduce((sum, look) => sum + featuresOf(look), 0),
      "foreignCheckFeature",
    ),
    line("health checks, calculated", plans.flatMap(({ guards }) => Object.keys(guards)).length, "calculatedCheck"),
  ];
}

/** Options that are paid one by one: HTTPS, a look at the answer, every 10 seconds. */
function featuresOf({ type, requestInterval }: EndpointCheck): number {
  return [type.startsWith("HTTPS"), type.endsWith("STR_MATCH"), requestInterval === 10].filter(Boolean).length;
}

/**
 * Two addresses of Azure's gateway, a connection of AWS's to each, whose keys are a secret for each connection, and an
 * alarm for each tunnel; the data is the copies'. A transit gateway, where one is chosen, is not in it, nor are the
 * queries for the database's name, at less than a dollar for a million.
 */
const VPN = { addresses: INSTANCES.length, connections: INSTANCES.length, alarms: TUNNEL_NAMES.length };

/**
 * A month of the VPN, by its mode. Where the database follows live it stands, whatever the stack file says of another
 * strategy; on demand it comes where only the database is lost, because the primary's servers then use the standby's.
 *
 * @param namesDatabase whether `databaseHostName` is set: then they have to resolve the name of the standby's
 */
export function vpnBill(settings: Settings<"dr">, plan: StandbyPlan, namesDatabase: boolean): Bill {
  if (!vpnPlan(modeOf(settings), followsLive(settings), plan).stands) return [];
  const { hours } = USAGE;
  return billOf([
    line("VPN, Azure's gateway", hours, "vpnGatewayHour"),
    line("VPN, Azure's addresses", VPN.addresses * hours, "azureAddressHour"),
    line("VPN, AWS's connections", VPN.connections * hours, "vpnConnectionHour"),
    ...(namesDatabase
      ? [
          line("VPN, Azure's DNS resolver", hours, "azureResolverHour"),
          line("VPN, AWS's addresses to ask it from", ASKING_ADDRESSES * hours, "resolverAddressHour"),
        ]
      : []),
    line("VPN, secrets of the keys", VPN.connections, "secret"),
    line("VPN, alarms", VPN.alarms, "alarm"),
  ]);
}

/** The mode that a strategy would have, as near to the one that is set as it can be. */
function modeOf(settings: Settings<"dr">): VpnMode {
  if (followsLive(settings)) return "standing";
  return settings.vpn === "none" ? "none" : "on-demand";
}
