import { FAILED_DUMP_RULES, FAILED_SWEEP_RULE, MISSING_DUMP_RULE } from "../../components/replication/dump-alarms.ts";
import { DUMP_FUNCTION } from "../../components/replication/dump-function-plan.ts";
import type { Settings } from "../../stacks/settings.ts";
import { type Line, line, lineOf } from "./bill.ts";
import { dumpsKept } from "./dumps-kept.ts";
import { databaseHour } from "./sizes.ts";
import { chunksOf, dataOf, nightHours, USAGE } from "./usage.ts";

/** Days for which S3 holds a dump longer than it is kept: its files go a day after its manifest, their versions one more. */
const LINGERING_DAYS = 2;

/** Alarms of the dumps, and of the queue that carries them: `oldest-event`, `set-aside` and `lag`. */
const ALARMS = [...FAILED_DUMP_RULES, MISSING_DUMP_RULE, FAILED_SWEEP_RULE].length + 3;

/**
 * Each night a replica in one zone, frozen and dumped, and the dump's way over S3: whatever the strategy, for the dumps are
 * what can be gone back to.
 */
export function dumpLines(primary: Settings<"prod">, standby: Settings<"dr">): Line[] {
  const { databaseClass, databaseStorageGib } = primary;
  const { days } = USAGE;
  const data = dataOf(primary);
  const hours = nightHours(USAGE.replicaHours, data, USAGE.dumpedGibPerHour) * days;
  // The functions wait for the replica, which fetches what is read from the snapshot that it was made of.
  const dumping = nightHours(0, data, USAGE.dumpedGibPerHour) * days * 3600;
  const gbSeconds = dumping * USAGE.dumpsAtOnce * (DUMP_FUNCTION.memoryMib / 1024);
  const chunks = chunksOf(data) * days;
  const dump = data * USAGE.dumpShare;
  const kept = dumpsKept(standby, (keptDays) => keptDays + LINGERING_DAYS);
  return [
    lineOf(`dumps, replica ${databaseClass}`, hours, databaseHour(databaseClass)),
    line("dumps, replica's storage", (databaseStorageGib * hours) / USAGE.hours, "databaseStorageGb"),
    line("dumps, time of the functions", (gbSeconds + chunks * USAGE.objectGbSeconds) / 1e6, "functionGbSeconds"),
    line("dumps, steps", (chunks * USAGE.stepsOfPortion + USAGE.stepsOfNight * days) / 1000, "stateTransitions"),
    line("dumps, storage on AWS", dump * kept, "objectGb"),
    line("dumps, writes on AWS", (chunks * USAGE.writesOfPortion) / 1000, "objectWrites"),
    line("dumps, from AWS to Azure", dump * days, "egressGb"),
    // One look of the replicator for each wait of the queue, whether there is anything or not.
    line("dumps, queue", (5 * 60 * USAGE.hours) / 1e6, "queueRequests"),
    line("dumps, secret of the user that reads", 1, "secret"),
    line("dumps, alarms", ALARMS, "alarm"),
  ];
}
