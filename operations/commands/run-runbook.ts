import type { Values } from "../command.ts";
import type { Operation } from "../operation.ts";
import type { Journal, OperationName } from "../runbook/journal.ts";
import type { Runbook } from "../runbook/runbook.ts";
import { confirm } from "../terminal.ts";
import { folderOf, print, textOf } from "./objects-options.ts";

/** What a command asks for. */
export interface Asked {
  runbook: Runbook<Operation> & { name: OperationName };
  disaster?: string;
  /** What is asked before anything is done; nothing is, where it moves nobody. */
  question?: (operation: Operation) => string;
  /** Refuses what must not be begun as things are. @throws Error */
  refuse?(operation: Operation): void;
  /** Values in the stack file of `dr` that the first `up` is previewed with. */
  sets: Record<string, string>;
}

/** Opens the operation, asks, runs the runbook, and prints what came of it. */
export async function runRunbook(asked: Asked, values: Values, signal: AbortSignal): Promise<void> {
  const { runbook, disaster, question, refuse, sets } = asked;
  const { Operation } = await import("../operation.ts");
  const { by, why, workload } = values;
  const folder = folderOf(values);
  const operation = await Operation.open({ folder, workload: textOf(workload), by: textOf(by), why: textOf(why) });
  refuse?.(operation);
  if (values["dry-run"]) return showPlan(operation, asked, values.json, signal);
  if (question && !values.yes && !(await confirm(question(operation), "--yes or --dry-run", signal))) {
    throw new Error("nothing was done: the answer was no");
  }
  const { operate } = await import("../runbook/operate.ts");
  try {
    const journal = await operate(runbook, operation, disaster, signal);
    print(values.json, journal, renderEnd(runbook, operation, journal, sets));
  } catch (error) {
    if (signal.aborted)
      process.stderr.write("What was begun goes on at the standby. Run the same command again to go on.\n");
    throw error;
  }
}

function renderEnd(
  { title, steps: taken }: Runbook<Operation>,
  { workload }: Operation,
  { steps, startedAt, endedAt = startedAt }: Journal,
  sets: Record<string, string>,
): string {
  const seconds = (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
  const left = steps.filter(({ status }) => status === "left");
  const minded = (id: string) => taken.find((step) => step.id === id)?.meanwhile;
  return [
    `${title}: done for ${workload} in ${seconds.toFixed(1)} s.`,
    ...left.map((step) =>
      [`Left for later: ${step.title}. The same command takes it up again.`, minded(step.id) ?? []].flat().join(" "),
    ),
    ...(Object.keys(sets).length > 0 ? ["Commit Pulumi.dr.yaml: its word holds for whoever runs `up` next."] : []),
  ].join("\n");
}

async function showPlan(operation: Operation, { runbook, sets }: Asked, json: unknown, signal: AbortSignal) {
  const { previewWith } = await import("../preview-with.ts");
  const changes = await previewWith(operation, sets, signal);
  const steps = runbook.steps.map(({ id, title, what }) => ({ id, title, what }));
  const text = [
    `${runbook.title}, for ${operation.workload}:`,
    ...steps.map(({ title, what }, index) => `  ${index + 1}. ${title}\n     ${what}`),
    `The first up of stack dr would do: ${changes}.`,
    "Nothing was done.",
  ].join("\n");
  print(json, { workload: operation.workload, steps, sets, changes }, text);
}
