/** The middle of the values; of an even number of them the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new Error("expected values to take the median of, found none");
  return (lower + upper) / 2;
}

/**
 * The smallest of the values that so many percent of them do not exceed (nearest rank: always one that was measured).
 *
 * @param percent above 0, up to 100 @example 99
 */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.ceil((percent / 100) * sorted.length) - 1];
  if (found === undefined) throw new Error(`expected values to take the percentile ${percent} of, found none`);
  return found;
}

/** The list, begun at another of its members each time, so that nobody always comes first. */
export function rotated<T>(list: readonly T[], turn: number): T[] {
  const start = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
