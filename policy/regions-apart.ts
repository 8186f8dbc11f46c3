import { type Fates, fateOf } from "./kit/fates.ts";
import { type Finding, unknown, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { hasRoom, ofType, type Resource, textAt } from "./kit/resource.ts";
import { FILES, type Files, settingsIn } from "./kit/settings.ts";

/** What of it can be set. */
interface Config extends Files {
  /** Further fates, or others than the pack's own. @example { "Baltic Sea": ["eu-north-1", "polandcentral"] } */
  fates: Fates;
}

/** Where a region is told by a site's own resources, and by what; what is on the edge has another one. */
const PRIMARY: [type: string, property: string] = ["aws:ec2/vpc:Vpc", "region"];
const STANDBY: [type: string, property: string] = ["azure-native:resources:ResourceGroup", "location"];

/**
 * The two sites are not lost together: not in the same city, on the same grid or at the end of the same cables, though in
 * two clouds. One stack sees one region, and takes the other one from the other stack's file. Which regions share a fate
 * is in policy/kit/fates.ts, and can be set.
 *
 * Severity: high. Reference: AWS Well-Architected, REL10-BP01, Deploy the workload to multiple locations.
 */
export const regionsApart = policy<Config>(
  {
    name: "regions-apart",
    description: "The two sites are not in one place.",
    enforcementLevel: "mandatory",
    severity: "high",
    mend: "Set azure-native:location of dr and link to a region elsewhere; where the table is wrong of a place, set `fates`.",
    config: { schema: { ...FILES, fates: { type: "object" } }, defaults: { folder: ".", fates: {} } },
  },
  {
    stack: (resources, config) =>
      ["primary", "standby", "replication"].some((room) => hasRoom(resources, room)) ? apart(resources, config) : [],
  },
);

function apart(all: readonly Resource[], config: Config): Finding[] {
  const workloads = new Set(all.flatMap((each) => textAt(each, "tags", "Workload") ?? []));
  return [...workloads].flatMap((workload) => {
    const [place] = all.filter((each) => textAt(each, "tags", "Workload") === workload);
    return place ? compared(place, regionsOf(workload, all, config), config) : [];
  });
}

interface Regions {
  primary: string | undefined;
  standby: string | undefined;
}

function regionsOf(workload: string, all: readonly Resource[], files: Files): Regions {
  return {
    primary: told(workload, all, PRIMARY) ?? settingsIn("prod", workload, files)?.["aws:region"],
    standby: told(workload, all, STANDBY) ?? settingsIn("dr", workload, files)?.["azure-native:location"],
  };
}

function told(workload: string, all: readonly Resource[], [type, property]: [string, string]): string | undefined {
  const own = ofType(all, type).filter((each) => textAt(each, "tags", "Workload") === workload);
  return own.map((each) => textAt(each, property)).find((region) => region !== undefined && region !== "");
}

function compared(place: Resource, { primary, standby }: Regions, { fates }: Config): Finding[] {
  if (primary === undefined) return [unknown(place, "the primary's region, for Pulumi.prod.yaml does not say")];
  if (standby === undefined) return [unknown(place, "the standby's region, for Pulumi.dr.yaml does not say")];
  const [here, there] = [fateOf(primary, fates), fateOf(standby, fates)];
  const placeless = here === undefined ? primary : standby;
  if (here === undefined || there === undefined) {
    return [unknown(place, `what ${placeless} shares its fate with; set fates`)];
  }
  if (here !== there) return [];
  return [
    wrong(
      place,
      `is in ${primary}, and the standby in ${standby}: both in ${here}; write another azure-native:location`,
    ),
  ];
}
