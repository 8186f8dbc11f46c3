import { styleText } from "node:util";
import columns from "string-width";
import type { Resource } from "./census.ts";
import type { Crossing } from "./objects.ts";
import type { Answer } from "./serving.ts";
import type { Timing } from "./steps.ts";

/** What a run came to. */
export interface Report {
  ok: boolean;
  /** Why it failed. */
  error: string | undefined;
  timings: Timing[];
  resources: Resource[];
  crossed: Crossing[];
  answers: Answer[];
}

/** The report as tables for people; colours only on a terminal. */
export function renderReport(
  { timings, resources, crossed, answers }: Report,
  options: { resources: boolean },
): string {
  const sections = [
    section("Deployed", ["stack", "resources", "real", "recorded only"], deployedRows(resources)),
    section(
      "Crossed from AWS to Azure",
      ["object", "bytes", "seconds after the put"],
      crossed.map(({ key, bytes, milliseconds }) => [key, bytes.toLocaleString("en"), seconds(milliseconds)]),
    ),
    section(
      "Answered",
      ["site", "question", "status", "milliseconds"],
      answers.map(({ site, question, status, milliseconds }) => [
        site,
        question,
        ...[status, milliseconds].map(String),
      ]),
    ),
    section("Steps", ["step", "seconds", ""], [...timings.map(timingRow), totalRow(timings)]),
    options.resources
      ? section(
          "Resources",
          ["stack", "name", "type", ""],
          resources.map(({ stack, name, type, actuated }) => [stack, name, type, actuated ? "real" : "recorded only"]),
        )
      : "",
  ];
  return `\n${sections.filter((text) => text !== "").join("\n")}`;
}

function deployedRows(resources: Resource[]): string[][] {
  const stacks = [...new Set(resources.map(({ stack }) => stack))];
  return stacks.map((stack) => {
    const own = resources.filter((resource) => resource.stack === stack);
    const real = own.filter(({ actuated }) => actuated).length;
    return [stack, own.length, real, own.length - real].map(String);
  });
}

function timingRow({ title, milliseconds, result }: Timing): string[] {
  return [title, seconds(milliseconds), result];
}

function totalRow(timings: Timing[]): string[] {
  return ["all", seconds(timings.reduce((sum, { milliseconds }) => sum + milliseconds, 0)), ""];
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}

/** A table under a heading; columns of numbers are set flush right. Nothing when there are no rows. */
export function section(title: string, head: string[], rows: string[][]): string {
  if (rows.length === 0) return "";
  const widths = head.map((name, column) =>
    Math.max(...[name, ...rows.map((row) => row[column] ?? "")].map((cell) => columns(cell))),
  );
  const right = head.map((_, column) => column > 0 && rows.every((row) => /^[\d.,]+$/.test(row[column] ?? "")));
  const line = (row: string[]) =>
    row
      .map((cell, column) => {
        const gap = " ".repeat((widths[column] ?? 0) - columns(cell));
        return right[column] ? gap + cell : cell + gap;
      })
      .join("  ")
      .trimEnd();
  const heading = styleText("bold", title, { stream: process.stdout });
  const dim = styleText("dim", line(head), { stream: process.stdout });
  const names = head.some((name) => name !== "") ? [`  ${dim}`] : [];
  return [heading, ...names, ...rows.map((row) => `  ${line(row)}`), ""].join("\n");
}
