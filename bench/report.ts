import { table } from "../operations/table.ts";
import { short, whole } from "./numbers.ts";
import type { Results } from "./objects/bench.ts";
import type { Comparison, Figures } from "./objects/figures.ts";
import type { Missing } from "./tools.ts";

/** The results as tables for people. */
export function renderResults({ workloads, huge, coldStart, latency, missing }: Results): string {
  const sections = [
    ...workloads.map(renderComparison),
    huge &&
      table(
        `One object of ${whole(huge.bytes / 2 ** 30)} GiB, with all in the process that the function has in it`,
        ["", "value"],
        [
          ["MB/s", short(huge.bytes / 1e6 / huge.seconds)],
          ["seconds of CPU", short(huge.cpuSeconds)],
          ["peak MiB", short(huge.peakBytes / 2 ** 20)],
        ],
      ),
    coldStart &&
      table(
        "The function",
        ["", "value"],
        [
          ["bundle, bytes", whole(coldStart.bundleBytes)],
          ["fresh Node, bundle loaded, one event answered, ms", whole(coldStart.answeredMilliseconds)],
          ["of which Node alone, ms", whole(coldStart.emptyMilliseconds)],
        ],
      ),
    latency &&
      table(
        `From put to visible copy at ${latency.objectsPerSecond} objects/s, ${latency.objects} objects`,
        ["", "ms"],
        [
          ["p50", whole(latency.p50Milliseconds)],
          ["p99", whole(latency.p99Milliseconds)],
          ["worst", whole(latency.worstMilliseconds)],
        ],
      ),
    ...Object.entries(missing).map(([name, why]) => `Not measured: ${name}: ${why}`),
  ];
  return sections.filter((section) => section !== undefined).join("\n\n");
}

const HEAD = [
  "",
  "objects/s, best",
  "median",
  "MB/s, best",
  "median",
  "CPU s/1,000",
  "peak MiB",
  "requests/object",
  "source busy",
  "Azurite busy",
  "best peer = 1.00",
];

function renderComparison({ name, ours, peers, ratio }: Comparison): string {
  const faster = Object.values(ratio).reduce(
    (least, { objectsPerSecond }) => Math.min(least, objectsPerSecond),
    Infinity,
  );
  const rows = Object.entries({ ours, ...peers }).map(([who, figures]) => [
    who,
    ...cells(figures),
    who === "ours" && Number.isFinite(faster) ? faster.toFixed(2) : "",
  ]);
  const notes = Object.entries({ ours, ...peers }).flatMap(([who, figures]) =>
    "missing" in figures ? [`  ${who}: ${figures.missing}`] : figures.note ? [`  ${who}: ${figures.note}`] : [],
  );
  return [table(name, HEAD, rows), ...notes].join("\n");
}

function cells(figures: Figures | Missing): string[] {
  if ("missing" in figures) return HEAD.slice(1, -1).map(() => "-");
  const { objectsPerSecond, megabytesPerSecond, cpuSecondsPer1000Objects, peakBytes, requestsPerObject, busy } =
    figures;
  return [
    short(objectsPerSecond.best),
    short(objectsPerSecond.median),
    short(megabytesPerSecond.best),
    short(megabytesPerSecond.median),
    short(cpuSecondsPer1000Objects),
    whole(peakBytes / 1024 / 1024),
    requestsPerObject.toFixed(2),
    busy.source.toFixed(2),
    busy.target.toFixed(2),
  ];
}
