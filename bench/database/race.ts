import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate } from "../../rehearsal/local/certificate.ts";
import type { MysqlServers } from "../../rehearsal/local/mysql-servers.ts";
import type { Mysqld } from "../../rehearsal/local/mysqld.ts";
import type { Report } from "../../rehearsal/tools/run.ts";
import { cpuSecondsOf, cpuSecondsOfAll, measure, type Used } from "../process.ts";
import { rotated } from "../statistics.ts";
import type { Contestant, Stage } from "./contestants.ts";
import { ADMINISTRATOR, startTarget } from "./servers.ts";
import { expectEqual, type Fingerprint, fingerprintOf } from "./verify.ts";

/** A run of a contestant, and what it cost the servers of both sides. */
export interface Run {
  stages: ({ what: Stage["what"] } & Used)[];
  sourceCpuSeconds: number;
  targetCpuSeconds: number;
  /** What everything else on this machine took meanwhile. */
  othersCpuSeconds: number;
  /** Bytes of all files of the dump; 0 where there are none. */
  dumpBytes: number;
}

/** What a contestant came to on a workload. */
export interface Ran {
  contestant: Pick<Contestant, "version" | "note">;
  runs: Run[];
}

export interface RaceOptions {
  servers: MysqlServers;
  source: Mysqld;
  contestants: Contestant[];
  /** Of each. */
  runs: number;
  authority: Certificate;
  folder: string;
  report: Report;
  signal: AbortSignal;
}

/**
 * Has every contestant copy the source to a new server, in turns, another one first each time.
 *
 * @throws Error when a run fails, or its copy is not like the source
 */
export async function race(options: RaceOptions): Promise<Record<string, Ran>> {
  const { contestants, report, source } = options;
  // It reads every row: from here on the source has all of them in memory, for whoever is first.
  const expected = await fingerprintOf(source);
  const results = Object.fromEntries(contestants.map((contestant) => [contestant.name, ran(contestant)]));
  for (let turn = 0; turn < options.runs; turn++) {
    for (const contestant of rotated(contestants, turn)) {
      report(`${contestant.name}, run ${turn + 1} of ${options.runs}`);
      results[contestant.name]?.runs.push(await crossOnce(options, contestant, expected));
    }
  }
  return results;
}

function ran(contestant: Contestant): Ran {
  return { contestant, runs: [] };
}

async function crossOnce(options: RaceOptions, contestant: Contestant, expected: Fingerprint): Promise<Run> {
  const { authority, servers, signal, source } = options;
  const folder = await mkdtemp(join(options.folder, "crossing-"));
  const target = await startTarget(servers);
  try {
    const dump = join(folder, "dump");
    const stages = contestant.stages({
      source: { host: source.address, port: source.port, ...ADMINISTRATOR },
      target: { host: target.address, port: target.port, ...ADMINISTRATOR },
      folder,
      dump,
      authorityFile: authority.certificateFile,
    });
    const before = cpuSeconds(source, target);
    const used: Run["stages"] = [];
    for (const { what, program } of stages) used.push({ what, ...(await measure("python3", program, signal)) });
    const after = cpuSeconds(source, target);
    const sourceCpuSeconds = after.source - before.source;
    const targetCpuSeconds = after.target - before.target;
    const own = used.reduce((sum, stage) => sum + stage.cpuSeconds, 0);
    const othersCpuSeconds = Math.max(0, after.all - before.all - own - sourceCpuSeconds - targetCpuSeconds);
    expectEqual(contestant.name, expected, await fingerprintOf(target));
    return { stages: used, sourceCpuSeconds, targetCpuSeconds, othersCpuSeconds, dumpBytes: await bytesIn(dump) };
  } finally {
    await servers.destroy("target");
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function cpuSeconds(source: Mysqld, target: Mysqld) {
  return { source: cpuSecondsOf(source.pid ?? 0), target: cpuSecondsOf(target.pid ?? 0), all: cpuSecondsOfAll() };
}

async function bytesIn(folder: string): Promise<number> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = found.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
