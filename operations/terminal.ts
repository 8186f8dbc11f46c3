import { createInterface } from "node:readline/promises";
import { WrongUsage } from "./command.ts";

/**
 * A line on standard error that is written anew as work goes on. Without a terminal each change but of a number is a line
 * of its own, and so is each minute: a log shall show that somebody is at work.
 */
export interface Progress {
  show(text: string): void;
  /** Takes the line away again. */
  end(): void;
}

/** Milliseconds between two looks of the line: often enough to the eye. */
const STEADY = 100;

/** Milliseconds between two lines that differ in their numbers, in a log. */
const LOGGED = 60_000;

/** What of standard error is asked for. */
type Output = Pick<NodeJS.WriteStream, "isTTY" | "columns" | "write">;

export function progress(output: Output = process.stderr, now = () => performance.now()): Progress {
  return output.isTTY ? rewritten(output, now) : logged(output, now);
}

function rewritten(output: Output, now: () => number): Progress {
  let last = Number.NEGATIVE_INFINITY;
  let shown = false;
  return {
    show(text) {
      if (now() - last < STEADY) return;
      last = now();
      shown = true;
      output.write(`\r\u001b[K${text.slice(0, (output.columns ?? 80) - 1)}`);
    },
    end() {
      if (shown) output.write("\r\u001b[K");
      shown = false;
    },
  };
}

function logged(output: Output, now: () => number): Progress {
  let last = Number.NEGATIVE_INFINITY;
  let phase: string | undefined;
  return {
    show(text) {
      const unnumbered = text.replaceAll(/\d[\d.,]*/g, "");
      if (unnumbered === phase && now() - last < LOGGED) return;
      last = now();
      phase = unnumbered;
      output.write(`${text}\n`);
    },
    end() {},
  };
}

/**
 * Asks somebody at the terminal.
 *
 * @param instead the option that answers without a terminal @example "--yes"
 * @throws WrongUsage where there is no terminal to ask on
 */
export async function confirm(question: string, instead: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new WrongUsage(`expected ${instead}, found no terminal to ask on: ${question}`);
  }
  // Not as a terminal of its own: Ctrl-C is then the process's, as everywhere else.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim());
  } finally {
    lines.close();
  }
}
