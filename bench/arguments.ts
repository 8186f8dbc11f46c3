import { parseArgs } from "node:util";
import { nearest } from "../stacks/problems.ts";

/** What can be measured. */
export const SUBJECTS = ["objects", "database", "images", "audit", "policies"] as const;
export type Subject = (typeof SUBJECTS)[number];

export const HELP = `Measures the replication beside what others do the same with, on this machine, on the same services; the audit, and
the policies.

Usage: npm run bench objects [-- options]
       npm run bench database [-- options]
       npm run bench images [-- options]
       npm run bench audit [-- options]
       npm run bench policies [-- options]

  --only <part>  only this part: a workload, or of objects "huge", "start" or "latency"; may be given several times
  --runs <n>     timed runs of each contestant on each workload, 1 to 20 (default 3)
  --quick        workloads of a tenth, and less of everything else
  --json         print the result as one JSON object on standard output
  --help         this text

Exit code: 0 all was measured, 1 something failed, 2 wrong usage, 130 interrupted.`;

/** What is to be measured. */
export interface Wish {
  subject: Subject;
  only: readonly string[];
  runs: number;
  quick: boolean;
  json: boolean;
}

/**
 * Reads the command line.
 *
 * @param partsOf every part that a subject has, quick or not
 * @returns the wish; undefined when only help is asked for
 * @throws Error that says what was expected and found
 */
export function readWish(
  args: string[],
  partsOf: Record<Subject, (quick: boolean) => readonly string[]>,
): Wish | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      only: { type: "string", multiple: true, default: [] },
      runs: { type: "string", default: "3" },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { help, only, quick, json } = values;
  if (help) return undefined;
  const subject = SUBJECTS.find((each) => each === positionals.join(" "));
  if (!subject) {
    throw new Error(`expected what to measure, ${SUBJECTS.join(" or ")}, found ${positionals.join(" ") || "nothing"}`);
  }
  const runs = Number(values.runs);
  if (!(Number.isInteger(runs) && runs >= 1 && runs <= 20)) {
    throw new Error(`--runs: expected a whole number from 1 to 20, found ${values.runs}`);
  }
  const known = partsOf[subject](quick);
  for (const part of only) {
    if (known.includes(part)) continue;
    const meant = nearest(part, known);
    throw new Error(
      `--only: expected one of ${known.join(", ")}, found ${part}${meant ? `; did you mean ${meant}?` : ""}`,
    );
  }
  return { subject, only, runs, quick, json };
}
