import { automationEngine } from "../preflight/engine.ts";
import { OperationFailed, preview, selectStack } from "../stacks.ts";
import { type Told, told } from "./told.ts";

/** A preview takes seconds; one of what can't be reached may take for ever. */
const LIMIT = 120_000;

/** What an `up` of the two stacks that a failover changes would do, by how many resources meet which fate. */
export async function previews(
  folder: string,
  signal: AbortSignal,
): Promise<Record<"dr" | "traffic", Told<Partial<Record<string, number>>>>> {
  const engine = await automationEngine();
  const of = (name: "dr" | "traffic") =>
    told(
      async (each) => {
        const stack = await selectStack({ folder, environment: {}, engine }, name);
        return preview(stack, { signal: each }).catch(onOneLine);
      },
      LIMIT,
      signal,
    );
  // One after the other: both are programs of this one process.
  const dr = await of("dr");
  return { dr, traffic: await of("traffic") };
}

/** There is one line for all that the engine complains of. */
function onOneLine(error: Error): never {
  if (!(error instanceof OperationFailed)) throw error;
  throw new Error(error.message.replaceAll("\n", " "), { cause: error });
}
