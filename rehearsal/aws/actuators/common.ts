/** The value when it is a text, as a check sees it: unknown values are left out before. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/**
 * Waits for a call that removes something; that it is gone already is no error.
 *
 * AWS's services say so with a 404, or with a code such as NoSuchEntity, InvalidVpcID.NotFound or
 * AWS.SimpleQueueService.NonExistentQueue.
 */
export async function ignoreMissing(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** The result of a call that looks something up; undefined when it is not there. */
export async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { name = "", $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode === 404 || /NotFound|NoSuch|NonExistent|QueueDoesNotExist/.test(name);
}
