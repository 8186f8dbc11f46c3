import { log } from "../shared/log.ts";
import type { Replicator } from "./batch.ts";

/**
 * Moves parked messages back to the queue, for as long as nothing is declared and there are any.
 *
 * @param deadline when to stop, on the clock of `performance.now()`; the next call goes on
 * @returns how many were moved
 */
export async function unpark(
  { marker, messages }: Pick<Replicator, "marker" | "messages">,
  deadline: number,
): Promise<number> {
  let resumed = 0;
  while (performance.now() < deadline && !(await marker.declared())) {
    const moved = await messages.unpark();
    if (moved === 0) break;
    resumed += moved;
  }
  if (resumed > 0) log.info({ resumed });
  return resumed;
}
