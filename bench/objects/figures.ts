import { median } from "../statistics.ts";
import type { Missing } from "../tools.ts";
import type { Counts } from "./counter.ts";
import type { Ran, Run } from "./race.ts";
import type { Workload } from "./workloads.ts";

/** What several runs on a workload come to. */
export interface Figures {
  version: string;
  /** What has to be known to read them. */
  note?: string;
  seconds: { best: number; median: number };
  objectsPerSecond: { best: number; median: number };
  /** Millions of bytes. */
  megabytesPerSecond: { best: number; median: number };
  cpuSecondsPer1000Objects: number;
  /** The highest of all runs. */
  peakBytes: number;
  /** Processors that the services of both sides kept busy on average; Azurite's work is mostly that of one thread. */
  busy: { source: number; target: number };
  requestsPerObject: number;
  requests: { source: Counts; target: Counts };
}

/** Ours over a peer's: more is better for objects per second, less for the rest. */
export interface Ratio {
  objectsPerSecond: number;
  cpuSecondsPer1000Objects: number;
  peakBytes: number;
}

/** One workload in the result. */
export interface Comparison {
  name: string;
  objects: number;
  bytes: number;
  runs: number;
  ours: Figures | Missing;
  peers: Record<string, Figures | Missing>;
  /** By peer; only of peers that ran. */
  ratio: Record<string, Ratio>;
}

export function figuresOf({ objects, bytes }: Workload, { contestant, runs, requests }: Ran): Figures {
  const seconds = { best: Math.min(...runs.map((run) => run.seconds)), median: middle(runs, "seconds") };
  const per = (amount: number) => ({ best: amount / seconds.best, median: amount / seconds.median });
  const asked = [requests.source, requests.target].flatMap((counts) => Object.values(counts));
  return {
    version: contestant.version,
    ...(contestant.note && { note: contestant.note }),
    seconds,
    objectsPerSecond: per(objects),
    megabytesPerSecond: per((objects * bytes) / 1e6),
    cpuSecondsPer1000Objects: (1000 * middle(runs, "cpuSeconds")) / objects,
    peakBytes: Math.max(...runs.map((run) => run.peakBytes)),
    busy: {
      source: median(runs.map(({ sourceCpuSeconds, seconds: each }) => sourceCpuSeconds / each)),
      target: median(runs.map(({ targetCpuSeconds, seconds: each }) => targetCpuSeconds / each)),
    },
    requestsPerObject: asked.reduce((sum, count) => sum + count, 0) / objects,
    requests,
  };
}

/** Puts ours beside each peer's. */
export function compare(workload: Workload, runs: number, results: Record<string, Ran | Missing>): Comparison {
  const figures = Object.entries(results).map(
    ([name, result]) => [name, "missing" in result ? result : figuresOf(workload, result)] as const,
  );
  const { ours = { missing: "it did not run" }, ...peers } = Object.fromEntries(figures);
  const ratios = Object.entries(peers).flatMap(([name, peer]) => {
    if ("missing" in peer || "missing" in ours) return [];
    return [[name, ratioOf(ours, peer)] as const];
  });
  const { name, objects, bytes } = workload;
  return { name, objects, bytes, runs, ours, peers, ratio: Object.fromEntries(ratios) };
}

function ratioOf(ours: Figures, peer: Figures): Ratio {
  return {
    objectsPerSecond: ours.objectsPerSecond.median / peer.objectsPerSecond.median,
    cpuSecondsPer1000Objects: ours.cpuSecondsPer1000Objects / peer.cpuSecondsPer1000Objects,
    peakBytes: ours.peakBytes / peer.peakBytes,
  };
}

function middle(runs: Run[], what: keyof Run): number {
  return median(runs.map((run) => run[what]));
}
