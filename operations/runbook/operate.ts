import type { Operation } from "../operation.ts";
import { type Journal, Journals, type OperationName } from "./journal.ts";
import { takeLease } from "./operation-lease.ts";
import { newJournal, runSteps } from "./run.ts";
import type { Runbook } from "./runbook.ts";
import { teller } from "./tell.ts";

/**
 * Runs a runbook as the only one who does, and keeps its journal.
 *
 * @throws Error when somebody else is at work, or a step failed
 */
export async function operate(
  runbook: Runbook<Operation> & { name: OperationName },
  operation: Operation,
  disaster: string | undefined,
  signal: AbortSignal,
): Promise<Journal> {
  const { by, why, workload, container } = operation;
  const about = { workload, by, ...(why && { why }), ...(disaster && { disaster }) };
  const journal = newJournal(runbook, about);
  const { startedAt } = journal;
  await using lease = await takeLease(container, { operation: runbook.name, by, startedAt }, signal);
  const journals = new Journals(container);
  return await runSteps(runbook, operation, {
    journal,
    keep: (kept) => {
      if (Object.keys(operation.facts).length > 0) kept.report = operation.facts;
      return journals.write(kept, AbortSignal.timeout(10_000));
    },
    teller: teller(),
    signal: AbortSignal.any([signal, lease.signal]),
  });
}
