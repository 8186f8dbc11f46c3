import type { AuditReport } from "../report.ts";
import { escaped } from "./markup.ts";
import { pictureOf } from "./picture.ts";
import { type Table, tablesOf, verdictLines, verdictOf } from "./text.ts";

/**
 * The audit as a section of an HTML page: the verdict, what is wrong, the tables and the picture. It brings no style of
 * its own but the picture's, so that it looks like the page that it is put into.
 *
 * @example page.replace("</main>", `${auditSection(report)}</main>`)
 */
export function auditSection(report: AuditReport): string {
  const wrong = verdictLines(report).slice(0, -1);
  return [
    `<section id="audit" class="${report.passed ? "passed" : "failed"}">`,
    "<h2>Who can delete every copy</h2>",
    `<p><b>${escaped(verdictOf(report))}</b></p>`,
    ...(wrong.length > 0 ? [`<pre>${escaped(wrong.join("\n"))}</pre>`] : []),
    ...tablesOf(report).map(tableOf),
    `<figure>${pictureOf(report)}</figure>`,
    "</section>",
  ].join("\n");
}

function tableOf({ title, head, rows }: Table): string {
  const cells = (tag: string, row: string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  return `<h3>${escaped(title)}</h3>\n<table><thead>${cells("th", head)}</thead><tbody>\n${rows.map((row) => cells("td", row)).join("\n")}\n</tbody></table>`;
}

/** The section as a page of its own, in one file that needs nothing else. */
export function auditPage(report: AuditReport): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    "<title>Who can delete every copy</title>",
    "<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color-scheme:light dark}table{border-collapse:collapse}",
    "th,td{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}figure{margin:1rem 0;overflow-x:auto}pre{white-space:pre-wrap}</style>",
    `</head><body><main>\n${auditSection(report)}\n</main></body></html>`,
    "",
  ].join("\n");
}
