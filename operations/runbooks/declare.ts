import type { Disaster } from "../../components/standby/disaster.ts";
import type { Operation } from "../operation.ts";
import type { Runbook } from "../runbook/runbook.ts";
import { bringUp, setDeclaration } from "../steps/declaration.ts";
import { convergeWeights, passEdge, untilNamesMoved } from "../steps/names.ts";
import { untilReady } from "../steps/readiness.ts";
import { smokeStandby } from "../steps/smoke.ts";
import { makeWay } from "../steps/way.ts";

/** Moves users to the standby. @param pastEdge past its edge, which is down */
export function declareRunbook(disaster: Exclude<Disaster, "none">, pastEdge = false) {
  return {
    name: "declare",
    title: "Declare a disaster",
    summary:
      "When the primary is lost, or only its database or its content. From the word to the first answer no API of AWS is " +
      "asked. It can be run again at any time, by anybody: it goes on where things stand.",
    steps: [
      setDeclaration(disaster),
      bringUp(disaster),
      // The rest of AWS is up then, and is asked for it.
      ...(disaster === "database" ? [makeWay()] : []),
      untilReady(),
      smokeStandby(pastEdge),
      ...(pastEdge ? [passEdge()] : []),
      untilNamesMoved(disaster, pastEdge),
      convergeWeights(),
    ],
  } as const satisfies Runbook<Operation>;
}
