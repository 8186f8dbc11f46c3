import { setTimeout as delay } from "node:timers/promises";
import type { Site } from "../../components/traffic/weights.ts";
import type { Operation } from "../operation.ts";
import type { Outputs } from "../outputs.ts";
import type { RunbookStep, StepWatch } from "../runbook/runbook.ts";
import { type Asked, smoke } from "../smoke/smoke.ts";

type Step = RunbookStep<Operation>;

/** Between two rounds of questions, in milliseconds. */
const LOOK = 1000;

/** Asks the standby all that its users will, by its own hosts. @param pastEdge whether its edge is down */
export function smokeStandby(pastEdge = false): Step {
  return {
    id: "smoke",
    title: "Ask the standby what its users will",
    what: "Asks the app for its health, through its database and its content, and the edge for an object, before DNS sends anybody there.",
    byHand: [
      "`npm run dr -- smoke --site standby` says which question fails",
      "Servers that do not become well: the scale set's instances in Azure's portal, and the log of the app",
    ],
    limit: 1800,
    async act(operation, watch) {
      const asked = await untilWell("standby", operation.dr, watch, pastEdge);
      operation.facts.smoke = asked;
      return `${asked.length} good answers`;
    },
  };
}

/** Asks a site until all is well. @throws Error with the last complaint when that takes too long */
export async function untilWell(
  site: Site,
  outputs: Outputs,
  { report, signal }: StepWatch,
  pastEdge = false,
): Promise<Asked[]> {
  let last = "";
  for (;;) {
    try {
      const asked = await smoke(site, outputs, signal, pastEdge);
      const failing = asked.find(({ ok }) => !ok);
      if (!failing) return asked;
      last = `${failing.title}: ${failing.problem}`;
      report(last);
      await delay(LOOK, undefined, { signal });
    } catch (error) {
      throw signal.aborted && last !== "" ? new Error(last, { cause: error }) : error;
    }
  }
}
