import type { Operation } from "../operation.ts";
import type { Runbook } from "../runbook/runbook.ts";
import {
  contentHome,
  databaseHome,
  pauseStandby,
  primaryWellAgain,
  releaseStandby,
  snapshotPrimaryFirst,
} from "../steps/failback.ts";
import { holdByWeights } from "../steps/names.ts";
import { primaryWell } from "../steps/primary.ts";
import type { Shift } from "../steps/shift.ts";
import { moveBack, namesBack, standDown } from "../steps/undeclaration.ts";
import { removeWay } from "../steps/way.ts";

/** Brings users and all that they wrote back to the primary. */
export function failbackRunbook(shift?: Partial<Shift>) {
  return {
    name: "failback",
    title: "Fail back",
    summary:
      "When the primary is well again, in a window: users cannot write from the pause of the standby's database until the " +
      "names have moved. It can be broken off and run again; until the markers go, users stay at the standby.",
    steps: [
      holdByWeights(),
      primaryWell(),
      contentHome("early"),
      pauseStandby(),
      snapshotPrimaryFirst(),
      databaseHome(),
      primaryWellAgain(),
      contentHome("late"),
      moveBack(),
      namesBack(shift),
      contentHome("last"),
      releaseStandby(),
      standDown(),
      removeWay(),
    ],
  } as const satisfies Runbook<Operation>;
}
