import type { SQSRecord } from "aws-lambda";
import { Fenced, judge, Permanent, Unfinished } from "../objects/failure.ts";
import type { Marker } from "../objects/marker.ts";
import type { Messages } from "../objects/messages.ts";
import { putOff } from "../objects/put-off.ts";
import { RefusedError } from "../objects/rest.ts";
import { log } from "../shared/log.ts";
import type { Metrics } from "../shared/metrics.ts";
import { Copier } from "./copy.ts";
import { type Hint, readHint } from "./events.ts";
import { isDigest } from "./names.ts";
import type { Registry } from "./registry.ts";

/** What the replicator works with. */
export interface Replicator {
  source: Registry;
  target: Registry;
  /** The repositories that are copied, and no others. */
  repositories: readonly string[];
  /** Repositories of the target in which layers were seen, by digest. */
  places: Map<string, string>;
  messages: Messages;
  marker: Marker;
  metrics: Metrics;
}

/**
 * Works on one message.
 *
 * @param deadline when to leave the rest for another invocation, on the clock of `performance.now()`
 * @returns whether the message is done with; otherwise it comes again
 */
export async function work(replicator: Replicator, record: SQSRecord, deadline: number): Promise<boolean> {
  let hint: Hint | undefined;
  try {
    hint = readHint(record.body);
    await follow(replicator, hint, deadline);
    return true;
  } catch (error) {
    return answer(replicator, record, hint, error).catch((problem) => {
      // It comes again by itself, in the queue's own time.
      log.error({ messageId: record.messageId, outcome: "left", err: problem });
      return false;
    });
  }
}

/** Brings the copy of what a hint names to the source's state. */
async function follow(replicator: Replicator, { repository, reference, at }: Hint, deadline: number): Promise<void> {
  const { source, target, repositories, places, marker, metrics } = replicator;
  if (!repositories.includes(repository)) {
    throw new Permanent(`expected a push to one of ${repositories.join(", ")}, found ${repository}`);
  }
  const started = performance.now();
  await marker.mayWrite();
  const copier = new Copier(source, target, repository, places, { deadline, mayWrite: () => marker.mayWrite() });
  const done = isDigest(reference) ? await copier.digest(reference) : await copier.tag(reference);
  log.info({ repository, reference, ...done, milliseconds: Math.round(performance.now() - started) });
  if (done.outcome !== "copied") return metrics.add(done.outcome === "gone" ? "Gone" : "Unchanged", 1, "Count");
  metrics.add("Copied", 1, "Count");
  metrics.add("Bytes", done.bytes, "Bytes");
  if (at) metrics.add("LagMilliseconds", Date.now() - at.getTime(), "Milliseconds");
}

/** Decides what becomes of a message that could not be worked on. */
async function answer(
  { messages, marker, metrics }: Replicator,
  record: SQSRecord,
  hint: Hint | undefined,
  error: unknown,
): Promise<boolean> {
  const image = hint && `${hint.repository}${isDigest(hint.reference) ? "@" : ":"}${hint.reference}`;
  const noted = { image, messageId: record.messageId };
  if (error instanceof Unfinished) {
    log.info({ ...noted, outcome: "unfinished", reason: error.message });
    await messages.enqueue([record.body]);
    return true;
  }
  const { fault, reason } = judge(error);
  // While the site is declared lost its images are the standby's; the sweep of a later night brings what came meanwhile.
  if (error instanceof Fenced || (fault === "denied" && (await marker.declared()))) {
    log.info({ ...noted, outcome: "left to a later sweep" });
    metrics.add("Fenced", 1, "Count");
    return true;
  }
  const asked = askedWait(error);
  return putOff({ messages, metrics }, record, { fault, reason, subject: image, noted, err: error, asked });
}

/** Seconds that a registry asks to wait. */
function askedWait(error: unknown): number {
  return error instanceof RefusedError && Number.isFinite(error.retryAfter) ? Math.ceil(error.retryAfter) : 0;
}
