/**
 * Works on the items of a list that may be endless: so many at once, and no more of them are held than that.
 *
 * @throws what the first work that fails throws, once all that had begun has ended; nothing is begun after it
 */
export async function forEachOf<T>(
  items: AsyncIterable<T>,
  parallel: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  try {
    for await (const item of items) {
      const one = work(item)
        .catch((error) => {
          failure ??= { error };
        })
        .then(() => void running.delete(one));
      running.add(one);
      if (running.size >= parallel) await Promise.race(running);
      if (failure) break;
    }
  } finally {
    await Promise.all(running);
  }
  if (failure) throw failure.error;
}
