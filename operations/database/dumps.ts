import { type Dump, type LookedAt, lookAt as look, type Reading } from "../../lambdas/database/stored-dumps.ts";
import { forEachOf } from "../../lambdas/shared/parallel.ts";

export { type Dump, faultsOf, type LookedAt, listDumps, type Reading } from "../../lambdas/database/stored-dumps.ts";

/** Dumps that are looked at at once: each has a manifest that may be some MB, and a listing. */
const PARALLEL = 8;

/** Looks whether a dump is complete; one that can't be read is none, which is no reason to stop. */
export async function lookAt(store: Reading, dump: Dump, signal: AbortSignal): Promise<LookedAt> {
  try {
    return await look(store, dump, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { ...dump, faults: [(error as Error).message] };
  }
}

/** Looks at all of them, some at once; their order stays. */
export async function lookAtAll(store: Reading, dumps: readonly Dump[], signal: AbortSignal): Promise<LookedAt[]> {
  const looked: LookedAt[] = [];
  async function* each() {
    yield* dumps.entries();
  }
  await forEachOf(each(), PARALLEL, async ([index, dump]) => {
    looked[index] = await lookAt(store, dump, signal);
  });
  return looked;
}
