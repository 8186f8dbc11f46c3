import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";

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

/** The value as an object; empty when it is none. */
export function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** The values as a list; empty when it is none. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value when it is a number, as a check sees it. */
export function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/**
 * Refuses the inputs that an actuator would have to pass over in silence: the rehearsal would then prove
 * something else than what the program says.
 *
 * @param instead what to do about it
 */
export function refuseLeftOut(inputs: Properties, keys: readonly string[], instead: string): Refusal[] {
  return keys
    .filter((key) => inputs[key] !== undefined)
    .map((property) => ({ property, reason: `the local AWS does not carry this input out: ${instead}` }));
}
