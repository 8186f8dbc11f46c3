import type { SQSRecord } from "aws-lambda";
import { log } from "../shared/log.ts";
import type { Metrics } from "../shared/metrics.ts";
import type { Budget } from "./budget.ts";
import type { Outcome } from "./decision.ts";
import { type Hint, readHints } from "./events.ts";
import { Fenced, judge, Permanent, Unfinished } from "./failure.ts";
import type { Marker } from "./marker.ts";
import type { Messages } from "./messages.ts";
import { putOff } from "./put-off.ts";
import { replicate } from "./replicate.ts";
import type { Source, Target } from "./store.ts";

/** What the replicator works with. */
export interface Replicator {
  source: Source;
  target: Target;
  /** The one bucket whose events are expected. */
  bucket: string;
  messages: Messages;
  marker: Marker;
  metrics: Metrics;
  budget: Budget;
  /** Whether the target is to fetch large objects itself. */
  pull: boolean;
}

const COUNTED: Partial<Record<Outcome, string>> = { copied: "Copied", hidden: "Hidden", unchanged: "Unchanged" };

/**
 * Works on one message.
 *
 * @param deadline when to leave a large object for another invocation, on the clock of `performance.now()`
 * @returns whether the message is done with; otherwise it comes again
 */
export async function work(replicator: Replicator, record: SQSRecord, deadline: number): Promise<boolean> {
  try {
    for (const hint of readHints(record.body)) await follow(replicator, hint, deadline);
    return true;
  } catch (error) {
    return answer(replicator, record, error).catch((problem) => {
      // The others of the batch are done with all the same; this one comes again by itself, in the queue's own time.
      log.error({ messageId: record.messageId, outcome: "left", err: problem });
      return false;
    });
  }
}

/** Follows one hint: brings the copy of its key to the source's state. */
async function follow(replicator: Replicator, hint: Hint, deadline: number): Promise<void> {
  const { source, target, marker, budget, pull, metrics } = replicator;
  if (hint.bucket !== replicator.bucket) {
    throw new Permanent(`expected events of bucket ${replicator.bucket}, found ${hint.bucket}`);
  }
  const started = performance.now();
  const options = { budget, deadline, pull, mayWrite: () => marker.mayWrite() };
  const { outcome, bytes, version } = await replicate(source, target, hint.key, options).catch((error) => {
    throw Object.assign(error as Error, { key: hint.key });
  });
  log.info({ key: hint.key, version, outcome, bytes, milliseconds: Math.round(performance.now() - started) });
  const counted = COUNTED[outcome];
  if (counted) metrics.add(counted, 1, "Count");
  if (outcome === "copied") metrics.add("Bytes", bytes, "Bytes");
  if (hint.at && outcome !== "unchanged")
    metrics.add("LagMilliseconds", Date.now() - hint.at.getTime(), "Milliseconds");
}

/** Decides what becomes of a message that could not be worked on. */
async function answer({ messages, marker, metrics }: Replicator, record: SQSRecord, error: unknown): Promise<boolean> {
  const { key } = error as { key?: string };
  const noted = { key, messageId: record.messageId };
  if (error instanceof Unfinished) {
    log.info({ ...noted, outcome: "unfinished", reason: error.message });
    await messages.enqueue([record.body]);
    return true;
  }
  const { fault, reason } = judge(error);
  // While the content is declared lost the right to write is gone too, and may be gone before the marker is read.
  if (error instanceof Fenced || (fault === "denied" && (await marker.declared()))) {
    log.info({ ...noted, outcome: "parked" });
    metrics.add("Parked", 1, "Count");
    await messages.park(record.body);
    return true;
  }
  return putOff({ messages, metrics }, record, { fault, reason, subject: key, noted, err: error });
}
