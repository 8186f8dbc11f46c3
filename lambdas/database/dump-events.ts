import { z } from "zod";
import { DUMP_KINDS } from "./layout.ts";
import { frozen, obstacle, portion } from "./manifest.ts";

const server = { host: z.string(), port: z.number() };
const underway = { dump: z.string(), kind: z.enum(DUMP_KINDS) };
const startedAt = z.iso.datetime();
const state = { startedAt, frozen, obstacles: z.array(obstacle) };

/** What the state machine asks of the function that dumps (components/replication/dump-plan.ts). */
const dumpEvent = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("freeze"), ...server }),
  z.strictObject({ action: z.literal("plan"), ...server, startedAt }),
  z.strictObject({ action: z.literal("portion"), ...server, ...underway, portion }),
  z.strictObject({ action: z.literal("seal"), ...server, ...state, ...underway }),
]);
export type DumpEvent = z.infer<typeof dumpEvent>;
export type EventOf<Action extends DumpEvent["action"]> = Extract<DumpEvent, { action: Action }>;

/** @throws TypeError, which the state machine does not answer with another try */
export function readDumpEvent(event: unknown): DumpEvent {
  const read = dumpEvent.safeParse(event);
  if (read.success) return read.data;
  throw new TypeError(`expected an event of the state machine that dumps, found:\n${z.prettifyError(read.error)}`);
}
