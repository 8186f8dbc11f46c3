import { median } from "../statistics.ts";
import type { Missing } from "../tools.ts";
import type { Stage } from "./contestants.ts";
import type { Ran, Run } from "./race.ts";
import type { Rates } from "./sums.ts";
import type { Workload } from "./workloads.ts";

/** What several runs on a workload come to. */
export interface Figures {
  version: string;
  /** What has to be known to read them. */
  note: string;
  /** From one server to the other. */
  seconds: { best: number; median: number };
  /** Of which the dump and the load took so long; absent where nothing lies between. */
  dumpSeconds?: number;
  loadSeconds?: number;
  /** Of {@link cpuSeconds}, what the dump took of the contestant's own. */
  dumpCpuSeconds?: number;
  rowsPerSecond: number;
  /** Millions of bytes as the source keeps them. */
  megabytesPerSecond: number;
  cpuSeconds: { own: number; source: number; target: number };
  /** Processors that everything else on this machine kept busy; where it is not near 0, seconds mean little. */
  othersBusy: number;
  /** The highest of all runs; of several processes the largest one's. */
  peakBytes: number;
  dumpBytes: number;
}

/** How much faster ours is than a peer, and is to be. */
export interface Ratio {
  times: number;
  goal: number;
  met: boolean;
}

/** One workload in the result. */
export interface Comparison {
  name: string;
  rows: number;
  tables: number;
  /** As the source keeps its rows, without indexes other than the key. */
  bytes: number;
  runs: number;
  ours: Figures | Missing;
  peers: Record<string, Figures | Missing>;
  /** By peer; only of peers that ran. */
  ratio: Record<string, Ratio>;
}

/** What is copied. */
type Size = Pick<Workload, "rows"> & { bytes: number };

/** How many times as fast as a peer ours is to be, by the peer's name. */
const GOALS: Record<string, number> = { "mysqldump | mysql": 1.6, "mydumper, myloader": 1 };

export function figuresOf({ rows, bytes }: Size, { contestant: { version, note }, runs }: Ran): Figures {
  const all = runs.map((run) => sumOf(run, "seconds"));
  const seconds = { best: Math.min(...all), median: median(all) };
  return {
    version,
    note,
    seconds,
    ...stageOf(runs, "dump", "seconds", "dumpSeconds"),
    ...stageOf(runs, "load", "seconds", "loadSeconds"),
    ...stageOf(runs, "dump", "cpuSeconds", "dumpCpuSeconds"),
    rowsPerSecond: rows / seconds.median,
    megabytesPerSecond: bytes / 1e6 / seconds.median,
    cpuSeconds: {
      own: median(runs.map((run) => sumOf(run, "cpuSeconds"))),
      source: median(runs.map((run) => run.sourceCpuSeconds)),
      target: median(runs.map((run) => run.targetCpuSeconds)),
    },
    othersBusy: median(runs.map((run) => run.othersCpuSeconds / sumOf(run, "seconds"))),
    peakBytes: Math.max(...runs.flatMap(({ stages }) => stages.map((stage) => stage.peakBytes))),
    dumpBytes: median(runs.map((run) => run.dumpBytes)),
  };
}

/** Puts ours beside each peer's. */
export function compare(
  workload: Pick<Workload, "name" | "rows" | "tables"> & { bytes: number },
  runs: number,
  results: Record<string, Ran | Missing>,
): Comparison {
  const figures = Object.entries(results).map(
    ([name, result]) => [name, "missing" in result ? result : figuresOf(workload, result)] as const,
  );
  const { ours = { missing: "it did not run" }, ...peers } = Object.fromEntries(figures);
  const ratios = Object.entries(peers).flatMap(([name, peer]) => {
    if ("missing" in peer || "missing" in ours) return [];
    const times = peer.seconds.median / ours.seconds.median;
    const goal = GOALS[name] ?? 1;
    return [[name, { times, goal, met: times >= goal }] as const];
  });
  const { name, rows, tables, bytes } = workload;
  return { name, rows, tables, bytes, runs, ours, peers, ratio: Object.fromEntries(ratios) };
}

function stageOf<Key extends string>(
  runs: Run[],
  stage: Stage["what"],
  what: "seconds" | "cpuSeconds",
  key: Key,
): { [key in Key]?: number } {
  const found = runs.flatMap(({ stages }) => stages.filter((each) => each.what === stage).map((each) => each[what]));
  return found.length === 0 ? {} : ({ [key]: median(found) } as { [key in Key]: number });
}

/** What a terabyte like this would be; undefined where ours did not dump and load it. */
export function ratesOf({ bytes, ours }: Comparison): Rates | undefined {
  if ("missing" in ours || ours.loadSeconds === undefined || ours.dumpCpuSeconds === undefined) return undefined;
  return {
    dumpCpuSecondsPerGb: ours.dumpCpuSeconds / (bytes / 1e9),
    dumpShare: ours.dumpBytes / bytes,
    loadMegabytesPerSecond: bytes / 1e6 / ours.loadSeconds,
  };
}

function sumOf({ stages }: Run, what: "seconds" | "cpuSeconds"): number {
  return stages.reduce((sum, stage) => sum + stage[what], 0);
}
