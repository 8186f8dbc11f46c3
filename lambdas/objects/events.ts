import * as z from "zod/mini";
import { Permanent } from "./failure.ts";

/** A key of a bucket at which something may have happened. */
export interface Hint {
  bucket: string;
  /** The key as it is, decoded. */
  key: string;
  /** When it happened, where the message tells. */
  at?: Date;
}

/** A key has at least one byte; a request for none is one for the bucket. */
const KEY = z.string().check(z.minLength(1));

/** What the replicator reads of an S3 event message (structure 2.x, "Event message structure"). */
const MESSAGE = z.union([
  z.object({ Event: z.literal("s3:TestEvent") }),
  z.object({
    Records: z.array(
      z.object({
        eventTime: z.optional(z.string()),
        s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: KEY }) }),
      }),
    ),
  }),
]);

/**
 * The keys that an S3 event message speaks of; none for the test that S3 sends when notifications are set up.
 *
 * @throws Permanent that says what is wrong when the text is no such message
 */
export function readHints(body: string): Hint[] {
  const message = MESSAGE.safeParse(parseJson(body));
  if (!message.success) throw new Permanent(`expected an S3 event message, found ${body.slice(0, 200)}`);
  if ("Event" in message.data) return [];
  return message.data.Records.map(({ eventTime, s3 }) => {
    const at = new Date(eventTime ?? Number.NaN);
    return { bucket: s3.bucket.name, key: decodeKey(s3.object.key), ...(!Number.isNaN(at.getTime()) && { at }) };
  });
}

/** A message that hints at a key as S3's own do. */
export function writeHint({ bucket, key, at = new Date() }: Hint): string {
  const s3 = { bucket: { name: bucket }, object: { key: encodeURIComponent(key) } };
  return JSON.stringify({ Records: [{ eventTime: at.toISOString(), s3 }] });
}

/** S3 encodes the key of an event, or of an inventory, as a form does: `+` for a space, percent signs for the rest. */
export function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    throw new Permanent(`expected a key encoded as in a form, found ${JSON.stringify(encoded)}`);
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
