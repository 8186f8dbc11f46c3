import type { Operation } from "../operation.ts";
import type { Runbook } from "../runbook/runbook.ts";
import { nothingOwn } from "../steps/own-writes.ts";
import { primaryWell } from "../steps/primary.ts";
import { moveBack, namesBack, standDown } from "../steps/undeclaration.ts";
import { removeWay } from "../steps/way.ts";

/**
 * Takes a declaration back where there is nothing to bring home.
 *
 * @param discard also where what was written at the standby would never reach the primary
 */
export function undeclareRunbook(discard: boolean) {
  return {
    name: "undeclare",
    title: "Take a declaration back",
    summary:
      "When it was declared by mistake, or users wrote nothing at the standby that counts. What they wrote there is brought " +
      "home by a failback instead, and this refuses as long as there may be any.",
    steps: [nothingOwn(discard), primaryWell(), moveBack(), namesBack(), standDown(), removeWay()],
  } as const satisfies Runbook<Operation>;
}
