import { Budget } from "../../lambdas/objects/budget.ts";
import { type Outcome, toPrimary } from "../../lambdas/objects/decision.ts";
import { Permanent } from "../../lambdas/objects/failure.ts";
import { replicate } from "../../lambdas/objects/replicate.ts";
import { type Listed, type Listing, type Source, type Target, toSecond } from "../../lambdas/objects/store.ts";
import { forEachOf } from "../../lambdas/shared/parallel.ts";

/** Keys that are worked on at once, and the most memory for their content. */
const PARALLEL = 32;
const CONTENT_BYTES = 256 * 1024 * 1024;

/** Keys that are named of those that did not come back. */
const NAMED = 20;

/** What came back. */
export interface Returned {
  /** Written at the primary, or deleted there. */
  copied: number;
  hidden: number;
  /** There already. */
  unchanged: number;
  bytes: number;
  /** Written at both sides since then: somebody has to decide. */
  conflicts: number;
  failed: number;
  /** Written at the standby before that moment, and left there: a declaration whose text changes has a later one. */
  older: number;
  /** Some of the conflicts and failures. */
  named: { key: string; reason: string }[];
}

export interface FailbackOptions {
  prefix: string;
  /** What the standby wrote from then on. */
  since: Date;
  onProgress(returned: Returned): void;
  signal: AbortSignal;
}

/**
 * Copies back what was written at the standby, and never over what is newer at the primary. What came back already is
 * not copied again, so this can be run until nothing is left, while users still write.
 */
export async function failBack(
  standby: Source & Listing,
  primary: Target,
  { prefix, since, onProgress, signal }: FailbackOptions,
): Promise<Returned> {
  const counts = { copied: 0, hidden: 0, unchanged: 0, bytes: 0, conflicts: 0, failed: 0, older: 0 };
  const returned: Returned = { ...counts, named: [] };
  // What was written in the same second counts as written since.
  const from = toSecond(since);
  const options = { rule: toPrimary(since), budget: new Budget(CONTENT_BYTES) };
  await forEachOf(ownOf(standby.list(prefix), from, returned), PARALLEL, async ({ key }) => {
    signal.throwIfAborted();
    try {
      const { outcome, bytes } = await replicate(standby, primary, key, options);
      returned[COUNTED[outcome]] += 1;
      returned.bytes += bytes;
    } catch (error) {
      signal.throwIfAborted();
      returned[error instanceof Permanent ? "conflicts" : "failed"] += 1;
      if (returned.named.length < NAMED) returned.named.push({ key, reason: (error as Error).message });
    }
    onProgress(returned);
  });
  return returned;
}

const COUNTED: Record<Outcome, "copied" | "hidden" | "unchanged"> = {
  copied: "copied",
  hidden: "hidden",
  unchanged: "unchanged",
  gone: "unchanged",
};

/** What the standby wrote itself: it carries no record of the primary's. */
async function* ownOf(list: AsyncIterable<Listed>, since: Date, returned: Returned): AsyncGenerator<Listed> {
  for await (const listed of list) {
    if (listed.record) continue;
    if (listed.modified >= since) yield listed;
    else returned.older += 1;
  }
}
