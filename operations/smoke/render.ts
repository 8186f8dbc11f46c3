import { styleText } from "node:util";
import type { Asked } from "./smoke.ts";

/** A line for each question. @example "  ok    app      200     34 ms  the app, by its health" */
export function renderAsked(asked: readonly Asked[]): string {
  const width = Math.max(...asked.map(({ id }) => id.length));
  return asked
    .flatMap(({ id, title, url, at, ok, status, milliseconds, problem }) => [
      [
        `  ${verdict(ok)}`,
        id.padEnd(width),
        String(status ?? "-").padStart(3),
        `${milliseconds ?? "-"} ms`.padStart(8),
        title,
      ].join("  "),
      ...(problem ? [`        ${url}${at ? ` at ${at}` : ""}`, `        ${problem}`] : []),
    ])
    .join("\n");
}

function verdict(ok: boolean): string {
  return styleText(ok ? "green" : "red", ok ? "ok  " : "FAIL", { stream: process.stdout });
}
