import { type Finding, unknown, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { at, numberAt, ofType, type Resource, textAt, UNKNOWN } from "./kit/resource.ts";

/** What of it can be set. */
interface Config {
  /** Seconds, the shortest time to live of a record that a failover switches. */
  ttlFrom: number;
  /** Seconds, the longest. */
  ttlTo: number;
}

const RECORD = "aws:route53/record:Record";
const CHECK = "aws:route53/healthCheck:HealthCheck";
const NAME = "multicloud-dr:traffic:FailoverName";
const SITES = 2;

/**
 * A name moves by its checks alone, on the day without anybody's hand: both records stand beforehand, each has a check,
 * some weight is not zero, no check looks at the name that it guards, and resolvers forget soon. All weights zero would
 * send half of the users to a standby that is cold; a record without a check is healthy always; a check of its own name
 * follows the answer that it is to decide.
 *
 * Severity: critical. Reference: Amazon Route 53 Developer Guide, How Amazon Route 53 chooses records when health
 * checking is configured; AWS Well-Architected, REL11-BP02, Fail over to healthy resources.
 */
export const dnsFailover = policy<Config>(
  {
    name: "dns-failover",
    description: "A name that moves has both records, a check on each, a weight, and a short life.",
    enforcementLevel: "mandatory",
    severity: "critical",
    mend: "Declare the name by a FailoverName, and set multicloud-dr:ttlSeconds to 30 to 60.",
    config: {
      schema: { ttlFrom: { type: "integer", default: 30 }, ttlTo: { type: "integer", default: 60 } },
      defaults: { ttlFrom: 30, ttlTo: 60 },
    },
  },
  {
    stack: (resources, config) => {
      const weighted = ofType(resources, RECORD).filter(isWeighted);
      const plain = ofType(resources, RECORD).filter((each) => isMoving(each) && !weighted.includes(each));
      return [
        ...plain.map((each) => wrong(each, "is plain, and cannot be made weighted in place; write a weight for it")),
        ...[...byName(weighted).values()].flatMap((records) => ofName(records, resources, config)),
      ];
    },
  },
);

function isMoving({ within }: Resource): boolean {
  return within.includes(NAME);
}

/** What a refresh reads of a plain record has an empty list. */
function isWeighted(record: Resource): boolean {
  const policies = at(record, "weightedRoutingPolicies");
  return policies === UNKNOWN || (Array.isArray(policies) && policies.length > 0);
}

/** Records by the name that they answer, of which each component has one; its own value may not be known yet. */
function byName(records: readonly Resource[]): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const record of records) {
    const name = textAt(record, "name") ?? record.name.replace(/-(?:primary|standby)$/, "");
    const key = `${textAt(record, "zoneId") ?? ""} ${name}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return groups;
}

function ofName(records: readonly Resource[], all: readonly Resource[], config: Config): Finding[] {
  return [
    ...both(records),
    ...weights(records),
    ...records.flatMap((record) => [...lifetime(record, config), ...checked(record, all)]),
  ];
}

function both(records: readonly Resource[]): Finding[] {
  const [record] = records;
  if (!record || records.length >= SITES) return [];
  return [wrong(record, "stands alone, so there is nothing to move to; write a record of each site beforehand")];
}

function weights(records: readonly Resource[]): Finding[] {
  const [record] = records;
  const found = records.map((each) => weightOf(each));
  if (!record || found.some((weight) => typeof weight === "number" && weight > 0)) return [];
  if (found.includes(UNKNOWN)) return [unknown(record, "weight")];
  return [wrong(record, "and its fellows weigh nothing, which Route 53 takes for all alike; write a weight above 0")];
}

function weightOf(record: Resource): number | typeof UNKNOWN | undefined {
  const policies = at(record, "weightedRoutingPolicies");
  const weight = at(record, "weightedRoutingPolicies", 0, "weight");
  if (policies === UNKNOWN || weight === UNKNOWN) return UNKNOWN;
  return numberAt(record, "weightedRoutingPolicies", 0, "weight");
}

function lifetime(record: Resource, { ttlFrom, ttlTo }: Config): Finding[] {
  if (at(record, "ttl") === UNKNOWN) return [unknown(record, "ttl")];
  const ttl = numberAt(record, "ttl");
  if (ttl !== undefined && ttl >= ttlFrom && ttl <= ttlTo) return [];
  const found = ttl === undefined ? "has no ttl" : `has ttl: ${ttl}`;
  return [wrong(record, `${found}; write ${ttlFrom} to ${ttlTo} seconds`)];
}

function checked(record: Resource, all: readonly Resource[]): Finding[] {
  if (!at(record, "healthCheckId")) {
    return [wrong(record, "has no health check, and is taken for healthy always; write healthCheckId")];
  }
  const checks = ofType(all, CHECK);
  const own = checks.filter((check) => isNamed(record, "healthCheckId", at(record, "healthCheckId"), check));
  if (own.length === 0) return [unknown(record, "which check it has")];
  const looks = own.flatMap((check) => [check, ...childrenOf(check, checks)]);
  return looks.flatMap((check) => itself(record, check));
}

/** What a calculated check counts. */
function childrenOf(check: Resource, checks: readonly Resource[]): Resource[] {
  const children = at(check, "childHealthchecks");
  const ids = Array.isArray(children) ? children : [UNKNOWN];
  return checks.filter((each) => ids.some((id) => isNamed(check, "childHealthchecks", id, each)));
}

function isNamed(from: Resource, property: string, id: unknown, check: Resource): boolean {
  if (from.takenFrom[property]?.includes(check.urn)) return true;
  return id !== UNKNOWN && id === at(check, "id");
}

function itself(record: Resource, check: Resource): Finding[] {
  const [host, name] = [at(check, "fqdn"), at(record, "name")];
  if (host === UNKNOWN) return [unknown(check, "fqdn")];
  if (typeof host !== "string" || typeof name !== "string" || plain(host) !== plain(name)) return [];
  return [wrong(check, `looks at ${host}, which is the name that it guards; write the site's own host as its fqdn`)];
}

function plain(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}
