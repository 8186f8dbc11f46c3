import { distance } from "fastest-levenshtein";

/** One thing that is wrong with the configuration. */
export interface Problem {
  /** Full key, with its namespace; of one workload of several, with its path. @example "multicloud-dr:workloads.shop.zones" */
  key: string;
  /** What would be right, in words. */
  expected: string;
  /** The value as it stands; undefined or empty when it is not set. */
  found: string | undefined;
  /** A value that would be accepted; without one, the mend is to remove the key. */
  example?: string;
  /** The key that was probably meant, which is to be set instead. @example "multicloud-dr:strategy" */
  meant?: string;
  /** Whether the value is a secret: it is not shown, and no example can be given for it. */
  secret?: boolean;
}

/** All problems of a stack's configuration as one message, each with its mend. */
export function renderProblems(stack: string, problems: Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.flatMap((problem) => [
    `  ${problem.key}`,
    `    expected ${problem.expected}`,
    `    found    ${foundIn(problem)}`,
    `    mend     ${mendOf(stack, problem)}`,
  ]);
  return [`${count} in the configuration of stack ${stack} (Pulumi.${stack}.yaml):`, ...lines].join("\n");
}

function foundIn({ found, secret }: Problem): string {
  if (!found) return "nothing";
  return secret ? "something else (it is not shown, because it is a secret)" : JSON.stringify(found);
}

function mendOf(stack: string, { key, found, example, meant, secret }: Problem): string {
  // A key inside an object is reached by a path.
  const flags = `${key.includes(".") ? "--path " : ""}--stack ${stack}`;
  if (meant !== undefined && found) {
    return `pulumi config rm ${flags} ${key} && pulumi config set --stack ${stack} ${meant} ${quoted(found)}`;
  }
  if (secret) return `pulumi config set --secret ${flags} ${key}`;
  return example === undefined
    ? `pulumi config rm ${flags} ${key}`
    : `pulumi config set ${flags} ${key} ${quoted(example)}`;
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[A-Za-z0-9_.,:/@=+-]+$/.test(word) ? word : `'${word}'`;
}

/** The candidate that a mistyped word was probably meant to be: at most three edits away. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits);
  return ranked[0] && ranked[0].edits <= 3 ? ranked[0].candidate : undefined;
}
