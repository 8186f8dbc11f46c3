import type { StandbyPlan } from "../../components/standby/standby-plan.ts";
import type { Settings } from "../../stacks/settings.ts";
import { type Bill, billOf, type Line, line } from "./bill.ts";
import { dumpLines } from "./dump-bill.ts";
import { followsLive } from "./standby-bill.ts";
import { dataOf, USAGE } from "./usage.ts";

/** Options of a health check that are paid one by one: HTTPS, a look at the answer, every 10 seconds. */
const CHECK_FEATURES = 3;

/** `oldest-event`, `set-aside`, `parked` and `lag`. */
const CONTENT_ALARMS = 4;

/** Names whose declaration is looked for all the time: database, content and site. */
const DECLARATIONS = 3;

/**
 * A month of what goes between the sites, on either's bill: the copies of the content and of the database, and the
 * checks by which the names move.
 *
 * @param settings the standby's, with the strategy that the plan was made of
 * @param primary the primary of the same workload, from which the database is copied
 */
export function replicationBill(settings: Settings<"dr">, primary: Settings<"prod">, plan: StandbyPlan): Bill {
  const live = followsLive(settings) ? changes(primary) : [];
  return billOf([...objects(), ...dumpLines(primary, settings), ...live, ...checks(plan)]);
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

/** The changes as they happen, and the user by whom the standby follows. */
function changes(primary: Settings<"prod">): Line[] {
  const changed = dataOf(primary) * USAGE.databaseChanged * USAGE.days;
  return [
    line("database's changes, from AWS to Azure", changed, "egressGb"),
    line("database's changes, secret of the user that follows", 1, "secret"),
  ];
}

function checks({ standbyCheck }: StandbyPlan): Line[] {
  const count = DECLARATIONS + (standbyCheck ? 1 : 0);
  return [
    line("health checks", count, "foreignCheck"),
    line("health checks, options", count * CHECK_FEATURES, "foreignCheckFeature"),
  ];
}

/** Two gateways of Azure's with an address each, and a connection of AWS's to each; the data is the copies'. */
const VPN = { addresses: 2, connections: 2 };

/**
 * A month of the VPN: it stands where the database follows live, and comes where only the database is lost, because
 * the primary's servers then use the standby's.
 */
export function vpnBill(settings: Settings<"dr">, { markers }: StandbyPlan): Bill {
  const onlyDatabase = markers.includes("database") && !markers.includes("site");
  if (!followsLive(settings) && !onlyDatabase) return [];
  const { hours } = USAGE;
  return billOf([
    line("VPN, Azure's gateway", hours, "vpnGatewayHour"),
    line("VPN, Azure's addresses", VPN.addresses * hours, "azureAddressHour"),
    line("VPN, AWS's connections", VPN.connections * hours, "vpnConnectionHour"),
  ]);
}
