import { type Command, WrongUsage } from "../command.ts";
import type { Operation } from "../operation.ts";
import { drillRunbook } from "../runbooks/drill.ts";
import { runRunbook } from "./run-runbook.ts";
import { RUNBOOK_OPTIONS } from "./runbook-options.ts";

/** `npm run dr -- drill` */
export const drill: Command = {
  name: "drill",
  summary: "Rehearse a disaster of the site with the real standby; no user is moved. Keeps a report.",
  options: RUNBOOK_OPTIONS,

  async run(values, signal) {
    const asked = {
      runbook: drillRunbook,
      question: ({ workload }: Operation) =>
        `Stand the standby of ${workload} up for a drill? It costs what it costs in a disaster, while it stands.`,
      refuse: requireNothingDeclared,
      sets: { drill: "true" },
    };
    await runRunbook(asked, values, signal);
  },
};

function requireNothingDeclared({ dr }: Operation): void {
  const { declaredDisaster } = dr.values;
  if (declaredDisaster === "none") return;
  throw new WrongUsage(`expected nothing to be declared, found ${declaredDisaster}: this is no drill`);
}
