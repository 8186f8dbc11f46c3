import type { Cause } from "../../../policy/audit/copies/model.ts";
import type { Change } from "../../support/estates.ts";

/** Something that somebody does wrong, and what the audit calls it. */
export interface Mistake extends Change {
  name: string;
  rule: string;
  subject?: string | RegExp;
  cause?: Cause;
  /** What was so before, and is no fault by itself. */
  given?: Change;
}
