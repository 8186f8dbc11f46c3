/** The numbers that the queue, its dead-letter queue and the replicator must agree on. */
export interface QueuePlan {
  /** Longest run of one invocation, in seconds. */
  functionTimeoutSeconds: number;
  /** How long a received message stays hidden, in seconds. */
  visibilitySeconds: number;
  /** Messages that one invocation takes at most. */
  batchSize: number;
  /** Deliveries after which a message is set aside in the dead-letter queue. */
  maxReceives: number;
  /** How long the queue keeps a message that nobody could work on, in seconds. */
  retentionSeconds: number;
  /** How long the dead-letter queue keeps a message, in seconds, counted from when it first came. */
  deadLetterRetentionSeconds: number;
  /** Invocations at once, at most. */
  concurrency: number;
}

const DAY_SECONDS = 24 * 60 * 60;

/**
 * Plans the queue between the bucket and the replicator.
 *
 * The visibility is six times the function's time-out and the receives at least five, as "Configuring an
 * SQS queue to trigger a Lambda function" asks; 14 days is the longest that SQS keeps
 * a message. A message takes its age along into the dead-letter queue, which must therefore keep it longer
 * ("Using dead-letter queues in Amazon SQS").
 *
 * @param concurrency invocations at once, 2 to 1000 (the limits of the event source's MaximumConcurrency)
 */
export function planQueue(concurrency: number): QueuePlan {
  const functionTimeoutSeconds = 300;
  return {
    functionTimeoutSeconds,
    visibilitySeconds: 6 * functionTimeoutSeconds,
    batchSize: 10,
    maxReceives: 5,
    retentionSeconds: 4 * DAY_SECONDS,
    deadLetterRetentionSeconds: 14 * DAY_SECONDS,
    concurrency,
  };
}
