import { setTimeout as delay } from "node:timers/promises";

/** How a step is worked at that takes minutes or hours. */
export interface LongWork {
  /** Longest time, in milliseconds. What is not done then the next run goes on with. */
  most: number;
  /** Between two looks, in milliseconds. */
  pause: number;
  /** Is done at each look; what it throws ends the work. */
  look(): Promise<void>;
}

/** Why work was ended before it was done; the next run goes on with it, if it is still wanted. */
export class Pause extends Error {}

/** The same, because its time was up. */
export class TimeUp extends Pause {}

/**
 * Works at something, and looks around meanwhile.
 *
 * @throws TimeUp when it was ended because its time was up, Pause when by a look that throws one
 */
export async function workLong<T>(
  { look, most, pause }: LongWork,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const time = AbortSignal.timeout(most);
  const ended = AbortSignal.any([end.signal, time]);
  const looking = (async () => {
    while (!end.signal.aborted) {
      await delay(pause, undefined, { signal: end.signal });
      await look();
    }
  })().catch((error) => end.abort(error));
  try {
    return await work(ended);
  } catch (error) {
    if (end.signal.aborted) throw end.signal.reason;
    if (ended.aborted) throw new TimeUp("its time is up; the next run goes on");
    throw error;
  } finally {
    end.abort();
    await looking;
  }
}
