import type { SQSRecord } from "aws-lambda";
import type { Messages } from "../objects/messages.ts";
import { putOff } from "../objects/put-off.ts";
import { log } from "../shared/log.ts";
import type { Metrics } from "../shared/metrics.ts";
import { judgeSecret } from "./failure.ts";
import { namesIn, readHint } from "./hints.ts";
import { isSourceName } from "./names.ts";
import { Copies, type Outcome, replicate, type SecretSource, type SecretTarget } from "./replicate.ts";

/** What the replicator works with. */
export interface Replicator {
  source: SecretSource;
  target: SecretTarget;
  /** Whose secrets cross: the value of the tag. */
  workload: string;
  messages: Pick<Messages, "later" | "setAside">;
  metrics: Metrics;
}

const COUNTED: Record<Outcome, string> = {
  copied: "Copied",
  changed: "Changed",
  disabled: "Disabled",
  unchanged: "Unchanged",
};

/**
 * Works on a batch of messages, one after the other: two that speak of one secret must not race.
 *
 * @returns ids of those that come again
 */
export async function workOn(replicator: Replicator, records: readonly SQSRecord[]): Promise<string[]> {
  const copies = new Copies(replicator.target);
  const left: string[] = [];
  for (const record of records) {
    if (!(await work(replicator, copies, record))) left.push(record.messageId);
  }
  return left;
}

async function work(replicator: Replicator, copies: Copies, record: SQSRecord): Promise<boolean> {
  try {
    const { secrets, at } = readHint(record.body);
    for (const name of await namesOf(replicator.source, secrets)) await follow(replicator, copies, name, at);
    return true;
  } catch (error) {
    return answer(replicator, record, error).catch((problem: Error) => {
      // The others of the batch are done with all the same; this one comes again by itself, in the queue's own time.
      log.error({ messageId: record.messageId, outcome: "left", reason: problem.message });
      return false;
    });
  }
}

/** The names behind what an event calls its secrets; of one that is gone, those that it may have had. */
async function namesOf(source: SecretSource, called: readonly string[]): Promise<Set<string>> {
  const names = new Set<string>();
  for (const id of called) {
    const found = await source.find(id);
    for (const name of found ? [found.name] : namesIn(id).filter(isSourceName)) names.add(name);
  }
  return names;
}

async function follow(
  { source, workload, metrics }: Replicator,
  copies: Copies,
  name: string,
  at: Date | undefined,
): Promise<void> {
  const started = performance.now();
  const { outcome, version } = await replicate(source, copies, name, workload).catch((error) => {
    throw Object.assign(error as Error, { secret: name });
  });
  // Of those that may not cross, most of the account's, there is nothing to tell.
  if (outcome !== "unchanged") {
    log.info({ secret: name, version, outcome, milliseconds: Math.round(performance.now() - started) });
  }
  metrics.add(COUNTED[outcome], 1, "Count");
  if (at && outcome !== "unchanged") metrics.add("LagMilliseconds", Date.now() - at.getTime(), "Milliseconds");
}

/** Decides what becomes of a message that could not be worked on. No error is written down but for its own words. */
async function answer({ messages, metrics }: Replicator, record: SQSRecord, error: unknown): Promise<boolean> {
  const { secret } = error as { secret?: string };
  const noted = { secret, messageId: record.messageId };
  return putOff({ messages, metrics }, record, { ...judgeSecret(error), subject: secret, noted });
}
