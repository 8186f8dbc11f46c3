import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { destroy, STACKS, type StackName, up, type Watch } from "./stacks.ts";

/** The stacks that hold data, and so refuse to be destroyed as long as `protectData` is set. */
const DATA_STACKS = ["prod", "dr", "link"] as const;

/**
 * Takes all four stacks down, data and all: lifts the protection, applies that, and destroys in the reverse
 * of the order in which they were deployed.
 *
 * @throws OperationFailed at the first stack that does not go; those after it in the order are gone
 */
export async function decommission(stacks: Record<StackName, Stack>, watch: Watch = {}): Promise<void> {
  for (const name of DATA_STACKS) {
    await stacks[name].setConfig("multicloud-dr:protectData", { value: "false" });
    await up(stacks[name], watch);
  }
  for (const name of STACKS.toReversed()) await destroy(stacks[name], watch);
}
