import { cidr, overlap, parseCidr } from "../components/cidr.ts";
import { NIGHT, quietFrom } from "../components/primary/night.ts";
import { REPLICATED } from "../components/standby/image-reference.ts";
import { standbyPlan } from "../components/standby/standby-plan.ts";
import { CREATION_MINUTES, modesFor } from "../components/vpn/vpn-plan.ts";
import type { Key, Value } from "./fields.ts";
import { MYSQL_WITHOUT_SECOND_ZONE } from "./regions.ts";

/** Values of a workload that are good each by itself; one that is not, or that the stack does not read, is missing. */
export type Values = { [K in Key]?: Value<K> };

/** What is wrong between two good values: the key to mend, what it would have to be, and a value that is. */
export interface Conflict {
  key: Key;
  expected: string;
  /** Without one, the mend is to remove the key. */
  example?: string;
}

/** Everything that does not fit together. */
export function conflictsIn(values: Values): Conflict[] {
  return [
    ...overlappingRanges(values),
    ...serverConflicts(values),
    ...storageConflicts(values),
    ...namesOutside(values),
    ...lockConflicts(values),
    ...drillConflicts(values),
    ...handBackConflicts(values),
    ...zoneConflicts(values),
    ...nightConflicts(values),
    ...markerConflicts(values),
    ...vpnConflicts(values),
    ...imageConflicts(values),
  ];
}

function imageConflicts({ standbyImage, imageReplication }: Values): Conflict[] {
  if (standbyImage !== REPLICATED || imageReplication !== "off") return [];
  const expected = `on, since multicloud-dr:standbyImage is ${REPLICATED}, and otherwise nothing is (in dr and link alike)`;
  return [{ key: "imageReplication", expected, example: "on" }];
}

function overlappingRanges({ primaryCidr, standbyCidr }: Values): Conflict[] {
  const primary = parseCidr(primaryCidr ?? "");
  const standby = parseCidr(standbyCidr ?? "");
  if (!primary || !standby || !overlap(primary, standby)) return [];
  const expected = `a range that shares no address with multicloud-dr:primaryCidr (${primaryCidr}): a VPN joins both (change both in Pulumi.yaml, for all stacks alike)`;
  // No range that a site may have overlaps both.
  const example = ["10.32.0.0/16", "10.16.0.0/16"].find((range) => !overlap(primary, cidr(range)));
  return [{ key: "standbyCidr", expected, example }];
}

function serverConflicts({ serversMin, serversMax, warmServers }: Values): Conflict[] {
  if (serversMin === undefined) return [];
  const conflicts: Conflict[] = [];
  if (serversMax !== undefined && serversMax < serversMin) {
    const expected = `at least multicloud-dr:serversMin (${serversMin})`;
    conflicts.push({ key: "serversMax", expected, example: String(serversMin) });
  }
  if (warmServers !== undefined && warmServers > serversMin) {
    const expected = `at most multicloud-dr:serversMin (${serversMin}): a warm standby is smaller than the load needs`;
    conflicts.push({ key: "warmServers", expected, example: String(serversMin) });
  }
  return conflicts;
}

function storageConflicts({ databaseStorageGib, databaseMaxStorageGib }: Values): Conflict[] {
  if (databaseStorageGib === undefined || databaseMaxStorageGib === undefined) return [];
  // RDS asks for a tenth of room at least ("Managing capacity automatically with storage autoscaling").
  const least = Math.ceil((databaseStorageGib * 11) / 10);
  if (databaseMaxStorageGib >= least) return [];
  const expected = `at least a tenth more than multicloud-dr:databaseStorageGib (${databaseStorageGib}), so ${least}`;
  return [{ key: "databaseMaxStorageGib", expected, example: String(least) }];
}

function namesOutside({ domain, appName, contentName }: Values): Conflict[] {
  if (domain === undefined) return [];
  const outside = (key: "appName" | "contentName", name: string | undefined, label: string): Conflict[] => {
    if (name === undefined || name.endsWith(`.${domain}`)) return [];
    const expected = `a name inside the zone multicloud-dr:domain (${domain}), and not the zone itself: its apex takes no CNAME`;
    return [{ key, expected, example: `${label}.${domain}` }];
  };
  const same = appName !== undefined && appName === contentName;
  return [
    ...outside("appName", appName, "app"),
    ...outside("contentName", contentName, "content"),
    ...(same
      ? [
          {
            key: "contentName",
            expected: "another name than multicloud-dr:appName",
            example: `content.${domain}`,
          } as const,
        ]
      : []),
  ];
}

function lockConflicts({ objectLockMode, objectLockDays }: Values): Conflict[] {
  if (objectLockMode === undefined || objectLockDays === undefined) return [];
  if (objectLockMode !== "none" && objectLockDays === 0) {
    const expected = `at least 1 with multicloud-dr:objectLockMode ${objectLockMode}: a lock of no days locks nothing`;
    return [{ key: "objectLockDays", expected, example: "30" }];
  }
  return [];
}

function drillConflicts({ drill, declareDisaster }: Values): Conflict[] {
  if (!drill || declareDisaster === undefined || declareDisaster === "none") return [];
  const expected = `false while multicloud-dr:declareDisaster is ${declareDisaster}: a drill moves no users`;
  return [{ key: "drill", expected, example: "false" }];
}

