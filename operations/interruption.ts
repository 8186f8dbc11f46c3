import { setTimeout as delay } from "node:timers/promises";

/**
 * A Ctrl-C reaches at the same time whatever was started, and its end may be seen before the signal is: for so long that
 * is waited for, in milliseconds.
 */
const MOMENT = 100;

/** Why something broke off: what ended it says more than what broke because of that. @param signal what ends it */
export async function reasonOf(error: unknown, signal: AbortSignal): Promise<Error> {
  if (!signal.aborted) await delay(MOMENT);
  return (signal.aborted ? signal.reason : error) as Error;
}
