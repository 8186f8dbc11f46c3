import { DISASTERS, type Disaster, switchedBy } from "../../components/standby/disaster.ts";
import type { Command } from "../command.ts";
import { declareRunbook } from "../runbooks/declare.ts";
import { runRunbook } from "./run-runbook.ts";
import { RUNBOOK_OPTIONS } from "./runbook-options.ts";

type Declared = Exclude<Disaster, "none">;

/** `npm run dr -- declare` */
export const declare: Command = {
  name: "declare",
  summary:
    "Declare the primary's site, content or database lost: users are moved to Azure. Until the standby serves, no API of AWS is asked.",
  argument: {
    name: "disaster",
    help: "what is lost",
    values: DISASTERS.filter((disaster) => disaster !== "none"),
  },
  options: {
    "bypass-edge": { type: "boolean", help: "past Front Door, where that is down; needs Route 53's control plane" },
    ...RUNBOOK_OPTIONS,
    why: { type: "string", value: "text", help: "why; stands in the public marker" },
    by: { type: "string", value: "name", help: "who does it, public too; the user of this machine without it" },
  },

  async run({ disaster, ...values }, signal) {
    const lost = disaster as Declared;
    const asked = {
      runbook: declareRunbook(lost, values["bypass-edge"] === true),
      disaster: lost,
      question: ({ workload }: { workload: string }) =>
        `Declare the ${lost} of ${workload} lost, and move its users to Azure?`,
      refuse: ({ dr }: { dr: { values: Record<string, unknown> } }) =>
        requireNoLess(dr.values.declaredDisaster as Disaster, lost),
      sets: { declareDisaster: lost, drill: "false", handBack: "no" },
    };
    await runRunbook(asked, values, signal);
  },
};

/** What is declared may only grow: less of it is handed back by a failback, with what was written meanwhile. */
function requireNoLess(declared: Disaster, wanted: Declared): void {
  const now = switchedBy(declared);
  const next = switchedBy(wanted);
  const lost = now.filter((name) => !next.includes(name));
  if (lost.length === 0) return;
  throw new Error(
    `expected nothing to be declared that ${wanted} does not include, found ${declared}; ` +
      "`npm run dr -- failback` hands that back first, or declare site, which includes all",
  );
}
