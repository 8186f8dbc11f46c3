import { type Ami, newestOf } from "./ami.ts";
import type { NewestImage } from "./newest-document.ts";

/** What is to be done about the images that there are. */
export interface Choice {
  /** What the standby has not got yet, if there is anything. */
  image: { id: string; created: string } | null;
  /** For how long the newest image waits to be at the standby, in milliseconds. */
  waiting: number;
}

/**
 * The newest image, unless the standby has it, or a newer one, already.
 *
 * The state of now decides, not the event: one that nobody told of is found at the next look, and of several that were
 * made meanwhile only the newest is carried.
 */
export function choose(
  images: readonly Ami[],
  standby: NewestImage | undefined,
  now: Date,
): { choice: Choice; chosen?: Ami } {
  const newest = newestOf(images);
  if (!newest || (standby && newest.CreationDate.getTime() <= Date.parse(standby.created))) {
    return { choice: { image: null, waiting: 0 } };
  }
  const image = { id: newest.ImageId, created: newest.CreationDate.toISOString() };
  return { choice: { image, waiting: Math.max(0, now.getTime() - newest.CreationDate.getTime()) }, chosen: newest };
}
