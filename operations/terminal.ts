import { createInterface } from "node:readline/promises";
import { WrongUsage } from "./command.ts";

/** A line on standard error that is written anew as work goes on; on a terminal only. */
export interface Progress {
  show(text: string): void;
  /** Takes the line away again. */
  end(): void;
}

/** Milliseconds between two looks of the line: often enough to the eye. */
const STEADY = 100;

export function progress(): Progress {
  let last = 0;
  let shown = false;
  return {
    show(text) {
      if (!process.stderr.isTTY || performance.now() - last < STEADY) return;
      last = performance.now();
      shown = true;
      process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
    },
    end() {
      if (shown) process.stderr.write("\r\u001b[K");
      shown = false;
    },
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
