import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { FLEXIBLE_SERVERS } from "../flexible-servers.ts";

/** What the local Azure would have to pass over in silence. */
const LEFT_OUT = ["dataEncryption", "importSourceProperties", "restorePointInTime", "sourceServerResourceId"];

/** Logins that nobody may have (Create an Azure Database for MySQL - Flexible Server). */
const RESERVED = ["azure_superuser", "admin", "administrator", "root", "guest", "sa", "public"];

/** The letters of each tier's sizes (Service tiers). */
const TIERS: Record<string, RegExp> = {
  Burstable: /^Standard_B\d+(ms|s)$/,
  GeneralPurpose: /^Standard_D\d+a?d?s_v\d$/,
  MemoryOptimized: /^Standard_E\d+a?i?d?s_v\d$/,
};

interface Network {
  delegatedSubnetResourceId?: string;
  privateDnsZoneResourceId?: string;
}

interface SubnetOutput {
  id?: string;
  delegations?: { serviceName?: string }[];
}

/** What Azure would refuse about a flexible server, besides name, tags and region. */
export function serverRefusals(inputs: Properties, cloud: AzureCloud, former: Properties | undefined): Refusal[] {
  return [
    ...leftOutRefusals(inputs),
    ...takenRefusals(inputs, cloud, former),
    ...administratorRefusals(inputs),
    ...sizeRefusals(inputs),
    ...storageRefusals(inputs, former),
    ...availabilityRefusals(inputs),
    ...networkRefusals(inputs, cloud),
  ];
}

function leftOutRefusals(inputs: Properties): Refusal[] {
  const refusals = LEFT_OUT.filter((property) => inputs[property] !== undefined).map((property) => ({
    property,
    reason: "the local Azure does not carry this input out: make a new server without it",
  }));
  const { createMode, version } = inputs;
  if (createMode !== undefined && createMode !== "Default") {
    const reason = `"${createMode}": the local Azure makes new servers only, expected Default`;
    refusals.push({ property: "createMode", reason });
  }
  if (version !== undefined && version !== "8.4") {
    refusals.push({ property: "version", reason: `the local Azure runs 8.4 only, found "${version}"` });
  }
  return refusals;
}

function takenRefusals(
  { serverName }: Properties,
  { resources }: AzureCloud,
  former: Properties | undefined,
): Refusal[] {
  if (serverName === undefined || serverName === former?.serverName) return [];
  const taken = resources.list(FLEXIBLE_SERVERS).some(({ id }) => id.endsWith(`/${serverName}`));
  if (!taken) return [];
  const reason = `"${serverName}" is taken; server names are unique in the whole of Azure (ServerNameAlreadyExists)`;
  return [{ property: "serverName", reason }];
}

function administratorRefusals(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const { administratorLogin: login, administratorLoginPassword: password } = inputs;
  if (typeof login === "string" && (!/^[A-Za-z][\w-]{0,31}$/.test(login) || RESERVED.includes(login.toLowerCase()))) {
    const reason = `"${login}": 1 to 32 letters, digits, '_' and '-', beginning with a letter, and none of ${RESERVED.join(", ")} (Quickstart: Create a flexible server)`;
    refusals.push({ property: "administratorLogin", reason });
  }
  if (typeof password === "string") {
    const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
    const tellsLogin = typeof login === "string" && password.toLowerCase().includes(login.toLowerCase());
    if (password.length < 8 || password.length > 128 || kinds < 3 || tellsLogin) {
      const reason =
        "it is not 8 to 128 characters of three kinds (capital, small, digit, other) without the login in it (Quickstart: Create a flexible server)";
      refusals.push({ property: "administratorLoginPassword", reason });
    }
  }
  return refusals;
}

function sizeRefusals({ sku }: Properties): Refusal[] {
  const { name, tier } = (sku ?? {}) as { name?: string; tier?: string };
  if (name === undefined || tier === undefined) return [];
  const names = TIERS[tier];
  if (!names) {
    const reason = `"${tier}" is none of ${Object.keys(TIERS).join(", ")} (Service tiers)`;
    return [{ property: "sku.tier", reason }];
  }
  if (names.test(name)) return [];
  return [{ property: "sku.name", reason: `"${name}" is no size of the tier ${tier} (Service tiers)` }];
}

