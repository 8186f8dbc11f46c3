import { type ContainerClient, RestError } from "@azure/storage-blob";
import { textIfThere } from "../../lambdas/standby/blob-text.ts";
import type { Journal } from "../runbook/journal.ts";
import { OPERATOR_BLOB, type Operator, readOperator } from "../runbook/operator.ts";

/** Whoever has the right, and has not said yet who they are. */
const SOMEBODY: Operator = { operation: "something", by: "somebody", startedAt: "unknown" };

/** Who has the sole right to operate now; undefined while nobody has it. */
export async function underWay(container: ContainerClient, abortSignal: AbortSignal): Promise<Operator | undefined> {
  const blob = container.getBlobClient(OPERATOR_BLOB);
  try {
    const { leaseState } = await blob.getProperties({ abortSignal });
    if (leaseState !== "leased") return undefined;
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return undefined;
    throw error;
  }
  return readOperator((await textIfThere(blob, abortSignal)) ?? "") ?? SOMEBODY;
}

/** An operation that was not brought to its end, and waits for somebody to go on. */
export interface Unfinished {
  name: string;
  startedAt: string;
  status: Journal["status"];
  /** The step that it stands at. */
  step?: string;
  error?: string;
}

/** The newest operation, where it did not end well and nobody is at work. @param journals the newest first */
export function unfinishedIn(journals: readonly Journal[], atWork: boolean): Unfinished | undefined {
  const [newest] = journals;
  if (!newest || newest.status === "done" || atWork) return undefined;
  const { name, startedAt, status, steps } = newest;
  const step = steps.find((each) => each.status === "failed") ?? steps.find((each) => each.status === "running");
  return { name, startedAt, status, ...(step && { step: step.title }), ...(step?.error && { error: step.error }) };
}
