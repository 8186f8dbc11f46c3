import { destroy, type Outcome, openStack, type Project, STACKS, up, type Watch } from "./stacks.ts";

/** The stacks that hold data, and so refuse to be destroyed as long as `protectData` is set. */
const DATA_STACKS = ["prod", "dr"] as const;

/**
 * Takes all four stacks down, data and all: lifts the protection, applies that, and destroys in the reverse
 * of the order in which they were deployed.
 *
 * @throws OperationFailed at the first stack that does not go; those before it are gone
 */
export async function decommission(project: Project, watch: Watch = {}): Promise<Outcome[]> {
  for (const name of DATA_STACKS) {
    const stack = await openStack(project, name);
    await stack.setConfig("multicloud-dr:protectData", { value: "false" });
    await up(project, name, watch);
  }
  const outcomes: Outcome[] = [];
  for (const name of STACKS.toReversed()) outcomes.push(await destroy(project, name, watch));
  return outcomes;
}