function storageRefusals(inputs: Properties, former: Properties | undefined): Refusal[] {
  const refusals: Refusal[] = [];
  const sizeOf = (properties: Properties | undefined) =>
    (properties?.storage as { storageSizeGB?: number } | undefined)?.storageSizeGB;
  const size = sizeOf(inputs);
  const property = "storage.storageSizeGB";
  if (size !== undefined && !(Number.isInteger(size) && size >= 20 && size <= 16_384)) {
    refusals.push({ property, reason: `${size} GiB is out of range: 20 to 16384 (Service tiers, Storage)` });
  } else if (size !== undefined && size < (sizeOf(former) ?? 0)) {
    const reason = `${size} GiB is less than it has, ${sizeOf(former)}: storage only grows (Service tiers, Storage)`;
    refusals.push({ property, reason });
  }
  const days = (inputs.backup as { backupRetentionDays?: number } | undefined)?.backupRetentionDays;
  if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= 35)) {
    const reason = `${days} is out of range: 1 to 35 days (Backup and restore)`;
    refusals.push({ property: "backup.backupRetentionDays", reason });
  }
  return refusals;
}

function availabilityRefusals(inputs: Properties): Refusal[] {
  const { mode, standbyAvailabilityZone } = (inputs.highAvailability ?? {}) as Record<string, string | undefined>;
  if (mode === undefined || mode === "Disabled") return [];
  const property = "highAvailability.mode";
  const refusals: Refusal[] = [];
  const { tier } = (inputs.sku ?? {}) as { tier?: string };
  if (!["ZoneRedundant", "SameZone"].includes(mode)) {
    refusals.push({ property, reason: `"${mode}" is none of Disabled, SameZone, ZoneRedundant (High availability)` });
  }
  if (tier === "Burstable") {
    refusals.push({ property, reason: `${mode}: burstable servers have no standby (High availability, Limitations)` });
  }
  const { autoGrow } = (inputs.storage ?? {}) as { autoGrow?: string };
  if (autoGrow === "Disabled") {
    const reason = "a server with a standby grows by itself; it can't be Disabled (Service tiers, Storage autogrow)";
    refusals.push({ property: "storage.autoGrow", reason });
  }
  const zone = inputs.availabilityZone;
  if (mode === "ZoneRedundant" && zone !== undefined && zone === standbyAvailabilityZone) {
    const reason = `the standby is in the server's own zone, ${zone}; take another, or SameZone (High availability)`;
    refusals.push({ property: "highAvailability.standbyAvailabilityZone", reason });
  }
  return refusals;
}

function networkRefusals(inputs: Properties, { resources }: AzureCloud): Refusal[] {
  const { delegatedSubnetResourceId: subnetId, privateDnsZoneResourceId: zoneId } = (inputs.network ?? {}) as Network;
  if (subnetId === undefined) return [];
  const refusals: Refusal[] = [];
  const subnets = resources
    .list("Microsoft.Network/virtualNetworks")
    .flatMap(({ properties }) => (properties.subnets ?? []) as SubnetOutput[]);
  const subnet = subnets.find(({ id }) => id?.toLowerCase() === subnetId.toLowerCase());
  const property = "network.delegatedSubnetResourceId";
  if (!subnet) refusals.push({ property, reason: `${subnetId} was not found (SubnetNotFound)` });
  else if (!subnet.delegations?.some(({ serviceName }) => serviceName === FLEXIBLE_SERVERS)) {
    const reason = `${subnetId} is not delegated to ${FLEXIBLE_SERVERS} (Private network access)`;
    refusals.push({ property, reason });
  }
  const zone = "network.privateDnsZoneResourceId";
  if (zoneId === undefined) {
    refusals.push({
      property: zone,
      reason: "none is given: a server in a network needs one (Private network access)",
    });
  } else if (!/\.mysql\.database\.azure\.com$/i.test(zoneId)) {
    const reason = `${zoneId}: its name must end with .mysql.database.azure.com (Private network access)`;
    refusals.push({ property: zone, reason });
  }
  return refusals;
}
