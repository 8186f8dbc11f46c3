/** What a step tells while it is taken. */
export interface StepWatch {
  /** One line of how far it is. */
  report(line: string): void;
  /** Ctrl-C, the step's time limit, or a lost lease. */
  signal: AbortSignal;
}

/**
 * One step of a runbook: checked before, taken, checked after. It can be taken again at any time, and then does what is
 * left: a runbook that was broken off is gone on with by running it once more.
 */
export interface RunbookStep<Context> {
  /** Stable, in small letters; names the step in the journal. @example "bring-up" */
  id: string;
  title: string;
  /** What it does, in the words of the printed runbook. */
  what: string;
  /** What people do in its stead when it fails; a line of Markdown each. */
  byHand: readonly string[];
  /** Seconds it may take. */
  limit: number;
  /** What it takes as far as that is known, after the word "typically"; measured in the rehearsal, or counted with there. */
  typically?: string;
  /** Whether the run goes on when it fails: it is then left for later, and said so. @default false */
  canWait?: boolean;
  /** What people have to mind as long as it is left for later; a sentence. */
  meanwhile?: string;
  /** Step since whose beginning this one is taken whatever failed: it takes away what that one brought. */
  undoes?: string;
  /**
   * Looks whether it is done already.
   *
   * @throws Error when it must not be taken as things are
   */
  before?(context: Context, watch: StepWatch): Promise<"done" | "due">;
  /** @returns a last word for people, if there is one */
  act(context: Context, watch: StepWatch): Promise<string | undefined>;
  /** @throws Error when what was to come about did not */
  after?(context: Context, watch: StepWatch): Promise<void>;
}

/** A thing that operators do, step by step. */
export interface Runbook<Context> {
  /** As the command has it. @example "declare" */
  name: string;
  title: string;
  /** When it is done, and what comes of it. */
  summary: string;
  steps: readonly RunbookStep<Context>[];
}
