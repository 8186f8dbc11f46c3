import { distance } from "fastest-levenshtein";

/** One thing that is wrong with the configuration. */
export interface Problem {
  /** Full key, with its namespace. */
  key: string;
  /** What would be right, in words. */
  expected: string;
  /** The value as it stands; undefined or empty when it is not set. */
  found: string | undefined;
  /** A value that would be accepted; without one, the mend is to remove the key. */
  example?: string;
}

/** All problems of a stack's configuration as one message, each with its mend. */
export function renderProblems(stack: string, problems: Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.flatMap(({ key, expected, found, example }) => [
    `  ${key}`,
    `    expected ${expected}`,
    `    found    ${found ? JSON.stringify(found) : "nothing"}`,
    `    mend     pulumi config ${example === undefined ? "rm" : "set"} --stack ${stack} ${key}${example === undefined ? "" : ` ${example}`}`,
  ]);
  return [`${count} in the configuration of stack ${stack} (Pulumi.${stack}.yaml):`, ...lines].join("\n");
}

/** The candidate that a mistyped word was probably meant to be: at most three edits away. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits);
  return ranked[0] && ranked[0].edits <= 3 ? ranked[0].candidate : undefined;
}
