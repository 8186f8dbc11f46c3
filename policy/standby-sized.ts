import { type Finding, unknown, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { at, hasRoom, isWithin, listAt, numberAt, ofType, type Resource, textAt, UNKNOWN } from "./kit/resource.ts";
import { FILES, type Files, settingsIn } from "./kit/settings.ts";
import { awsSize, azureSize, type Size, showSize, suffices } from "./kit/sizes.ts";

const SCALING = "azure-native:monitor:AutoscaleSetting";
const SERVERS = "azure-native:compute:VirtualMachineScaleSet";
const DATABASE = "azure-native:dbformysql:Server";

/** What the primary is set to, and what the standby is set to become. */
interface Load {
  servers: number;
  serverType: string;
  databaseClass: string;
  databaseStorageGib: number;
  /** Sizes of the standby's database: while it only follows, and when it serves. */
  reducedSize: string;
  fullSize: string;
}

/**
 * The standby can become as large as the primary: as many servers, of a size like the primary's, and a database like its.
 * What the primary is, one stack cannot see: it is taken from Pulumi.prod.yaml. What the primary has grown to since, and
 * whether Azure grants the quota and has the machines, no policy can know; `npm run dr -- preflight` asks Azure.
 *
 * Severity: high. Reference: AWS Well-Architected, REL13-BP02, Use defined recovery strategies to meet the recovery
 * objectives.
 */
export const standbySized = policy<Files>(
  {
    name: "standby-sized",
    description: "The standby can become as large as the primary.",
    enforcementLevel: "mandatory",
    severity: "high",
    mend: "Set serversMax, standbyServerSize, standbyDatabaseSize and databaseStorageGib of dr to what prod has.",
    config: { schema: FILES, defaults: { folder: "." } },
  },
  {
    stack: (resources, files) =>
      hasRoom(resources, "standby")
        ? ofType(resources, SERVERS).flatMap((each) => ofWorkload(each, resources, files))
        : [],
  },
);

function ofWorkload(servers: Resource, all: readonly Resource[], files: Files): Finding[] {
  const workload = textAt(servers, "tags", "Workload") ?? "";
  const load = loadOf(workload, files);
  if (!load) return [unknown(servers, `what the primary of ${workload} is, for Pulumi.prod.yaml does not say`)];
  const own = (type: string) => ofType(all, type).filter((each) => textAt(each, "tags", "Workload") === workload);
  return [
    ...serverSize(servers, load),
    ...own(SCALING).flatMap((each) => scaling(each, load)),
    ...own(DATABASE).flatMap((each) => (isWithin(each, "standby:Database") ? database(each, load) : [])),
  ];
}

function loadOf(workload: string, files: Files): Load | undefined {
  const [primary, standby] = [settingsIn("prod", workload, files), settingsIn("dr", workload, files)];
  if (!primary) return undefined;
  return {
    servers: primary.serversMax,
    serverType: primary.serverType,
    databaseClass: primary.databaseClass,
    databaseStorageGib: primary.databaseStorageGib,
    reducedSize: standby?.standbyDatabaseReducedSize ?? "",
    fullSize: standby?.standbyDatabaseSize ?? "",
  };
}

function scaling(setting: Resource, { servers }: Load): Finding[] {
  const most = listAt(setting, "profiles").map((_, index) => at(setting, "profiles", index, "capacity", "maximum"));
  if (at(setting, "profiles") === UNKNOWN || most.includes(UNKNOWN)) return [unknown(setting, "capacity.maximum")];
  const largest = Math.max(0, ...most.map(Number));
  if (largest >= servers) return [];
  return [
    wrong(setting, `goes to ${largest} servers, and the primary to ${servers}; write serversMax: ${servers} in dr`),
  ];
}

function serverSize(servers: Resource, { serverType }: Load): Finding[] {
  if (at(servers, "sku", "name") === UNKNOWN) return [unknown(servers, "sku.name")];
  const name = textAt(servers, "sku", "name") ?? "";
  return compared(servers, { name, size: azureSize(name) }, serverType, "standbyServerSize");
}

function database(server: Resource, load: Load): Finding[] {
  const found = textAt(server, "sku", "name");
  if (found === undefined) return [unknown(server, "sku.name")];
  // While it only follows, it may be smaller: what it becomes when it serves is what counts.
  const name = found === load.reducedSize ? load.fullSize : found;
  return [
    ...compared(server, { name, size: azureSize(name) }, load.databaseClass, "standbyDatabaseSize"),
    ...storage(server, load),
  ];
}

function compared(
  resource: Resource,
  own: { name: string; size: Size | undefined },
  type: string,
  setting: string,
): Finding[] {
  const needed = awsSize(type);
  if (!own.size || !needed) return [unknown(resource, `whether ${own.name} carries what ${type} does`)];
  if (suffices(own.size, needed)) return [];
  const [has, wants] = [showSize(own.size), showSize(needed)];
  return [
    wrong(
      resource,
      `becomes ${own.name} with ${has}, and the primary's ${type} has ${wants}; write a larger ${setting}`,
    ),
  ];
}

function storage(server: Resource, { databaseStorageGib: needed }: Load): Finding[] {
  if (at(server, "storage", "storageSizeGB") === UNKNOWN) return [unknown(server, "storage.storageSizeGB")];
  const found = numberAt(server, "storage", "storageSizeGB") ?? 0;
  if (found >= needed) return [];
  return [wrong(server, `has ${found} GiB, and the primary ${needed}; write databaseStorageGib: ${needed} in dr`)];
}
