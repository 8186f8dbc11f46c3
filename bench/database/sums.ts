import { DUMP_FUNCTION } from "../../components/replication/dump-function-plan.ts";
import { PORTION_BYTES } from "../../lambdas/database/dump.ts";
import { PRICES } from "../../operations/costs/prices.ts";
import { azureDatabaseHour, databaseHour } from "../../operations/costs/sizes.ts";
import { USAGE } from "../../operations/costs/usage.ts";

const TERABYTE = 1e12;

/** What the stacks have where nobody says otherwise. */
const DEFAULTS = {
  functions: 8,
  replica: "db.m7g.xlarge",
  standby: "Standard_D4ads_v5",
};

/** The memory at which a function has one processor, in MiB ("Configure Lambda function memory"). */
const ONE_PROCESSOR_MIB = 1769;

/** Steps of a chunk: its own execution begins, and has one task. */
const STEPS = 2;

/** What is measured here and reckoned on from. */
export interface Rates {
  /** Seconds of a processor that the functions take for a GB. */
  dumpCpuSecondsPerGb: number;
  /** Size of the dump as a share of the bytes as the source keeps them. */
  dumpShare: number;
  /** Millions of bytes that are loaded in a second. */
  loadMegabytesPerSecond: number;
}

/** One line of the reckoning. */
export interface Sum {
  what: string;
  value: number;
  unit: "portions" | "GB" | "hours" | "$";
}

/**
 * What a night is for a terabyte, at the rates that were measured, where nothing else is slower: neither the disk of
 * the replica, nor that of the standby's server. Dollars are those of one night.
 */
export function terabyteSums({ dumpCpuSecondsPerGb, dumpShare, loadMegabytesPerSecond }: Rates): Sum[] {
  const gb = TERABYTE / 1e9;
  const portions = Math.ceil(TERABYTE / PORTION_BYTES);
  const dumpGb = gb * dumpShare;
  const processor = DUMP_FUNCTION.memoryMib / ONE_PROCESSOR_MIB;
  const functionSeconds = (gb * dumpCpuSecondsPerGb) / processor;
  const gbSeconds = (functionSeconds * DUMP_FUNCTION.memoryMib) / 1024;
  const dumpHours = functionSeconds / DEFAULTS.functions / 3600;
  const replicaHours = USAGE.replicaHours + dumpHours;
  const loadHours = TERABYTE / 1e6 / loadMegabytesPerSecond / 3600;
  const serverHours = USAGE.startHours + loadHours;
  const pages = TERABYTE / 16_384;
  return [
    { what: "portions", value: portions, unit: "portions" },
    { what: "dump, compressed", value: dumpGb, unit: "GB" },
    { what: "functions, all their time", value: functionSeconds / 3600, unit: "hours" },
    { what: `dump, ${DEFAULTS.functions} functions at once`, value: dumpHours, unit: "hours" },
    { what: "replica stands", value: replicaHours, unit: "hours" },
    { what: "load", value: loadHours, unit: "hours" },
    dollars("functions, time", (gbSeconds / 1e6) * PRICES.functionGbSeconds.usd),
    dollars("functions, runs", (portions / 1e6) * PRICES.functionRequests.usd),
    dollars("steps of the state machine", ((portions * STEPS) / 1000) * PRICES.stateTransitions.usd),
    dollars(`replica ${DEFAULTS.replica}`, replicaHours * databaseHour(DEFAULTS.replica).usd),
    dollars("replica's storage", (gb * replicaHours * PRICES.databaseStorageGb.usd) / USAGE.hours),
    dollars("from AWS to Azure", dumpGb * PRICES.egressGb.usd),
    dollars("kept, each month, on AWS", dumpGb * PRICES.objectGb.usd),
    dollars("kept, each month, on Azure", dumpGb * PRICES.blobCoolGb.usd),
    dollars(`standby's server ${DEFAULTS.standby}`, serverHours * azureDatabaseHour(DEFAULTS.standby).usd),
    dollars("standby's disk operations", ((pages * USAGE.operationsPerPage) / 1e6) * PRICES.mysqlOperations.usd),
  ];
}

function dollars(what: string, value: number): Sum {
  return { what, value, unit: "$" };
}
