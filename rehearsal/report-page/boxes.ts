/** A box that has its place from left to right, and wants one from top to bottom. */
export interface Box {
  left: number;
  right: number;
  height: number;
}

/**
 * Gives each box the highest place where it covers none of those before it.
 *
 * @returns the tops of the boxes, and how high all of them are together
 */
export function stack(boxes: readonly Box[]): { tops: number[]; height: number } {
  const placed: (Box & { top: number })[] = [];
  for (const box of boxes) {
    const beside = placed.filter(({ left, right }) => left < box.right && box.left < right);
    const free = (top: number) => beside.every((each) => each.top >= top + box.height || each.top + each.height <= top);
    const candidates = [0, ...beside.map((each) => each.top + each.height)].sort((one, other) => one - other);
    placed.push({ ...box, top: candidates.find(free) ?? 0 });
  }
  return {
    tops: placed.map(({ top }) => top),
    height: placed.reduce((most, { top, height }) => Math.max(most, top + height), 0),
  };
}
