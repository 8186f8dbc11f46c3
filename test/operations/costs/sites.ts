import fc from "fast-check";
import type { Disaster } from "../../../components/standby/disaster.ts";
import { STRATEGIES, type StandbyPlan, standbyPlan } from "../../../components/standby/standby-plan.ts";
import type { Bill, Line } from "../../../operations/costs/bill.ts";
import { parseSettings, type Settings } from "../../../stacks/settings.ts";
import { CONFIG } from "../../support/config.ts";

/** The default workload's primary, with some settings of its own. */
export function primaryWith(own: Partial<Settings<"prod">> = {}): Settings<"prod"> {
  const [settings] = parseSettings(CONFIG.prod, "prod").workloads as Settings<"prod">[];
  return { ...(settings as Settings<"prod">), ...own };
}

/** The default workload's standby, with some settings of its own. */
export function standbyWith(own: Partial<Settings<"dr">> = {}): Settings<"dr"> {
  const [settings] = parseSettings(CONFIG.dr, "dr").workloads as Settings<"dr">[];
  return { ...(settings as Settings<"dr">), ...own };
}

/** What runs at a standby, as `stacks/dr.ts` decides it. */
export function planOf(settings: Settings<"dr">, disaster: Disaster = "none", drill = false): StandbyPlan {
  const { strategy, serversMin, serversMax, warmServers } = settings;
  return standbyPlan(strategy, disaster, drill, { servers: { min: serversMin, max: serversMax }, warmServers });
}

/** The line of a bill whose name begins so. @throws Error that lists what there is */
export function lineOf(bill: Bill, beginning: string): Line {
  const found = bill.filter(({ what }) => what.startsWith(beginning));
  if (found.length === 1 && found[0]) return found[0];
  throw new Error(
    `expected one line that begins with ${beginning}, found ${found.length}; there are ${namesOf(bill).join(", ")}`,
  );
}

export function namesOf(bill: Bill): string[] {
  return bill.map(({ what }) => what);
}

/** Both sites of any workload: what may be set, and what costs. @param mostStorageGib of the database */
export function anySites(mostStorageGib: number): fc.Arbitrary<{
  primary: Settings<"prod">;
  standby: Settings<"dr">;
}> {
  return fc
    .record({
      serversMin: fc.integer({ min: 1, max: 100 }),
      more: fc.nat({ max: 200 }),
      warm: fc.double({ min: 0, max: 1, noNaN: true }),
      databaseStorageGib: fc.integer({ min: 20, max: mostStorageGib }),
      databaseBackupDays: fc.integer({ min: 7, max: 35 }),
      logRetentionDays: fc.constantFrom(30, 60, 90, 180, 365),
      zones: fc.integer({ min: 2, max: 6 }),
      natGateways: fc.constantFrom("zone", "one"),
      // The reduced size is the smaller one: who sets them the other way round gets what was asked for.
      sizes: fc.constantFrom([2, 2], [2, 4], [2, 8], [4, 16]),
      copyRetentionDays: fc.integer({ min: 1, max: 365 }),
      immutabilityDays: fc.integer({ min: 1, max: 400 }),
      copyTier: fc.constantFrom("Cool", "Cold", "Hot"),
      strategy: fc.constantFrom(...STRATEGIES),
    })
    .map(({ more, warm, sizes: [reduced, full], zones, natGateways, ...own }) => {
      const { serversMin, databaseStorageGib, databaseBackupDays, logRetentionDays } = own;
      const both = {
        serversMin,
        serversMax: serversMin + more,
        databaseStorageGib,
        databaseBackupDays,
        logRetentionDays,
      };
      const { copyRetentionDays, immutabilityDays, copyTier, strategy } = own;
      return {
        primary: primaryWith({ ...both, zones, natGateways } as Partial<Settings<"prod">>),
        standby: standbyWith({
          ...both,
          ...({ copyRetentionDays, immutabilityDays, copyTier, strategy } as Partial<Settings<"dr">>),
          warmServers: 1 + Math.floor(warm * (serversMin - 1)),
          standbyDatabaseSize: `Standard_D${full}ads_v5`,
          standbyDatabaseReducedSize: `Standard_D${reduced}ads_v5`,
        }),
      };
    });
}
