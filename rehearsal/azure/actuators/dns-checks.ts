import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { isHost } from "./front-door-checks.ts";

export const ZONES = "Microsoft.Network/dnsZones";

const SOURCE = "(Overview of DNS zones and records)";

/** Azure's limits of a record set ("Azure subscription and service limits", Azure DNS; RFC 1035 for a TXT string). */
const LONGEST_TTL = 2_147_483_647;
const MOST_RECORDS = 20;
const LONGEST_STRING = 255;

/** The types that are known here, with the input that holds the records of each. */
const RECORDS: Readonly<Record<string, string>> = {
  A: "aRecords",
  AAAA: "aaaaRecords",
  CAA: "caaRecords",
  CNAME: "cnameRecord",
  MX: "mxRecords",
  NS: "nsRecords",
  PTR: "ptrRecords",
  SRV: "srvRecords",
  TXT: "txtRecords",
};

/** What Azure would refuse about a zone. Zones are nowhere in particular; left out, the provider would put its own region there. */
export function zoneRefusals({ location, zoneType }: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  if (String(location).toLowerCase() !== "global") {
    const found = location ?? "none, for which the provider's region is taken";
    const reason = `found ${found}; expected "global" (LocationNotAvailableForResourceType; Zones - Create Or Update)`;
    refusals.push({ property: "location", reason });
  }
  if (zoneType !== undefined && zoneType !== "Public") {
    const reason = `"${zoneType}"; private zones are a type of their own, Microsoft.Network/privateDnsZones`;
    refusals.push({ property: "zoneType", reason });
  }
  return refusals;
}

/** What Azure would refuse about a record set, by itself and beside the others of its zone. */
export function recordRefusals(inputs: Properties, cloud: AzureCloud, zoneId: string): Refusal[] {
  const { recordType, ttl } = inputs;
  const refusals: Refusal[] = [];
  const refuse = (property: string, reason: string) => refusals.push({ property, reason });
  if (recordType !== undefined && !Object.hasOwn(RECORDS, String(recordType))) {
    refuse(
      "recordType",
      `"${recordType}"; expected ${Object.keys(RECORDS).join(", ")}, for SOA is the zone's own ${SOURCE}`,
    );
  }
  if (ttl !== undefined && !(Number.isInteger(ttl) && Number(ttl) >= 1 && Number(ttl) <= LONGEST_TTL)) {
    refuse("ttl", `${ttl} seconds; expected 1 to ${LONGEST_TTL} ${SOURCE}`);
  }
  for (const [type, property] of Object.entries(RECORDS)) {
    if (inputs[property] === undefined || type === recordType || recordType === undefined) continue;
    refuse(
      property,
      `records of the type ${type} in a set of the type ${recordType} (BadRequest; Record Sets - Create Or Update)`,
    );
  }
  return [...refusals, ...nameRefusals(inputs), ...valueRefusals(inputs), ...companyRefusals(inputs, cloud, zoneId)];
}

function nameRefusals({ relativeRecordSetName: name, recordType, zoneName }: Properties): Refusal[] {
  const property = "relativeRecordSetName";
  if (typeof name !== "string") return [];
  if (name === "@" && recordType === "CNAME") {
    return [{ property, reason: `the apex has NS and SOA, and a CNAME stands alone (Conflict) ${SOURCE}` }];
  }
  if (name === "@" && recordType === "NS") {
    return [{ property, reason: `the apex has its NS set from Azure, to be imported and not made ${SOURCE}` }];
  }
  // Azure takes it, and means another name by it than whoever wrote it.
  const isFull = typeof zoneName === "string" && `.${name}`.toLowerCase().endsWith(`.${zoneName}`.toLowerCase());
  if (!isFull) return [];
  const reason = `"${name}" is relative to the zone, and would be ${name}.${zoneName}: leave the zone out ${SOURCE}`;
  return [{ property, reason }];
}

function valueRefusals({ cnameRecord, txtRecords }: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const { cname } = (cnameRecord ?? {}) as { cname?: string };
  if (cname !== undefined && !isHost(cname.replace(/\.$/, ""))) {
    const reason = `The domain name '${cname}' is invalid (BadRequest)`;
    refusals.push({ property: "cnameRecord.cname", reason });
  }
  const texts = (txtRecords ?? []) as { value?: string[] }[];
  if (texts.length > MOST_RECORDS) {
    const reason = `${texts.length} records; at most ${MOST_RECORDS} in a set (Azure DNS limits)`;
    refusals.push({ property: "txtRecords", reason });
  }
  for (const text of texts.flatMap(({ value = [] }) => value).filter((each) => each.length > LONGEST_STRING)) {
    const reason = `a string of ${text.length} characters; at most ${LONGEST_STRING}, of which a record may have several`;
    refusals.push({ property: "txtRecords", reason });
  }
  return refusals;
}

/** A CNAME is alone with its name. */
function companyRefusals(inputs: Properties, { resources }: AzureCloud, zoneId: string): Refusal[] {
  const { recordType, relativeRecordSetName: name } = inputs;
  if (name === undefined || recordType === undefined) return [];
  const others = recordType === "CNAME" ? Object.keys(RECORDS).filter((type) => type !== "CNAME") : ["CNAME"];
  const other = others.find((type) => resources.exists(`${zoneId}/${type}/${name}`));
  if (!other) return [];
  const reason = `a record set of the type ${other} has the name ${name} already, and a CNAME stands alone (Conflict) ${SOURCE}`;
  return [{ property: "relativeRecordSetName", reason }];
}
