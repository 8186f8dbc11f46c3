/** How long what the site needs may take to answer, in milliseconds. */
const PATIENCE = 1000;

/** What the health path answers. */
export interface Health {
  /** Whether users may be sent here. */
  well: boolean;
  /** What is wrong, by the part that is. */
  problems: Record<string, string>;
}

/** Asks every part of the site at once, and waits for none longer than a second. */
export async function checkHealth(parts: Record<string, (signal: AbortSignal) => Promise<void>>): Promise<Health> {
  const found = await Promise.all(
    Object.entries(parts).map(async ([name, check]) => [name, await problemOf(check)] as const),
  );
  const problems = Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
  return { well: Object.keys(problems).length === 0, problems };
}

async function problemOf(check: (signal: AbortSignal) => Promise<void>): Promise<string | undefined> {
  const signal = AbortSignal.timeout(PATIENCE);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error(`no answer within ${PATIENCE} ms`)));
  });
  try {
    await Promise.race([check(signal), late]);
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    // Some errors of a refused connection have no message of their own.
    return message || name;
  }
}
