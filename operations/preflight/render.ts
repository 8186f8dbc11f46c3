import { styleText } from "node:util";
import type { Line } from "./verdict.ts";

const WORDS: Record<Line["status"], [word: string, colour: "green" | "yellow" | "red"]> = {
  ok: ["ok  ", "green"],
  warn: ["warn", "yellow"],
  fail: ["FAIL", "red"],
  skip: ["  ? ", "yellow"],
};

/** A line for each, and under it what mends it. */
export function renderLines(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ title }) => title.length));
  return lines
    .flatMap(({ status, title, found, mend }) => {
      const [word, colour] = WORDS[status];
      const shown = styleText(colour, word, { stream: process.stdout });
      return [`  ${shown}  ${title.padEnd(width)}  ${found}`, ...(mend ? [`        mend: ${mend}`] : [])];
    })
    .join("\n");
}
