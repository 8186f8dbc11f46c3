import { styleText } from "node:util";

/** A table under a heading; columns of numbers are set flush right, and colours are for terminals only. */
export function table(title: string, head: string[], rows: string[][]): string {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? "").length)));
  const right = head.map((_, column) => column > 0 && rows.every((row) => /^[-$\d.,]*( %)?$/.test(row[column] ?? "")));
  const line = (row: string[]) =>
    row
      .map((cell, column) => (right[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  const heading = styleText("bold", title, { stream: process.stdout });
  const dim = styleText("dim", line(head), { stream: process.stdout });
  return [heading, `  ${dim}`, ...rows.map((row) => `  ${line(row)}`)].join("\n");
}
