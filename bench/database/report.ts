import { table } from "../../operations/table.ts";
import { short, whole } from "../numbers.ts";
import type { Missing } from "../tools.ts";
import type { Results } from "./bench.ts";
import { type Comparison, type Figures, type Ratio, ratesOf } from "./figures.ts";
import { terabyteSums } from "./sums.ts";

const HEAD = [
  "",
  "s, best",
  "median",
  "dump s",
  "load s",
  "rows/s",
  "MB/s",
  "CPU s",
  "source CPU s",
  "target CPU s",
  "others busy",
  "peak MiB",
  "dump MB",
  "ours is faster",
  "goal",
];

/** The results as tables for people. */
export function renderComparisons({ conditions, workloads, missing }: Results): string {
  const sections = [
    ...workloads.map(renderComparison),
    ...(workloads.length > 0 ? [conditions] : []),
    ...workloads.slice(0, 1).flatMap(renderTerabyte),
    ...Object.entries(missing).map(([name, why]) => `Not measured: ${name}: ${why}`),
  ];
  return sections.join("\n\n");
}

function renderComparison({ name, rows, tables, bytes, ours, peers, ratio }: Comparison): string {
  const everybody = Object.entries({ ours, ...peers });
  const lines = everybody.map(([who, figures]) => [who, ...cells(figures), ...verdict(ratio[who])]);
  const notes = everybody.map(([who, figures]) =>
    "missing" in figures ? `  ${who}: ${figures.missing}` : `  ${who} ${figures.version}: ${figures.note}`,
  );
  const size = `${whole(rows)} rows in ${whole(tables)} ${tables === 1 ? "table" : "tables"}, ${whole(bytes / 1e6)} MB`;
  return [table(`${name}: ${size}`, HEAD, lines), ...notes].join("\n");
}

/** What a night would be for a terabyte of such rows. */
function renderTerabyte(comparison: Comparison): string[] {
  const rates = ratesOf(comparison);
  if (!rates) return [];
  const lines = terabyteSums(rates).map(({ what, value, unit }) => [
    what,
    unit === "$" ? `$${value.toFixed(2)}` : short(value),
    unit === "$" ? "" : unit,
  ]);
  return [table(`A terabyte of rows like those of ${comparison.name}, at these rates`, ["", "a night", ""], lines)];
}

function cells(figures: Figures | Missing): string[] {
  if ("missing" in figures) return HEAD.slice(1, -2).map(() => "-");
  const { seconds, dumpSeconds, loadSeconds, cpuSeconds, peakBytes, dumpBytes } = figures;
  const maybe = (value: number | undefined) => (value === undefined ? "-" : short(value));
  return [
    short(seconds.best),
    short(seconds.median),
    maybe(dumpSeconds),
    maybe(loadSeconds),
    whole(figures.rowsPerSecond),
    short(figures.megabytesPerSecond),
    short(cpuSeconds.own),
    short(cpuSeconds.source),
    short(cpuSeconds.target),
    figures.othersBusy.toFixed(2),
    whole(peakBytes / 2 ** 20),
    dumpBytes === 0 ? "-" : short(dumpBytes / 1e6),
  ];
}

function verdict(ratio: Ratio | undefined): string[] {
  if (!ratio) return ["", ""];
  const { times, goal, met } = ratio;
  return [times.toFixed(2), `${goal.toFixed(1)}, ${met ? "met" : "missed"}`];
}
