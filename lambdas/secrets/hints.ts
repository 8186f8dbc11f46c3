import * as z from "zod/mini";
import { Permanent } from "../objects/failure.ts";

/** Secrets to which something may have happened. */
export interface Hint {
  /** Names or ARNs, as an event calls them. */
  secrets: string[];
  /** When it happened, where the message tells. */
  at?: Date;
}

const ID = z.optional(z.nullable(z.string()));

/** What is read of an event; of requests that come through CloudTrail values are left out by AWS itself. */
const EVENT = z.object({
  source: z.literal("aws.secretsmanager"),
  time: z.optional(z.string()),
  detail: z.object({
    /** "Secret Label Updated event" */
    name: ID,
    /** "Logging AWS Secrets Manager events with AWS CloudTrail": the ARN's case differs from call to call. */
    requestParameters: z.optional(z.nullable(z.object({ secretId: ID, name: ID }))),
    responseElements: z.optional(z.nullable(z.object({ arn: ID, aRN: ID }))),
    additionalEventData: z.optional(z.nullable(z.object({ SecretId: ID }))),
  }),
});

/** A message of our own, by which a comparison has a secret looked at. */
const OWN = z.object({ secret: z.string() });

/**
 * The secrets that a message speaks of.
 *
 * @throws Permanent when it speaks of none; the message is not repeated, for nobody knows what is in it
 */
export function readHint(body: string): Hint {
  const json = parseJson(body);
  const own = OWN.safeParse(json);
  if (own.success) return { secrets: [own.data.secret] };
  const event = EVENT.safeParse(json);
  if (!event.success) throw new Permanent("expected an event of Secrets Manager, found another message");
  const { name, requestParameters, responseElements, additionalEventData } = event.data.detail;
  const called = [
    ...[name, responseElements?.arn, responseElements?.aRN, additionalEventData?.SecretId],
    ...[requestParameters?.secretId, requestParameters?.name],
  ].filter((each) => each !== undefined && each !== null);
  if (called.length === 0) throw new Permanent("expected an event that names a secret, found one without");
  const at = new Date(event.data.time ?? Number.NaN);
  return { secrets: [...new Set(called)], ...(!Number.isNaN(at.getTime()) && { at }) };
}

/** A message that hints at a secret. */
export function writeHint(secret: string): string {
  return JSON.stringify({ secret });
}

/**
 * The names that a secret may have that nobody finds any more: an ARN ends with six letters that are no part of the name,
 * and a partial one does not.
 */
export function namesIn(id: string): string[] {
  const [, told = id] = /^arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(id) ?? [];
  return told === id ? [id] : [...new Set([told.replace(/-[A-Za-z0-9]{6}$/, ""), told])];
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
