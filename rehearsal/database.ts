import { setTimeout as delay } from "node:timers/promises";
import type { SFNClient } from "@aws-sdk/client-sfn";
import type { Control } from "../operations/database/control.ts";
import { DumpMachine } from "../operations/database/dump-machine.ts";
import type { Report } from "./tools/run.ts";

/** Between two looks, in milliseconds. */
const LOOK = 1000;

/** A dump that was made. */
export interface Dumped {
  /** Id of the dump. */
  dump: string;
  rows: number;
  chunks: number;
}

/** Has the machine dump the primary's database, as its schedule would at night, and waits for that. */
export async function dumpNow(
  client: SFNClient,
  machineArn: string,
  report: Report,
  signal: AbortSignal,
): Promise<Dumped> {
  const machine = new DumpMachine(client, machineArn, LOOK);
  const execution = await machine.start(signal);
  const { manifest = "", rows = 0, chunks = 0 } = await machine.follow(execution, report, signal);
  const [, dump = ""] = /([^/]+)\.json$/.exec(manifest) ?? [];
  return { dump, rows, chunks };
}

/**
 * Waits until the standby's controller tells that it has loaded a dump.
 *
 * @param wake has the controller look now; by itself it looks each minute
 * @param patience in milliseconds
 * @returns seconds
 * @throws Error with what the controller tells instead
 */
export async function untilLoaded(
  control: Control,
  dump: string,
  wake: () => Promise<void>,
  patience: number,
  report: Report,
  signal: AbortSignal,
): Promise<number> {
  const started = performance.now();
  const seconds = () => Math.round(performance.now() - started) / 1000;
  for (;;) {
    await wake();
    const { data, detail, lastError, status } = await control.state(signal);
    if (data?.loaded === dump && status === "settled") return seconds();
    report(detail);
    if (performance.now() - started > patience) {
      const failed = lastError ? `; its last failure: ${lastError.message}` : "";
      throw new Error(`expected the dump ${dump} at the standby, found its controller ${status}: ${detail}${failed}`);
    }
    await delay(LOOK, undefined, { signal });
  }
}

/**
 * Waits until the standby's database follows the primary.
 *
 * @param wake has the controller look now; by itself it looks each minute
 * @param patience in milliseconds
 * @returns seconds that it is behind
 * @throws Error with what the controller tells instead
 */
export async function untilFollowing(
  control: Control,
  wake: () => Promise<void>,
  patience: number,
  report: Report,
  signal: AbortSignal,
): Promise<number> {
  const started = performance.now();
  for (;;) {
    await wake();
    const { data, detail, status } = await control.state(signal);
    const { state, lagSeconds } = data?.replication ?? {};
    if (state === "following" && lagSeconds !== undefined) return lagSeconds;
    report(detail);
    if (performance.now() - started > patience) {
      throw new Error(`expected the standby to follow the primary, found its controller ${status}: ${detail}`);
    }
    await delay(LOOK, undefined, { signal });
  }
}
