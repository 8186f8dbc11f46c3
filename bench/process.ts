import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MEASURE = fileURLToPath(new URL("measure.py", import.meta.url));

/** A command that is to be measured. */
export interface Program {
  command: string;
  args: string[];
  /** Its whole environment. */
  environment: Record<string, string>;
  folder: string;
}

/** What a process used from its start to its end. */
export interface Used {
  seconds: number;
  /** User and system time of the process and of all whom it waited for. */
  cpuSeconds: number;
  /** The most memory that it had resident at once. */
  peakBytes: number;
}

/**
 * Runs a program to its end and measures it.
 *
 * @param python a Python to measure with
 * @throws Error with the last lines that it said, when it fails
 */
export async function measure(python: string, program: Program, signal: AbortSignal): Promise<Used> {
  const child = spawn(python, [MEASURE, program.command, ...program.args], {
    cwd: program.folder,
    env: program.environment,
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  let said = "";
  const keep = (chunk: unknown) => {
    said = (said + chunk).slice(-8192);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  await new Promise((resolve, reject) => child.once("close", resolve).once("error", reject));
  const lines = said.trimEnd().split("\n");
  const { code, ...used } = readLast(lines.pop());
  if (code !== 0) {
    const tail = lines.slice(-12).map((line) => `  | ${line}`);
    throw new Error([`\`${program.command}\` ended with code ${code}; it said:`, ...tail].join("\n"));
  }
  return used;
}

/** Linux counts in hundredths of a second, whatever the machine ("proc_pid_stat", and sysconf's _SC_CLK_TCK). */
const TICKS_PER_SECOND = 100;

/** Processor's time of all processes of a group that are still running, of all their threads. */
export function cpuSecondsOf(group: number): number {
  const ticks = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      const [, , found, ...fields] = statOf(pid);
      return Number(found) === group ? Number(fields[8]) + Number(fields[9]) : 0;
    });
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/** Processor's time of everything on this machine since it started, of all its processors. */
export function cpuSecondsOfAll(): number {
  const [, user, nice, system, , , interrupts, softInterrupts] = readFileSync("/proc/stat", "utf8")
    .split(/\s+/)
    .map(Number);
  const ticks = [user, nice, system, interrupts, softInterrupts] as number[];
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

/** The fields that come after the name, which is in parentheses and may have spaces: state, parent, group, … */
function statOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
  } catch {
    // It ended while we looked.
    return [];
  }
}

function readLast(line = ""): Used & { code: number } {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`expected a line of measurements, found ${JSON.stringify(line)}`);
  }
}
