import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { recordRefusals, ZONES, zoneRefusals } from "./dns-checks.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

/** The zone that `zoneName` names. */
const ZONE = {
  property: "zoneName",
  id: (inputs: Properties, cloud: AzureCloud) =>
    inGroup(cloud, inputs.resourceGroupName, `${ZONES}/${inputs.zoneName}`),
};

/** The ends of the names of Azure's name servers, each under another top-level domain. */
const TOP_LEVELS = ["com", "net", "org", "info"];

/** azure-native:dns:Zone */
export const zone = armActuator({
  id: ZONE.id,
  name: {
    property: "zoneName",
    pattern: /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?){1,33}$/i,
    rule: "2 to 34 labels of letters, digits, '_' and '-', without a dot behind (Naming rules and restrictions for Azure resources)",
  },
  parent: GROUP,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["zoneType"],
  check: zoneRefusals,
  outputs: (inputs, id, cloud) => ({
    zoneType: "Public",
    maxNumberOfRecordSets: 10_000,
    maxNumberOfRecordsPerRecordSet: 20,
    // Its own NS and SOA.
    numberOfRecordSets: 2,
    nameServers: nameServersOf(inputs, id, cloud),
  }),
});

/** azure-native:dns:RecordSet */
export const recordSet = armActuator({
  id: (inputs, cloud) => `${ZONE.id(inputs, cloud)}/${inputs.recordType}/${inputs.relativeRecordSetName}`,
  name: {
    property: "relativeRecordSetName",
    pattern: /^(?=.{1,253}$)(@|(\*|[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*)$/i,
    rule: "@, or labels of letters, digits, '_' and '-' relative to the zone, without a dot behind (Overview of DNS zones and records)",
    auto: "suffix",
  },
  parent: ZONE,
  replaceOn: ["recordType"],
  check: (inputs, cloud) => recordRefusals(inputs, cloud, ZONE.id(inputs, cloud)),
  outputs: ({ relativeRecordSetName, zoneName }) => ({
    fqdn: relativeRecordSetName === "@" ? `${zoneName}.` : `${relativeRecordSetName}.${zoneName}.`,
    provisioningState: "Succeeded",
  }),
});

/** Zones of one name get different servers, for a domain can only be delegated to one of them ("Overview of DNS zones and records"). */
function nameServersOf({ zoneName }: Properties, id: string, { resources }: AzureCloud): string[] {
  const namesakes = resources
    .list(ZONES)
    .filter((each) => each.id.toLowerCase() !== id.toLowerCase())
    .filter((each) => String(each.properties.name).toLowerCase() === String(zoneName).toLowerCase())
    .map(({ properties }) => (properties.nameServers as string[])[0]);
  const serversOf = (set: number) =>
    TOP_LEVELS.map((top, at) => `ns${at + 1}-${String(set).padStart(2, "0")}.azure-dns.${top}.`);
  const free = Array.from({ length: namesakes.length + 1 }, (_, at) => serversOf(at + 1));
  return free.find(([first]) => !namesakes.includes(first)) as string[];
}
