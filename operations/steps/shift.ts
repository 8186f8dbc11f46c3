import { setTimeout as delay } from "node:timers/promises";
import type { Operation } from "../operation.ts";
import type { StepWatch } from "../runbook/runbook.ts";
import { smoke } from "../smoke/smoke.ts";

/** How users are moved back. */
export interface Shift {
  /** The standby's share at each stage, in percent, falling; none moves all at once. @example [90, 50, 10] */
  shares: readonly number[];
  /** Seconds that each stage is looked at before the next. */
  dwell: number;
  /** Seconds for which resolvers keep an answer, in the end. */
  settle: number;
}

/** What a shift bit by bit needs to know. */
type Stages = Pick<Shift, "shares" | "dwell">;

/** Between two looks at the primary during a stage, in milliseconds. */
const LOOK = 5000;

/**
 * Moves users back stage by stage, and looks at the primary all the while.
 *
 * @throws Error at the first answer of the primary that is not good; everybody is then sent to the standby again
 */
export async function shiftBack(operation: Operation, { shares, dwell }: Stages, watch: StepWatch): Promise<void> {
  const prod = await operation.read("prod");
  for (const share of shares) {
    await give(operation, share, watch);
    const problem = await problemWithin(dwell, () => smoke("primary", prod, watch.signal), watch);
    if (problem === undefined) continue;
    await give(operation, 100, watch);
    throw new Error(
      `expected a primary that is well with ${100 - share} % of its users, found that it is not (${problem}); ` +
        "all users are sent to the standby again. Mend that, and run this again",
    );
  }
}

async function give(operation: Operation, share: number, watch: StepWatch): Promise<void> {
  watch.report(`the standby gets ${share} % of the users`);
  await operation.set("traffic", { standbyShare: String(share) });
  await operation.up("traffic", watch);
}

/** @returns the first complaint within so many seconds; undefined when there was none */
async function problemWithin(
  seconds: number,
  ask: () => ReturnType<typeof smoke>,
  { signal }: StepWatch,
): Promise<string | undefined> {
  const end = performance.now() + seconds * 1000;
  do {
    const bad = (await ask()).find(({ ok }) => !ok);
    if (bad) return `${bad.title}: ${bad.problem}`;
    await delay(Math.min(LOOK, Math.max(0, end - performance.now())), undefined, { signal });
  } while (performance.now() < end);
  return undefined;
}

/** @example "90 %, 50 %, 10 % of the users for 300 s each, with good answers" */
export function renderShift({ shares, dwell }: Stages): string {
  return `${shares.map((share) => `${share} %`).join(", ")} of the users for ${dwell} s each, with good answers`;
}
