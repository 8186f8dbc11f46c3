import { z } from "zod";
import { AMI } from "./ami.ts";

const image = z.strictObject({ id: z.string(), created: z.iso.datetime() });
const version = z.string().regex(/^\d+\.\d+\.\d+$/);
/** Of the server that is started to see whether it boots. */
const server = z.string();

/** What the state machine asks of the function that carries images (components/replication/image-plan.ts). */
const imageEvent = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("choose"), images: z.array(AMI) }),
  z.strictObject({ action: z.literal("carry"), image, key: z.string() }),
  z.strictObject({ action: z.literal("version"), image }),
  z.strictObject({ action: z.literal("version-state"), version }),
  z.strictObject({ action: z.literal("boot"), version, server }),
  z.strictObject({ action: z.literal("booted"), server }),
  z.strictObject({ action: z.literal("promote"), image, version }),
  z.strictObject({ action: z.literal("clear"), server, version: version.nullable(), failed: z.boolean() }),
]);
export type ImageEvent = z.infer<typeof imageEvent>;
export type EventOf<Action extends ImageEvent["action"]> = Extract<ImageEvent, { action: Action }>;

/** @throws TypeError, which the state machine does not answer with another try */
export function readImageEvent(event: unknown): ImageEvent {
  const read = imageEvent.safeParse(event);
  if (read.success) return read.data;
  throw new TypeError(
    `expected an event of the state machine that carries images, found:\n${z.prettifyError(read.error)}`,
  );
}
