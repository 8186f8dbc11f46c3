import type { Journal, JournalStep } from "./journal.ts";
import type { Runbook, RunbookStep, StepWatch } from "./runbook.ts";

/** How a run is told of. */
export interface Teller {
  /** A step begins, says how far it is, and ends. */
  begin(step: RunbookStep<never>, place: { number: number; of: number }): void;
  report(line: string): void;
  end(outcome: JournalStep, milliseconds: number): void;
}

/** What a run needs besides its runbook. */
export interface Run {
  journal: Journal;
  /** Keeps the journal as it is now. */
  keep(journal: Journal): Promise<void>;
  teller: Teller;
  signal: AbortSignal;
  now?(): Date;
}

/** A step that failed; the message names it, and what people do in its stead. */
export class StepFailed extends Error {
  constructor({ id, title, byHand }: RunbookStep<never>, reason: string) {
    const hand = byHand.map((line) => `  ${line}`).join("\n");
    super(`${title} (${id}): ${reason}${hand ? `\nBy hand:\n${hand}` : ""}`);
  }
}

/** The journal of an operation of which nothing is done yet. */
export function newJournal<Context>(
  { name, steps }: Runbook<Context> & { name: Journal["name"] },
  about: Pick<Journal, "workload" | "by" | "why" | "disaster">,
  now = new Date(),
): Journal {
  const due = steps.map(({ id, title }) => ({ id, title, status: "due" as const }));
  return { version: 1, name, ...about, startedAt: now.toISOString(), status: "running", steps: due };
}

/**
 * Takes the steps of a runbook one after the other. What is done already is not done again.
 *
 * @returns the journal at its end, with the steps that were left for later
 * @throws StepFailed at the first step that failed and cannot wait; the journal says so too
 */
export async function runSteps<Context>({ steps }: Runbook<Context>, context: Context, run: Run): Promise<Journal> {
  const { journal, keep, teller, now = () => new Date() } = run;
  let failed: StepFailed | undefined;
  for (const [index, step] of steps.entries()) {
    const undoes = journal.steps.some(({ id, startedAt }) => id === step.undoes && startedAt);
    if (run.signal.aborted || (failed && !undoes)) continue;
    const entry = journal.steps[index] as JournalStep;
    Object.assign(entry, { status: "running", startedAt: now().toISOString() });
    await keepAnyhow(keep, journal, teller);
    teller.begin(step, { number: index + 1, of: steps.length });
    const started = performance.now();
    const failure = await takeStep(step, context, entry, run);
    const left = step.canWait && !run.signal.aborted;
    Object.assign(entry, failure ? { status: left ? "left" : "failed", error: failure.message } : { status: "done" });
    entry.endedAt = now().toISOString();
    teller.end(entry, performance.now() - started);
    if (failure && !left) failed ??= new StepFailed(step, failure.message);
  }
  const status = failed || run.signal.aborted ? "failed" : "done";
  Object.assign(journal, { status, endedAt: now().toISOString() });
  await keepAnyhow(keep, journal, teller);
  run.signal.throwIfAborted();
  if (failed) throw failed;
  return journal;
}

async function takeStep<Context>(
  step: RunbookStep<Context>,
  context: Context,
  entry: JournalStep,
  { signal: ended, teller }: Run,
): Promise<Error | undefined> {
  const tooLong = AbortSignal.timeout(step.limit * 1000);
  const signal = AbortSignal.any([ended, tooLong]);
  let reported = "";
  const report = (line: string) => {
    reported = line;
    teller.report(line);
  };
  const watch: StepWatch = { signal, report };
  try {
    ended.throwIfAborted();
    if ((await step.before?.(context, watch)) === "done") {
      entry.said = "done already";
      return undefined;
    }
    const said = await step.act(context, watch);
    if (said) entry.said = said;
    await step.after?.(context, watch);
    return undefined;
  } catch (error) {
    if (ended.aborted) return ended.reason;
    if (!tooLong.aborted) return error as Error;
    const { name, message } = error as Error;
    // That it was broken off says nothing of what it waited for.
    const last = error === tooLong.reason || name === "AbortError" ? reported : message;
    return new Error(
      `expected to be done within ${step.limit} s, found that it is not${last && `; the last it said: ${last}`}`,
    );
  }
}

/** A journal that can't be kept is no reason to leave users without a site. */
async function keepAnyhow(keep: Run["keep"], journal: Journal, teller: Teller): Promise<void> {
  await keep(journal).catch((error: Error) => teller.report(`the journal can't be kept: ${error.message}`));
}
