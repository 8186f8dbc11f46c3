/** A state in the Amazon States Language, as far as it is common to all kinds. */
export interface AslState {
  Type: "Choice" | "Fail" | "Map" | "Pass" | "Succeed" | "Task" | "Wait";
  [field: string]: unknown;
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
