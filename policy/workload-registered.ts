import { STRATEGIES, type Strategy } from "../components/standby/standby-plan.ts";
import { type Finding, unknown, wrong } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";
import { type Registry, readRegistry } from "./kit/registry.ts";
import { at, ofType, type Resource, textAt, UNKNOWN } from "./kit/resource.ts";
import { FILES, type Files, settingsIn } from "./kit/settings.ts";
import { isWithinTier, promise, TIERS } from "./kit/tiers.ts";

/** Where the standby's resource group says how much of it stands. */
export const STRATEGY = "Strategy";

/** What of it can be set. */
interface Config extends Files {
  /** The list of workloads. @default "workloads.yaml" */
  registry: string;
}

const GROUP = "azure-native:resources:ResourceGroup";

/**
 * Each workload is in the list of workloads, with what it may lose, and its standby keeps to that: a strategy that loses
 * a day is none for a workload that may lose an hour. Whether the database follows by the night or live is decided in
 * link, so it is taken from Pulumi.link.yaml. What a failover takes here, a drill measures.
 *
 * Severity: high. Reference: AWS Well-Architected, REL13-BP01, Define recovery objectives for downtime and data loss.
 */
export const workloadRegistered = policy<Config>(
  {
    name: "workload-registered",
    description: "Each workload is in the list, and its standby keeps to its tier.",
    enforcementLevel: "mandatory",
    severity: "high",
    mend: "Write the workload and its tier into workloads.yaml, and a strategy into Pulumi.dr.yaml that suits it.",
    config: {
      schema: { ...FILES, registry: { type: "string", default: "workloads.yaml" } },
      defaults: { folder: ".", registry: "workloads.yaml" },
    },
  },
  {
    stack: (resources, config) => {
      const [first] = resources.filter((each) => textAt(each, "tags", "Workload") !== undefined);
      if (!first) return [];
      const read = readRegistry(config.registry);
      if ("wrong" in read) return [wrong(first, `is of a workload, and ${read.wrong}`)];
      return [
        ...listed(resources, read.workloads),
        ...ofType(resources, GROUP).flatMap((each) => kept(each, read.workloads, config)),
      ];
    },
  },
);

/** One finding for each workload that is in no list. */
function listed(all: readonly Resource[], workloads: Registry): Finding[] {
  const first = new Map<string, Resource>();
  for (const resource of all) {
    const workload = textAt(resource, "tags", "Workload");
    if (workload !== undefined && !first.has(workload)) first.set(workload, resource);
  }
  return [...first]
    .filter(([workload]) => !(workload in workloads))
    .map(([workload, resource]) =>
      wrong(
        resource,
        `is of workload ${workload}, which is in no list; write ${workload}: { tier: 2, standby: azure }`,
      ),
    );
}

function kept(group: Resource, workloads: Registry, files: Files): Finding[] {
  const workload = textAt(group, "tags", "Workload") ?? "";
  const number = workloads[workload]?.tier;
  const tier = number === undefined ? undefined : TIERS[number];
  const strategy = at(group, "tags", STRATEGY);
  if (strategy === UNKNOWN) return [unknown(group, `tag ${STRATEGY}`)];
  if (!tier || !isStrategy(strategy)) return [];
  const following = settingsIn("link", workload, files)?.databaseReplication;
  const promised = promise(strategy, following === "live");
  const found = [
    ...(isWithinTier(promised, tier) ? [] : [wrong(group, unkept(number, strategy, following))]),
    ...(following === undefined ? [unknown(group, "how the database follows, for Pulumi.link.yaml does not say")] : []),
  ];
  // What live replication alone could keep is not wrong as long as nobody knows whether it is live.
  const perhaps = following === undefined && isWithinTier(promise(strategy, true), tier);
  return perhaps ? found.filter(({ kind }) => kind === "unknown") : found;
}

function unkept(tier: number | undefined, strategy: Strategy, following: string | undefined): string {
  const { lossHours, goneHours } = TIERS[tier ?? 0] ?? { lossHours: 0, goneHours: 0 };
  const suiting = STRATEGIES.filter((each) => isWithinTier(promise(each, true), { lossHours, goneHours }));
  return (
    `is ${strategy} with a database that follows ${following ?? "as nobody says"}, and its workload of tier ${tier} may ` +
    `lose ${lossHours} h and be gone ${goneHours} h; write strategy: ${suiting.join(" or ")}` +
    `${lossHours < 24 ? ", and databaseReplication: live in link" : ""}`
  );
}

function isStrategy(value: unknown): value is Strategy {
  return STRATEGIES.includes(value as Strategy);
}
