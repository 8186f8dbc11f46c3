/** What Azure has to do before a server can follow another one by GTID. */
export type Preparation =
  | { kind: "parameter"; name: string; value: string }
  /** Have the server know that these transactions are in its data. */
  | { kind: "gtids"; gtid: string };

/** What following depends on, as the server tells it. */
export interface Followable {
  /** `@@gtid_mode` and `@@enforce_gtid_consistency`. */
  gtidMode: string;
  enforced: string;
  /** Tables that are not replicated. */
  filters: readonly string[];
  /** Set of the transactions of the dump that the server does not know to be in it. */
  unknown: string;
  /** Whether it says to have what the dump has not: see `LoadProof.own`. */
  stale: boolean;
}

/** A server goes up by one mode at a time ("Read replicas in Azure Database for MySQL", Global transaction identifier). */
const MODES = ["OFF", "OFF_PERMISSIVE", "ON_PERMISSIVE", "ON"];

/** Accounts are each site's own, and so are the tables in which a cloud keeps what is its own. */
const OWN_TABLES = "mysql.%";

/**
 * Decides what Azure has to do next; undefined when the server can follow.
 *
 * @param gtid set of the transactions that are in the dump that was loaded
 */
export function preparationFor(
  { gtidMode, enforced, filters, unknown, stale }: Followable,
  gtid: string,
): Preparation | undefined {
  if (!filters.includes(OWN_TABLES)) return parameter("replicate_wild_ignore_table", OWN_TABLES);
  if (enforced !== "ON") return parameter("enforce_gtid_consistency", "ON");
  const next = MODES[MODES.indexOf(gtidMode) + 1];
  if (next !== undefined) return parameter("gtid_mode", next);
  return unknown === "" && !stale ? undefined : { kind: "gtids", gtid };
}

function parameter(name: string, value: string): Preparation {
  return { kind: "parameter", name, value };
}

/** For people. @example "set gtid_mode to ON" */
export function renderPreparation(preparation: Preparation): string {
  return preparation.kind === "parameter"
    ? `set ${preparation.name} to ${preparation.value}`
    : "have the server know the transactions of its dump";
}
