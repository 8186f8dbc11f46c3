import type { Messages } from "../objects/messages.ts";
import { log } from "../shared/log.ts";
import type { Metrics } from "../shared/metrics.ts";
import { type Comparison, compare } from "./drift.ts";
import { writeHint } from "./hints.ts";
import type { Copy, SourceSecret } from "./secret-state.ts";

/** What a sweep goes through. */
export interface Sides {
  source: { list(): Promise<SourceSecret[]> };
  target: { list(): Promise<Copy[]> };
  workload: string;
}

/** Compares both sides, and changes nothing. */
export async function look({ source, target, workload }: Sides): Promise<Comparison> {
  const [sources, copies] = await Promise.all([source.list(), target.list()]);
  return compare(sources, copies, workload);
}

/**
 * Compares both sides, and has each secret whose copy differs looked at by a message to the queue: lists are some seconds
 * old, so what is done about it the replicator decides. What somebody else wrote stays his, and is only counted.
 */
export async function sweep({
  messages,
  metrics,
  ...sides
}: Sides & { messages: Pick<Messages, "enqueue">; metrics: Metrics }): Promise<Comparison> {
  const comparison = await look(sides);
  const { secrets, drift } = comparison;
  await messages.enqueue(drift.filter(({ kind }) => kind !== "foreign").map(({ secret }) => writeHint(secret)));
  metrics.add("Compared", secrets, "Count");
  // Also when there are none: that nothing is measured is what the alarm takes for a sweep that does not run.
  metrics.add("Drifted", drift.length, "Count");
  log.info({ compared: secrets, drift });
  return comparison;
}
