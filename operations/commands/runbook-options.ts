import type { Option } from "../command.ts";
import { OBJECTS_OPTIONS } from "./objects-options.ts";

/** Options of every command that runs a runbook. */
export const RUNBOOK_OPTIONS = {
  by: { type: "string", value: "name", help: "who does it; the user of this machine without it" },
  why: { type: "string", value: "text", help: "why; stands in the journal" },
  yes: { type: "boolean", help: "do not ask" },
  "dry-run": { type: "boolean", help: "show the steps, and what the first up would change" },
  ...OBJECTS_OPTIONS,
} as const satisfies Record<string, Option>;
