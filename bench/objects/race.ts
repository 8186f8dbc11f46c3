import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate } from "../../rehearsal/local/certificate.ts";
import type { Report } from "../../rehearsal/tools/run.ts";
import { cpuSecondsOf, measure, type Used } from "../process.ts";
import { rotated } from "../statistics.ts";
import type { Missing } from "../tools.ts";
import type { Contestant, Crossing } from "./contestants.ts";
import { type Counts, countRequests } from "./counter.ts";
import type { Source, SourceBucket } from "./source.ts";
import { type Target, verify } from "./target.ts";
import type { Workload } from "./workloads.ts";

/** A run of a contestant, and what it cost the services on both sides. */
export interface Run extends Used {
  sourceCpuSeconds: number;
  targetCpuSeconds: number;
}

/** What a contestant came to on a workload. */
export interface Ran {
  contestant: Pick<Contestant, "version" | "note">;
  runs: Run[];
  /** What was asked of each side in one more run, which is not timed. */
  requests: { source: Counts; target: Counts };
}

export interface RaceOptions {
  workload: Workload;
  source: Source;
  bucket: SourceBucket;
  target: Target;
  contestants: Contestant[];
  /** Timed runs of each. */
  runs: number;
  certificate: Certificate;
  /** The Python to measure with. */
  python: string;
  folder: string;
  report: Report;
  signal: AbortSignal;
}

/**
 * Has every contestant copy the workload into empty containers, in turns, another one first each time.
 *
 * First each makes a run that is not timed and whose requests are counted; it warms up both services as well.
 *
 * @throws Error when a run fails, or its copies are not the workload's objects
 */
export async function race(options: RaceOptions): Promise<Record<string, Ran | Missing>> {
  const { bucket, contestants, certificate, report, target, workload } = options;
  const results: Record<string, Ran | Missing> = {};
  for (const contestant of contestants) {
    using source = await countRequests(bucket.endpoint, certificate);
    using copies = await countRequests(new URL(target.endpoint).origin, certificate);
    report(`${workload.name}: ${contestant.name} with its requests counted`);
    const through = { source: source.url, target: copies.url + new URL(target.endpoint).pathname };
    const used = await crossOnce(options, contestant, through);
    results[contestant.name] =
      "missing" in used ? used : { contestant, runs: [], requests: { source: source.counts, target: copies.counts } };
  }
  for (let turn = 0; turn < options.runs; turn++) {
    for (const contestant of rotated(contestants, turn)) {
      const result = results[contestant.name];
      if (!result || "missing" in result) continue;
      report(`${workload.name}: ${contestant.name}, run ${turn + 1} of ${options.runs}`);
      const used = await crossOnce(options, contestant, { source: bucket.endpoint, target: target.endpoint });
      if (!("missing" in used)) result.runs.push(used);
    }
  }
  return results;
}

/** @param endpoints where both sides answer in this run */
async function crossOnce(
  options: RaceOptions,
  contestant: Contestant,
  endpoints: { source: string; target: string },
): Promise<Run | Missing> {
  const { bucket, certificate, source, target, workload } = options;
  const container = await target.container();
  const folder = await mkdtemp(join(options.folder, `${contestant.name}-`));
  try {
    const crossing: Crossing = {
      source: { ...bucket, endpoint: endpoints.source },
      target: {
        endpoint: endpoints.target,
        container: container.containerName,
        sas: target.sas,
        token: target.token,
      },
      folder,
      certificateFile: certificate.certificateFile,
    };
    const program = contestant.program(crossing);
    if ("missing" in program) return program;
    const before = { source: cpuSecondsOf(source.pid), target: cpuSecondsOf(target.pid) };
    const used = await measure(options.python, program, options.signal);
    const sourceCpuSeconds = cpuSecondsOf(source.pid) - before.source;
    const targetCpuSeconds = cpuSecondsOf(target.pid) - before.target;
    await verify(container, workload);
    return { ...used, sourceCpuSeconds, targetCpuSeconds };
  } finally {
    await container.delete().catch(() => {});
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
