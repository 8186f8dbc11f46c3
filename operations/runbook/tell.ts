import { styleText } from "node:util";
import { progress } from "../terminal.ts";
import type { Teller } from "./run.ts";

const SIGNS = { done: ["green", "✓"], left: ["yellow", "–"], failed: ["red", "✗"] } as const;

/** Tells of a run on standard error: a line for each step, and one that is written anew while it is taken. */
export function teller(): Teller {
  const line = progress();
  let place = "";
  return {
    begin({ title }, { number, of }) {
      place = `[${number}/${of}] ${title}`;
      line.show(place);
    },
    report(said) {
      line.show(`${place}: ${said}`);
    },
    end({ title, status, said, error }, milliseconds) {
      line.end();
      const [colour, sign] = SIGNS[status as keyof typeof SIGNS];
      const word = error ? `${status === "left" ? "left for later: " : ""}${error}` : said;
      const seconds = `${(milliseconds / 1000).toFixed(1)} s`;
      process.stderr.write(
        `${styleText(colour, sign, { stream: process.stderr })} ${title} (${seconds})${word ? `: ${word}` : ""}\n`,
      );
    },
  };
}
