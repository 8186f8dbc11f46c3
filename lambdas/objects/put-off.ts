import type { SQSRecord } from "aws-lambda";
import { log } from "../shared/log.ts";
import type { Metrics } from "../shared/metrics.ts";
import type { Judgement } from "./failure.ts";
import { type Messages, waitBefore } from "./messages.ts";
import { MOST_TRIES } from "./tries.ts";

/** Tries before somebody who may not is believed: with the waits half an hour, thrice what a new role takes to hold. */
const DENIED_TRIES = 10;

/** The longest that a message is hidden because the other side asks for it, in seconds. */
const LONGEST_WAIT = 3600;

/** Why a message could not be worked on. */
export interface Failed extends Judgement {
  /** What it is about, as far as that is known. */
  subject: string | undefined;
  /** What the log has of it in any case. */
  noted: object;
  /** The error itself, for the log; not where it might hold what is for no log. */
  err?: unknown;
  /** Seconds that the other side asks to wait. @default 0 */
  asked?: number;
}

/**
 * Sets a message aside that can never be worked on, or was tried often enough; any other comes again later.
 *
 * @returns whether the message is done with
 */
export async function putOff(
  { messages, metrics }: { messages: Pick<Messages, "later" | "setAside">; metrics: Metrics },
  record: SQSRecord,
  { fault, reason, subject, noted, err, asked = 0 }: Failed,
): Promise<boolean> {
  const receives = Number(record.attributes?.ApproximateReceiveCount ?? 1);
  if (fault === "permanent" || receives >= (fault === "denied" ? DENIED_TRIES : MOST_TRIES)) {
    log.error({ ...noted, outcome: "set aside", reason, ...(err !== undefined && { err }) });
    metrics.add("SetAside", 1, "Count");
    await messages.setAside(record.body, reason, subject);
    return true;
  }
  const seconds = Math.min(LONGEST_WAIT, Math.max(waitBefore(receives), asked));
  log.warn({ ...noted, outcome: "retried", reason, receives, seconds });
  metrics.add("Retried", 1, "Count");
  await messages.later(record.receiptHandle, seconds);
  return false;
}
