import type { Price } from "./prices.ts";
import type { SourceName } from "./sources.ts";

/** What an hour of the smallest common size of a family costs; the others cost in proportion, as both clouds have it. */
type Family = Pick<Price, "usd" | "grade" | "source" | "note">;

/** EC2 families, by their `large`. */
const SERVERS: Record<string, Family> = {
  m7i: family(0.11235, "listed", "awsCompute"),
  m7g: family(0.091, "listed", "awsCompute"),
  c7g: family(0.0775, "listed", "awsCompute"),
  r7g: family(0.1199, "listed", "awsCompute"),
  t4g: family(0.0736, "listed", "awsCompute"),
};

/**
 * RDS families of MySQL in a single zone, by their `large`; Multi-AZ is twice that.
 *
 * db.m7g was listed in US East only (0.1685), where db.r6g costs 0.215 to eu-west-1's 0.237.
 */
const DATABASES: Record<string, Family> = {
  "db.m7g": family(0.18575, "derived", "awsDatabase", "US East's, dearer by as much as db.r6g is"),
  "db.r6g": family(0.237, "listed", "awsDatabase"),
};

/** How many `large` a size is. */
const LARGES: Record<string, number> = { medium: 0.5, large: 1, xlarge: 2 };

/** Azure's virtual machines, by their family; a price of two processors. */
const AZURE_SERVERS: Record<string, Family> = {
  Ds_v5: family(0.115, "listed", "azureCompute"),
  Ds_v6: family(0.121, "listed", "azureCompute"),
};

/** MySQL Flexible Server, a processor of the general purpose sizes; the list names one price for all of v4 and v5. */
const AZURE_DATABASES: Record<string, Family> = {
  Dads_v5: family(0.1015, "listed", "azureDatabase"),
  Dds_v4: family(0.1015, "listed", "azureDatabase"),
};

/** A size that the price table does not know. */
export class UnknownSize extends Error {
  constructor(key: string, size: string, families: Record<string, Family>) {
    super(
      `multicloud-dr:${key}: no price is known for ${size}; known are the families ${Object.keys(families).join(", ")}.\n` +
        "Add it to operations/costs/sizes.ts, with its source, or estimate with a size that is known.",
    );
  }
}

/** An hour of an EC2 instance. @param type for example `m7i.large` */
export function serverHour(type: string): Price {
  const [, name = "", size = ""] = /^(.+)\.(.+)$/.exec(type) ?? [];
  return hour("serverType", type, SERVERS, name, largesOf(size));
}

/** An hour of an RDS instance in one zone. @param instanceClass for example `db.m7g.xlarge` */
export function databaseHour(instanceClass: string): Price {
  const [, name = "", size = ""] = /^(db\..+)\.(.+)$/.exec(instanceClass) ?? [];
  return hour("databaseClass", instanceClass, DATABASES, name, largesOf(size));
}

/** An hour of an Azure virtual machine. @param size for example `Standard_D2s_v5` */
export function azureServerHour(size: string): Price {
  const { name, processors } = azureSize(size);
  return hour("standbyServerSize", size, AZURE_SERVERS, name, processors && processors / 2);
}

/** An hour of a MySQL Flexible Server. @param size for example `Standard_D4ads_v5` */
export function azureDatabaseHour(size: string): Price {
  const { name, processors } = azureSize(size);
  return hour("standbyDatabaseSize", size, AZURE_DATABASES, name, processors);
}

function hour(
  key: string,
  size: string,
  families: Record<string, Family>,
  name: string,
  times: number | undefined,
): Price {
  const found = families[name];
  if (!found || !times) throw new UnknownSize(key, size, families);
  return { ...found, usd: found.usd * times, unit: "hour" };
}

function largesOf(size: string): number | undefined {
  const [, times] = /^(\d+)xlarge$/.exec(size) ?? [];
  return times ? 2 * Number(times) : LARGES[size];
}

/** @example "Standard_D4ads_v5" is 4 processors of Dads_v5 */
function azureSize(size: string): { name: string; processors: number | undefined } {
  const [, series, processors, features, version] = /^Standard_([A-Z]+)(\d+)([a-z]*)_(v\d+)$/.exec(size) ?? [];
  return { name: `${series}${features}_${version}`, processors: processors ? Number(processors) : undefined };
}

function family(usd: number, grade: Price["grade"], source: SourceName, note?: string): Family {
  return { usd, grade, source, ...(note && { note }) };
}
