/** A state in the Amazon States Language, as far as it is common to all kinds. */
export interface AslState {
  Type: "Choice" | "Fail" | "Map" | "Pass" | "Succeed" | "Task" | "Wait";
  [field: string]: unknown;
}

/**
 * A map each of whose items has an execution of its own, many at once; the first that fails ends it. What is mapped, and
 * what comes after, is the caller's to add.
 *
 * What comes of an item is kept elsewhere: thousands of results would not fit into a state's 256 KiB. Flattened, empty
 * lists stay one empty list, and no bucket is needed for them ("ResultWriter").
 *
 * @param name of the task @example "Dump a portion"
 * @param task what is done with an item
 * @param concurrency items at once, at most
 */
export function distributedMap(name: string, task: AslState, concurrency: number): AslState {
  return {
    Type: "Map",
    MaxConcurrency: concurrency,
    ToleratedFailureCount: 0,
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      StartAt: name,
      States: { [name]: { ...task, Output: [], End: true } },
    },
    ResultWriter: { WriterConfig: { Transformation: "FLATTEN", OutputType: "JSON" } },
  };
}

/** A state machine in the Amazon States Language. */
export interface AslMachine {
  Comment: string;
  /** In what its expressions are written; JSONPath when absent. */
  QueryLanguage?: "JSONata";
  /** When an execution is ended from outside; nothing of the machine runs after that. */
  TimeoutSeconds?: number;
  StartAt: string;
  States: Record<string, AslState>;
}
