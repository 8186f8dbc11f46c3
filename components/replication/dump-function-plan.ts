/** What one of the functions that dump is given. */
export interface FunctionPlan {
  /** In MiB. */
  memoryMib: number;
  /** Longest run, in seconds. */
  timeoutSeconds: number;
}

/**
 * A chunk is read, encoded, compressed and sent in pieces, so of the memory the process needs at most 256 MiB. The
 * rest buys its processor, one whole at 1769 MiB ("Configure Lambda function memory"): half of it takes twice as long,
 * and costs the same. A chunk is cut to take far less than the 15 minutes that Lambda gives.
 */
export const DUMP_FUNCTION: FunctionPlan = { memoryMib: 1769, timeoutSeconds: 900 };

/** A few statements to a server, and a look at its schemas, which may be thousands of tables. */
export const PREPARE_FUNCTION: FunctionPlan = { memoryMib: 256, timeoutSeconds: 300 };
