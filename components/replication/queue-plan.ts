import { MOST_TRIES } from "../../lambdas/objects/tries.ts";

/** The numbers that the queues and the replicator must agree on. */
export interface QueuePlan {
  /** Longest run of one invocation, in seconds. */
  functionTimeoutSeconds: number;
  /** Memory of the replicator, in MiB. */
  memoryMib: number;
  /** How long a received message stays hidden, in seconds. */
  visibilitySeconds: number;
  /** Messages that one invocation takes at most. */
  batchSize: number;
  /** Deliveries after which a message is set aside in the dead-letter queue. */
  maxReceives: number;
  /** How long the queue keeps a message that nobody could work on, in seconds. */
  retentionSeconds: number;
  /** How long the dead-letter queue and the parked queue keep a message, in seconds. */
  keptSeconds: number;
  /** Invocations at once, at most. */
  concurrency: number;
}

const DAY_SECONDS = 24 * 60 * 60;

/**
 * Plans the queues between the bucket and the replicator.
 *
 * - A run is short, because a large object is continued by a message of its own: so a replicator that dies loses
 *   two minutes of work at most, and the messages that it held come again soon.
 * - The replicator holds 128 MiB of content at most. Node and the SDK need as much again, and the rest is for
 *   speed: Lambda gives processor in proportion to memory ("Configure Lambda function memory").
 * - The visibility is six times the time-out ("Configuring an SQS queue to trigger a Lambda function").
 * - The receives outlast a day in which the other side does not answer: the replicator waits 5 s before
 *   a second try, twice as long before each further one, and 900 s at most. What can never succeed it sets
 *   aside by itself, with the reason, so these many are for what passes.
 * - A message takes its age along into the dead-letter queue, which must therefore keep it longer ("Using
 *   dead-letter queues in Amazon SQS"); 14 days is the longest that SQS keeps one, and a disaster may last.
 *
 * @param concurrency invocations at once, 2 to 1000 (the limits of the event source's MaximumConcurrency)
 */
export function planQueue(concurrency: number): QueuePlan {
  const functionTimeoutSeconds = 120;
  return {
    functionTimeoutSeconds,
    memoryMib: 512,
    visibilitySeconds: 6 * functionTimeoutSeconds,
    batchSize: 10,
    maxReceives: MOST_TRIES,
    retentionSeconds: 4 * DAY_SECONDS,
    keptSeconds: 14 * DAY_SECONDS,
    concurrency,
  };
}
