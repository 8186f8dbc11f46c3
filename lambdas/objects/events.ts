import * as z from "zod/mini";

/** A key of a bucket at which something may have happened. */
export interface Hint {
  bucket: string;
  /** The key as it is, decoded. */
  key: string;
}

/** What the replicator reads of an S3 event message (structure 2.x, "Event message structure"). */
const MESSAGE = z.union([
  z.object({ Event: z.literal("s3:TestEvent") }),
  z.object({
    Records: z.array(
      z.object({ s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }) }),
    ),
  }),
]);

/**
 * The keys that an S3 event message speaks of; none for the test that S3 sends when notifications are set up.
 *
 * @throws Error that says what is wrong when the text is no such message
 */
export function readHints(body: string): Hint[] {
  const message = MESSAGE.safeParse(parseJson(body));
  if (!message.success) throw new Error(`expected an S3 event message, found ${body.slice(0, 200)}`);
  if ("Event" in message.data) return [];
  return message.data.Records.map(({ s3 }) => ({ bucket: s3.bucket.name, key: decodeKey(s3.object.key) }));
}

/** S3 encodes the key of an event as a form does: `+` for a space, percent signs for the rest. */
function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    throw new Error(`expected a key encoded as in a form, found ${JSON.stringify(encoded)}`);
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
