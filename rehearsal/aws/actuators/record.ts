import type { AliasTarget, ResourceRecordSet, RRType } from "@aws-sdk/client-route-53";
import type { Actuator } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, list, number, text } from "./common.ts";
import { checkRecord } from "./record-checks.ts";
import { changeRecords, expandName, plainName, recordsOf, zoneNameOf } from "./records.ts";

/**
 * aws:route53/record:Record; its `id` is `ZONEID_name_TYPE_setIdentifier`.
 *
 * Type and set identifier change in place: the provider deletes the one and creates the other in one batch.
 */
export const record: Actuator<AwsCloud> = {
  replaceOn: ["zoneId", "name"],

  check: checkRecord,

  async create(inputs, cloud) {
    const zoneId = String(inputs.zoneId);
    const fqdn = await fqdnOf(cloud, inputs);
    const Action = inputs.allowOverwrite === true ? "UPSERT" : "CREATE";
    await changeRecords(cloud, zoneId, [{ Action, ResourceRecordSet: recordSetOf(inputs, fqdn) }]);
    const parts = [zoneId, plainName(text(inputs.name)), inputs.type, inputs.setIdentifier];
    return { id: parts.filter((part) => part !== undefined).join("_"), properties: { fqdn } };
  },

  async read({ properties }, cloud) {
    const found = await findRecord(cloud, properties);
    return found && { fqdn: plainName(found.Name), ...settingsOf(found, properties) };
  },

  async update({ properties }, inputs, cloud) {
    const fqdn = await fqdnOf(cloud, inputs);
    const next = recordSetOf(inputs, fqdn);
    const sameKey = inputs.type === properties.type && inputs.setIdentifier === properties.setIdentifier;
    const former = sameKey ? undefined : await findRecord(cloud, properties);
    const changes = former
      ? ([
          { Action: "DELETE", ResourceRecordSet: former },
          { Action: "CREATE", ResourceRecordSet: next },
        ] as const)
      : ([{ Action: "UPSERT", ResourceRecordSet: next }] as const);
    await changeRecords(cloud, String(inputs.zoneId), [...changes]);
    return { fqdn };
  },

  async delete({ properties }, cloud) {
    // Route 53 deletes only what is told to it exactly as it is.
    const found = await findRecord(cloud, properties);
    if (!found) return;
    await changeRecords(cloud, String(properties.zoneId), [{ Action: "DELETE", ResourceRecordSet: found }]);
  },
};

async function fqdnOf(cloud: AwsCloud, { zoneId, name }: Properties): Promise<string> {
  const zoneName = await zoneNameOf(cloud, String(zoneId));
  if (zoneName === undefined) throw new Error(`NoSuchHostedZone: there is no hosted zone "${zoneId}"`);
  return expandName(String(name), zoneName);
}

async function findRecord(cloud: AwsCloud, properties: Properties): Promise<ResourceRecordSet | undefined> {
  const zoneId = String(properties.zoneId);
  const zoneName = await zoneNameOf(cloud, zoneId);
  if (zoneName === undefined) return undefined;
  const sets = await recordsOf(cloud, zoneId, expandName(String(properties.name), zoneName));
  return sets.find(({ Type, SetIdentifier }) => {
    return Type === properties.type && (SetIdentifier || undefined) === text(properties.setIdentifier);
  });
}

/** Route 53's text records are quoted, the provider's are not. */
const QUOTED = ["TXT", "SPF"];

function recordSetOf(inputs: Properties, Name: string): ResourceRecordSet {
  const Type = inputs.type as RRType;
  const [alias] = list(inputs.aliases).map(fields);
  const values = list(inputs.records).map((value) => (QUOTED.includes(Type) ? `"${value}"` : String(value)));
  return {
    Name,
    Type,
    TTL: alias ? undefined : number(inputs.ttl),
    ResourceRecords: alias ? undefined : values.map((Value) => ({ Value })),
    AliasTarget: alias && {
      DNSName: String(alias.name),
      HostedZoneId: String(alias.zoneId),
      EvaluateTargetHealth: alias.evaluateTargetHealth === true,
    },
    SetIdentifier: text(inputs.setIdentifier),
    HealthCheckId: text(inputs.healthCheckId),
    ...routingOf(inputs),
  };
}

function routingOf(inputs: Properties): Partial<ResourceRecordSet> {
  const first = (key: string) => fields(list(inputs[key])[0]);
  const { continent, country, subdivision } = first("geolocationRoutingPolicies");
  const located = continent ?? country ?? subdivision;
  return {
    Weight: number(first("weightedRoutingPolicies").weight),
    Failover: text(first("failoverRoutingPolicies").type) as ResourceRecordSet["Failover"],
    Region: text(first("latencyRoutingPolicies").region) as ResourceRecordSet["Region"],
    MultiValueAnswer: inputs.multivalueAnswerRoutingPolicy === true ? true : undefined,
    GeoLocation:
      located === undefined
        ? undefined
        : { ContinentCode: text(continent), CountryCode: text(country), SubdivisionCode: text(subdivision) },
  };
}

/** What the record says, as the inputs write it. */
function settingsOf(found: ResourceRecordSet, properties: Properties): Properties {
  const values = (found.ResourceRecords ?? []).map(({ Value = "" }) =>
    QUOTED.includes(String(found.Type)) ? Value.replace(/^"(.*)"$/, "$1") : Value,
  );
  const given = list(properties.records);
  const { ContinentCode, CountryCode, SubdivisionCode } = found.GeoLocation ?? {};
  const location = { continent: ContinentCode, country: CountryCode, subdivision: SubdivisionCode };
  const sameValues = new Set(values).symmetricDifference(new Set(given)).size === 0;
  return {
    ttl: found.TTL,
    records: sameValues ? given : values,
    healthCheckId: found.HealthCheckId,
    weightedRoutingPolicies: found.Weight === undefined ? [] : [{ weight: found.Weight }],
    failoverRoutingPolicies: found.Failover === undefined ? [] : [{ type: found.Failover }],
    latencyRoutingPolicies: found.Region === undefined ? [] : [{ region: found.Region }],
    geolocationRoutingPolicies: found.GeoLocation === undefined ? [] : [knownOf(location)],
    aliases: found.AliasTarget === undefined ? [] : [aliasOf(found.AliasTarget)],
  };
}

function aliasOf({ DNSName, HostedZoneId, EvaluateTargetHealth }: AliasTarget): Properties {
  return { name: plainName(DNSName), zoneId: HostedZoneId, evaluateTargetHealth: EvaluateTargetHealth ?? false };
}

function knownOf(location: Properties): Properties {
  return Object.fromEntries(Object.entries(location).filter(([, value]) => value !== undefined));
}
