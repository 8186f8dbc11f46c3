import { setTimeout as delay } from "node:timers/promises";

/** Between two looks, in milliseconds. */
const LOOK = 1000;

/** How long an answer may take, in milliseconds. */
const PATIENCE = 5000;

/**
 * Whether a file on the markers' website says what is looked for, as a health check asks.
 *
 * @throws Error when the website does not answer
 */
export async function isPublished(url: string, text: string, signal: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  const answer = await fetch(url, { signal: patience, cache: "no-store" }).catch((error: Error) => error);
  signal.throwIfAborted();
  if (answer instanceof Error) throw new Error(`${url} can't be looked at (${answer.cause ?? answer.message})`);
  return answer.ok && (await answer.text()).includes(text);
}

/** Waits until it does, or does not any more. @throws the signal's reason when that takes too long */
export async function untilPublished(url: string, text: string, wanted: boolean, signal: AbortSignal): Promise<void> {
  for (;;) {
    const found = await isPublished(url, text, signal).catch((error: Error) => error);
    if (found === wanted) return;
    await delay(LOOK, undefined, { signal });
  }
}
