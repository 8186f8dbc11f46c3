import { z } from "zod";
import type { ResourceManager } from "../../lambdas/shared/resource-manager.ts";
import { fail, ok, type Verdict, warn } from "./verdict.ts";

/** The API of Microsoft.Compute that lists what is used of each quota ("Usage - List"). */
const API_VERSION = "2024-07-01";

const usage = z.object({
  currentValue: z.number(),
  limit: z.number(),
  name: z.object({ value: z.string().default(""), localizedValue: z.string().default("") }),
});

/** How much of a quota is used. */
export type Usage = z.infer<typeof usage>;

/** The quotas of a subscription in a region. */
export async function usagesIn(
  manager: ResourceManager,
  subscription: string,
  location: string,
  signal: AbortSignal,
): Promise<Usage[]> {
  const path = `/subscriptions/${subscription}/providers/Microsoft.Compute/locations/${location}/usages`;
  return z.array(usage).parse((await manager.list(path, API_VERSION, signal)) ?? []);
}

/** The name of the quota of all processors of a region. */
const REGION = "cores";

/** The servers that stand by the plan, and the most there may ever be. */
interface Servers {
  standing: number;
  most: number;
}

/**
 * Whether as many servers may be had as the load may come to want, of whichever size a declaration comes to.
 *
 * @param sizes of a server, in the order in which they are tried @example ["Standard_D2s_v5", "Standard_D2as_v5"]
 */
export function judgeQuotas(
  sizes: readonly string[],
  servers: Servers,
  usages: readonly Usage[],
  location: string,
): Verdict {
  const verdicts = sizes.map((size) => judgeQuota(size, servers, usages, location));
  const found = verdicts.map((each) => each.found).join("; ");
  const mends = [...new Set(verdicts.flatMap(({ mend }) => mend ?? []))].join("; ");
  const has = (status: Verdict["status"]) => verdicts.filter((each) => each.status === status).length;
  if (has("ok") === sizes.length) return ok(found);
  // One that is short is passed over by a declaration, as long as there is another.
  return has("fail") === sizes.length ? fail(found, mends) : warn(found, mends);
}

function judgeQuota(size: string, { standing, most }: Servers, usages: readonly Usage[], location: string): Verdict {
  const { family, processors } = familyOf(size);
  const look = "look at the subscription's quotas of Microsoft.Compute by hand";
  const own = usages.find(({ name }) => plain(name.value) === family);
  const region = usages.find(({ name }) => name.value === REGION);
  if (!own || !region) return warn(`none is listed for ${size} in ${location}`, look);
  const needed = (most - standing) * processors;
  const short = [own, region].filter(({ limit, currentValue }) => limit - currentValue < needed);
  const free = ({ name, limit, currentValue }: Usage) => `${limit - currentValue} of ${limit} ${name.localizedValue}`;
  const wanted = `${most} servers of ${size} take ${needed} more processors`;
  if (short.length === 0) return ok(`${wanted}, free are ${free(own)}`);
  return fail(
    `${wanted}, free are ${short.map(free).join(" and ")}`,
    `ask Azure for more in ${location} ("Increase VM-family vCPU quotas"); it may take days`,
  );
}

/** The family of a size, as plain as {@link plain} makes the name of a quota, and how many processors one has. */
export function familyOf(size: string): { family: string; processors: number } {
  const [, series = "", processors = "0", features = "", version = ""] =
    /^Standard_([A-Z]+)(\d+)(?:-\d+)?([a-z]*)(?:_(v\d+))?$/.exec(size) ?? [];
  // A B2ms counts among the BS, as a B2s does ("B-series burstable virtual machine sizes").
  const letters = series === "B" && version === "" ? "bs" : `${series}${features}`;
  return { family: `${letters}${version}`.toLowerCase(), processors: Number(processors) };
}

/** @example "standardDSv5Family" and "StandardDsv5Family" are "dsv5" */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^standard/, "")
    .replace(/family$/, "");
}
