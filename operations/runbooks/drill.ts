import type { Operation } from "../operation.ts";
import type { Runbook } from "../runbook/runbook.ts";
import {
  beginDrill,
  compareSites,
  endDrill,
  passPreflight,
  recordDrift,
  recordDrill,
  stampDrill,
  untilRestored,
} from "../steps/drill.ts";
import { smokeStandby } from "../steps/smoke.ts";

/** Rehearses a disaster of the site with the real standby, and moves nobody. */
export const drillRunbook = {
  name: "drill",
  title: "Drill",
  summary:
    "Each quarter: the standby becomes all that it would be in a disaster of the site, is asked what users would ask, and " +
    "is taken down again. No marker is written and no name moves. Two quarters without one make the standby stale.",
  steps: [
    passPreflight(),
    recordDrift(),
    beginDrill(),
    untilRestored(),
    smokeStandby(),
    compareSites(),
    endDrill(),
    recordDrill(),
    stampDrill(),
  ],
} as const satisfies Runbook<Operation>;
