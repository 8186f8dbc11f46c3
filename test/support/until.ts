import { setTimeout as delay } from "node:timers/promises";

/** Asks again and again until a condition holds. @param what for the error when it never does */
export async function until(condition: () => Promise<boolean> | boolean, what: string, patience = 20_000) {
  const deadline = performance.now() + patience;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`it never came to this: ${what}`);
    await delay(20);
  }
}
