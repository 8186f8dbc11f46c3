import type { Difference } from "../../lambdas/objects/comparison.ts";
import type { Comparison } from "../../lambdas/objects/reconcile.ts";

/** How keys can differ, in the order in which they are told. */
const KINDS = ["missing", "different", "extra", "foreign"] as const;

const TITLES: Record<Difference["kind"], string> = {
  missing: "missing at the standby",
  different: "different at the standby",
  extra: "extra at the standby",
  foreign: "written at the standby itself, over which the replicator never writes",
};

/** The first differences of each kind: what is shown of millions. */
export class Findings {
  readonly #most: number;
  readonly #first: Record<Difference["kind"], Difference[]> = { missing: [], different: [], extra: [], foreign: [] };

  /** @param most that are kept of a kind */
  constructor(most: number) {
    this.#most = most;
  }

  add(difference: Difference): void {
    const first = this.#first[difference.kind];
    if (first.length < this.#most) first.push(difference);
  }

  /** All that are kept. */
  list(): Difference[] {
    return KINDS.flatMap((kind) => this.#first[kind]);
  }

  /** @param counts how many there were of each kind */
  render(counts: Record<Difference["kind"], number>): string[] {
    return KINDS.filter((kind) => this.#first[kind].length > 0).flatMap((kind) => [
      `  ${TITLES[kind]}:`,
      ...this.#first[kind].map(({ key, why }) => `      ${JSON.stringify(key)}: ${why}`),
      ...(counts[kind] > this.#first[kind].length
        ? [`      … and ${counts[kind] - this.#first[kind].length} more`]
        : []),
    ]);
  }
}

/** Whether both sides hold the same keys in the same states. */
export function agree({ digest }: Comparison): boolean {
  return digest.source === digest.copies;
}

/** What a comparison came to, as a text. */
export function renderComparison(comparison: Comparison, findings: Findings): string {
  const { keys, agreeing, missing, different, extra, foreign, digest } = comparison;
  return [
    `Keys at the primary: ${keys}, of which agree: ${agreeing}.`,
    `Missing: ${missing}, different: ${different}, extra: ${extra}, the standby's own: ${foreign}.`,
    ...findings.render(comparison),
    `Digest of the primary: ${digest.source}`,
    `Digest of the copies:  ${digest.copies}`,
    `The two sides ${agree(comparison) ? "agree" : "differ"}.`,
  ].join("\n");
}
