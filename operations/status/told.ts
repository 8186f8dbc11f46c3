/** What was found, or why it can't be told: whoever is dead tells nothing, and that is no error of the command. */
export type Told<T> = T | Unknown;

export interface Unknown {
  unknown: string;
}

export function isUnknown(told: unknown): told is Unknown {
  return typeof told === "object" && told !== null && "unknown" in told;
}

/**
 * Waits for what somebody else tells, no longer than a limit, whether they heed the signal or not.
 *
 * @param limit in milliseconds
 * @throws what the signal gives when the command is interrupted
 */
export async function told<T>(
  look: (signal: AbortSignal) => Promise<T>,
  limit: number,
  signal: AbortSignal,
): Promise<Told<T>> {
  signal.throwIfAborted();
  const patience = AbortSignal.timeout(limit);
  const either = AbortSignal.any([signal, patience]);
  const over = new Promise<never>((_, reject) => {
    either.addEventListener("abort", () => reject(either.reason), { once: true });
  });
  try {
    return await Promise.race([look(either), over]);
  } catch (error) {
    signal.throwIfAborted();
    if (patience.aborted) return { unknown: `no answer within ${limit / 1000} s` };
    return { unknown: shortly(error as NodeJS.ErrnoException) };
  }
}

/** Its first line; where that is no more than that a command failed, what it complains of, or that there is none. */
function shortly({ message, code, name }: NodeJS.ErrnoException): string {
  const [first, ...rest] = message.split("\n").map((line) => line.trim());
  const failed = /^(code: |Command failed: )/.test(first ?? "");
  const complaint = failed ? rest.find((line) => line.includes("error: ")) : undefined;
  const [, absent] = (failed || code === "ENOENT" ? /\bspawn (\S+) ENOENT\b/.exec(message) : undefined) ?? [];
  if (absent !== undefined) return `expected the command ${absent} on the PATH, found none`;
  return complaint?.replace(/^stderr: /, "") || first || code || name;
}
