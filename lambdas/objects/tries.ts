/**
 * Tries of one message, and what the queue itself allows it: at the last of them the replicator sets it aside with the
 * reason, which SQS could not tell. With the waits between them they take a day.
 */
export const MOST_TRIES = 120;
