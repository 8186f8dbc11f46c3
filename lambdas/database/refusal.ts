/** An error as the driver throws it. */
export interface ServerError extends Error {
  errno?: number;
  code?: string;
  /** Whether the connection ended with it. */
  fatal?: boolean;
}

/** What says nothing about a statement: it may do a moment later. Codes of "Server Error Message Reference". */
const PASSING = new Set([
  ...["ER_LOCK_WAIT_TIMEOUT", "ER_LOCK_DEADLOCK", "ER_QUERY_INTERRUPTED", "ER_QUERY_TIMEOUT", "ER_SERVER_SHUTDOWN"],
  ...[
    "ER_OPTION_PREVENTS_STATEMENT",
    "ER_READ_ONLY_MODE",
    "ER_DISK_FULL",
    "ER_RECORD_FILE_FULL",
    "ER_OUT_OF_RESOURCES",
  ],
]);

/** Whether a server understood a statement and will not do it, now or later. */
export function isRefusal(error: unknown): error is ServerError {
  const { code = "", errno, fatal } = error as ServerError;
  return errno !== undefined && fatal !== true && code.startsWith("ER_") && !PASSING.has(code);
}

/** Runs a statement; a refusal is an answer and no error. */
export async function refusalOf(statement: Promise<unknown>): Promise<ServerError | undefined> {
  try {
    await statement;
    return undefined;
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
}
