import { DECLARED, markerPath, READY, readyPath } from "../../components/standby/declaration.ts";
import { type Disaster, type Switch, switchedBy } from "../../components/standby/disaster.ts";
import { nextSize, outOfCapacity } from "../declare/capacity.ts";
import type { Operation } from "../operation.ts";
import { textIn } from "../outputs.ts";
import { isPublished, untilPublished } from "../published.ts";
import type { RunbookStep, StepWatch } from "../runbook/runbook.ts";

type Step = RunbookStep<Operation>;

/** Writes the word into the stack file. */
export function setDeclaration(disaster: Exclude<Disaster, "none">): Step {
  return {
    id: "set",
    title: "Write the declaration into Pulumi.dr.yaml",
    what: "Sets `declareDisaster`, `declareWhy` and `declareBy`; nothing happens by that alone. Commit the file afterwards.",
    byHand: [
      `\`pulumi config set --stack dr multicloud-dr:declareDisaster ${disaster}\` (or \`content\`, \`database\`), and \`…:declareWhy\`, \`…:declareBy\`, which are public`,
      "`pulumi config set --stack dr multicloud-dr:drill false` and `multicloud-dr:handBack no`: with another value no marker is written",
    ],
    limit: 60,
    async act(operation) {
      const { by: declareBy, why: declareWhy, dr } = operation;
      // Declared again without a reason, the first one stands, and so does the marker that tells it.
      const stands = dr.values.declaredDisaster === disaster && declareWhy === "";
      const word: Record<string, string> = stands ? {} : { declareWhy, declareBy };
      await operation.set("dr", { declareDisaster: disaster, ...word, drill: "false", handBack: "no" });
      return undefined;
    },
  };
}

/** Brings the standby up. Where Azure has no server of a size left, it tries the next one of the list. */
export function bringUp(disaster: Exclude<Disaster, "none">): Step {
  return {
    id: "bring-up",
    title: "Bring the standby up",
    what:
      "Runs `pulumi up` of stack `dr`: the markers appear at once, so that Route 53 detects them while servers boot; then " +
      "capacity comes, and the controller gets its plan. Only Azure is asked.",
    byHand: [
      "`pulumi up --stack dr --yes --skip-preview`; what it complains of names the resource and the mend",
      "Where it says that the state is locked by somebody who is gone: `pulumi cancel --stack dr --yes`",
      "Where a size is out of capacity: `pulumi config set --stack dr multicloud-dr:standbyServerSize <another>`",
      ...switchedBy(disaster).map(
        (name) =>
          `Where only the markers are refused: upload \`{"declared":true}\` to \`$web/${markerPath(name)}\` of the account of output \`markerEndpoint\``,
      ),
    ],
    limit: 3600,
    typically:
      "the servers are well 171 s after the word, with a pilot light: `up` and 130 s of boot; making a database on the day " +
      "takes 375 s, and more with a second zone",
    act: upWithRoom,
    after: (operation, watch) => untilMarkers(operation, switchedBy(disaster), true, watch),
  };
}

/** Brings the standby up with the first size of servers of which Azure has enough. */
async function upWithRoom(operation: Operation, watch: StepWatch): Promise<string> {
  const sizes = (operation.dr.values.serverSizes as string[] | undefined) ?? [];
  let [size = ""] = sizes;
  for (;;) {
    try {
      const changed = await operation.up("dr", watch);
      return size === sizes[0] ? changed : `${changed}; servers are ${size}, for Azure has no room for ${sizes[0]}`;
    } catch (error) {
      const next = outOfCapacity((error as Error).message) ? nextSize(sizes, size) : undefined;
      if (next === undefined) throw error;
      watch.report(`no room for servers of size ${size}: ${next} is tried next`);
      await operation.set("dr", { standbyServerSize: next });
      size = next;
    }
  }
}

/** Waits until the world sees the markers of these switches, or does not any more. */
export async function untilMarkers(
  { dr }: Operation,
  switches: readonly Switch[],
  wanted: boolean,
  { report, signal }: StepWatch,
): Promise<void> {
  const endpoint = textIn(dr, "markerEndpoint");
  for (const name of switches) {
    const url = new URL(markerPath(name), endpoint).href;
    report(`${url} is to ${wanted ? "say so" : "be gone"}`);
    await untilPublished(url, DECLARED, wanted, signal);
  }
}

/** Whether the standby says in public that it serves what a switch moves. */
export function isReady({ dr }: Operation, name: Switch, signal: AbortSignal): Promise<boolean> {
  return isPublished(new URL(readyPath(name), textIn(dr, "markerEndpoint")).href, READY, signal);
}