function handBackConflicts({ handBack, declareDisaster }: Values): Conflict[] {
  if (handBack === undefined || handBack === "no" || declareDisaster !== "none") return [];
  const expected = "no while multicloud-dr:declareDisaster is none: there is nothing to hand back";
  return [{ key: "handBack", expected, example: "no" }];
}

function zoneConflicts({ strategy, "azure-native:location": location }: Values): Conflict[] {
  if (strategy === undefined || !MYSQL_WITHOUT_SECOND_ZONE.includes(location ?? "")) return [];
  if (!standbyPlan(strategy, "site", false).database.highAvailability) return [];
  const expected = `a region in which MySQL Flexible Server has a second zone, which multicloud-dr:strategy ${strategy} needs`;
  return [{ key: "azure-native:location", expected, example: "germanywestcentral" }];
}

function nightConflicts({ dumpTime }: Values): Conflict[] {
  if (dumpTime === undefined || quietFrom(dumpTime)) return [];
  const { databaseBackup, databaseMaintenance, vaultBackup } = NIGHT;
  const expected =
    `a time that leaves 45 minutes to make a replica before the database's backup (${databaseBackup}), the vault's ` +
    `(from ${vaultBackup.hour}:00, for an hour) and the maintenance (${databaseMaintenance}), and not within these`;
  return [{ key: "dumpTime", expected, example: "02:15" }];
}

function markerConflicts({ failoverMode, otherMarkers = [] }: Values): Conflict[] {
  const conflicts: Conflict[] = [];
  if (failoverMode === "automatic" && otherMarkers.length > 0) {
    // "Values that you specify when you create or update health checks", health checks to monitor.
    const expected =
      "manual with multicloud-dr:otherMarkers: Route 53 cannot ask for two of three markers and the app's health " +
      "at once, for no calculated health check counts another one";
    conflicts.push({ key: "failoverMode", expected, example: "manual" });
  }
  const hosts = otherMarkers.map((address) => new URL(address).hostname);
  if (new Set(hosts).size < hosts.length) {
    const expected = "addresses on two hosts, of different owners: whoever has both would be two of three";
    conflicts.push({
      key: "otherMarkers",
      expected,
      example: "https://marker.example.net/ https://marker.example.org/",
    });
  }
  return conflicts;
}

function vpnConflicts({ vpn, strategy, databaseReplication, primaryAsn, standbyAsn }: Values): Conflict[] {
  const conflicts: Conflict[] = [];
  if (vpn !== undefined && strategy !== undefined && !modesFor(strategy).includes(vpn)) {
    const modes = modesFor(strategy);
    const why = modes.includes("standing")
      ? `the gateways of on-demand take ${CREATION_MINUTES} minutes to come, and such a standby is to serve in a few`
      : "nothing runs there that could use it all day";
    const expected = `${modes.join(" or ")} with multicloud-dr:strategy ${strategy}: ${why}`;
    conflicts.push({ key: "vpn", expected, example: modes[0] });
  }
  if (databaseReplication === "live" && vpn !== undefined && vpn !== "standing") {
    const expected =
      "standing with multicloud-dr:databaseReplication live: the standby's database follows over it, all the time " +
      "(set it in dr too)";
    conflicts.push({ key: "vpn", expected, example: "standing" });
  }
  if (primaryAsn !== undefined && primaryAsn === standbyAsn) {
    const expected = `another number than multicloud-dr:primaryAsn (${primaryAsn}): an end drops routes that bear its own`;
    conflicts.push({ key: "standbyAsn", expected, example: primaryAsn === 65_000 ? "64512" : "65000" });
  }
  return conflicts;
}

/** What is wrong between workloads of one stack, by the place of the later one in the list. */
export function clashesBetween(workloads: Values[]): { index: number; conflict: Conflict }[] {
  return workloads.flatMap((values, index) =>
    workloads.slice(0, index).flatMap((earlier) => clashes(values, earlier).map((conflict) => ({ index, conflict }))),
  );
}

function clashes(values: Values, earlier: Values): Conflict[] {
  const conflicts: Conflict[] = [];
  for (const key of ["appName", "contentName"] as const) {
    const name = values[key];
    if (name === undefined || (name !== earlier.appName && name !== earlier.contentName)) continue;
    const expected = `a name that no other workload has; ${earlier.workload} is ${name} already`;
    conflicts.push({ key, expected, example: `${values.workload}-${name}` });
  }
  const taken = earlier.otherMarkers?.map(placeOf);
  const shared = values.otherMarkers?.find((address) => taken?.includes(placeOf(address)));
  if (shared !== undefined) {
    const expected = `addresses that no other workload has; ${earlier.workload} has ${shared}, and would be declared too`;
    // None: to take the key away leaves what stands at the top, which all workloads share.
    conflicts.push({ key: "otherMarkers", expected, example: "" });
  }
  const bothMake = values.zoneId === "create" && earlier.zoneId === "create";
  if (bothMake && values.domain !== undefined && values.domain === earlier.domain) {
    const expected = `the id of the zone of ${values.domain}, which ${earlier.workload} would make too: give one that stands to all`;
    conflicts.push({ key: "zoneId", expected, example: "Z0123456789ABCDEFGHIJ" });
  }
  return conflicts;
}

/** A website's address as it is however it is written: without the port that goes without saying, or a slash at its end. */
function placeOf(address: string): string {
  return new URL(address).href.replace(/\/$/, "");
}
