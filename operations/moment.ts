import { WrongUsage } from "./command.ts";

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Reads a moment in the past. Its zone must be said: a moment that each machine understands in its own zone has sent
 * many a restore to the wrong hour.
 *
 * @param flag the option that it is the value of @example "at"
 * @throws WrongUsage when it is none
 */
export function readMoment(flag: string, text: string, now = new Date()): Date {
  const expected = `--${flag}: expected a moment in the past with its zone, as ${example(now)}, found ${text}`;
  const moment = new Date(text);
  if (!ISO.test(text) || Number.isNaN(moment.getTime())) throw new WrongUsage(expected);
  if (moment > now) throw new WrongUsage(`${expected}, which is still to come`);
  return moment;
}

function example(now: Date): string {
  return new Date(now.getTime() - 3_600_000).toISOString().replace(/:\d{2}\.\d{3}Z$/, ":00Z");
}
