import { type Command, WrongUsage } from "../command.ts";
import type { Operation } from "../operation.ts";
import { undeclareRunbook } from "../runbooks/undeclare.ts";
import { runRunbook } from "./run-runbook.ts";
import { RUNBOOK_OPTIONS } from "./runbook-options.ts";

/** `npm run dr -- undeclare` */
export const undeclare: Command = {
  name: "undeclare",
  summary: "Take a declaration back where nothing that counts was written at the standby; else see failback.",
  options: {
    ...RUNBOOK_OPTIONS,
    "discard-standby": {
      type: "boolean",
      help: "also where what was written at the standby never reaches the primary",
    },
  },

  async run(values, signal) {
    const asked = {
      runbook: undeclareRunbook(values["discard-standby"] === true),
      question: ({ workload }: Operation) => `Take the declaration of ${workload} back, and lead its users to AWS?`,
      refuse: requireDeclared,
      sets: { handBack: "move" },
    };
    await runRunbook(asked, values, signal);
  },
};

/** @throws WrongUsage where nothing is declared */
export function requireDeclared({ dr }: Operation): void {
  if (dr.values.declaredDisaster !== "none") return;
  throw new WrongUsage("expected a declared disaster, found none: there is nothing to take back");
}
