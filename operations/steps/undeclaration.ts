import { setTimeout as delay } from "node:timers/promises";
import { SWITCHES } from "../../components/standby/disaster.ts";
import type { Operation } from "../operation.ts";
import type { RunbookStep } from "../runbook/runbook.ts";
import { untilMarkers } from "./declaration.ts";
import { untilReleased } from "./failback.ts";
import { untilNamesBack } from "./names.ts";
import { settled } from "./readiness.ts";
import { renderShift, type Shift, shiftBack } from "./shift.ts";

type Step = RunbookStep<Operation>;

/** Takes the markers away while the standby still stands: whoever is there yet is served. */
export function moveBack(): Step {
  return {
    id: "move-back",
    title: "Take the markers away",
    what: "Sets `handBack: move` and runs `pulumi up` of stack `dr`: the primary counts as healthy again, and the standby keeps its capacity.",
    byHand: ["`pulumi config set --stack dr multicloud-dr:handBack move`, then `pulumi up --stack dr`"],
    limit: 1800,
    async act(operation, watch) {
      await operation.set("dr", { handBack: "move" });
      return operation.up("dr", watch);
    },
    after: (operation, watch) => untilMarkers(operation, SWITCHES, false, watch),
  };
}

/** As long as resolvers may keep a name that was asked for at the last moment: the most that a record here lives. */
export const SETTLE = 60;

/**
 * Gives the primary the weight of the names again, and waits until nobody is led elsewhere.
 *
 * @param shift how users are moved @default all at once
 */
export function namesBack({ shares = [], dwell = 0, settle = SETTLE }: Partial<Shift> = {}): Step {
  return {
    id: "names-back",
    title: "Lead the names back to the primary",
    what:
      "Runs `pulumi up` of stack `traffic`, which gives the primary all of the weight, and waits until the names lead there. " +
      "With `--shares` it does so bit by bit, and sends everybody back to the standby at the first answer that is not good.",
    byHand: [
      "`pulumi up --stack traffic`; `dig +short CNAME <name>` tells whereto a name leads",
      "Bit by bit: `pulumi config set --stack traffic multicloud-dr:standbyShare 50` before it, and at last an empty one",
    ],
    limit: 1800 + settle + shares.length * (dwell + 600),
    async act(operation, watch) {
      if (shares.length > 0) {
        await shiftBack(operation, { shares, dwell }, watch);
        watch.report(renderShift({ shares, dwell }));
      }
      await operation.set("traffic", { standbyShare: "" });
      await operation.up("traffic", watch);
      const told = await untilNamesBack(operation, watch);
      watch.report(`resolvers may keep the standby's answer for another ${settle} s`);
      await delay(settle * 1000, undefined, { signal: watch.signal });
      return told;
    },
  };
}

/** Lets the standby go back to what the strategy says. */
export function standDown(): Step {
  return {
    id: "stand-down",
    title: "Let the standby go back",
    what:
      "Sets `declareDisaster: none` and runs `pulumi up` of stack `dr`: the content is replicated again, servers go, and " +
      "the controller stops the database or has it follow the primary. Commit the stack file afterwards.",
    byHand: [
      "`pulumi config set --stack dr multicloud-dr:declareDisaster none` and `multicloud-dr:handBack no`, then `pulumi up --stack dr`",
    ],
    limit: 3600,
    async act(operation, watch) {
      await operation.set("dr", { declareDisaster: "none", declareWhy: "", declareBy: "", handBack: "no" });
      const changed = await operation.up("dr", watch);
      return `${changed}; ${await settled(operation, watch)}`;
    },
    after: untilReleased,
  };
}
