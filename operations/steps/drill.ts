import { setTimeout as delay } from "node:timers/promises";
import type { Operation } from "../operation.ts";
import { renderChanges } from "../operation.ts";
import type { RunbookStep, StepWatch } from "../runbook/runbook.ts";
import { smoke } from "../smoke/smoke.ts";
import { DUMP_HOURS } from "../status/limits.ts";
import { DATABASE_TYPICALLY, settled } from "./readiness.ts";

type Step = RunbookStep<Operation>;

/** Rounds in which both sites are asked the same: half of the questions go to each. */
const ROUNDS = 10;

/** From one round to the next, in milliseconds. */
const PAUSE = 500;

/** A drill that would fail for want of a sign-in or a quota has told nothing. */
export function passPreflight(): Step {
  return {
    id: "preflight",
    title: "Look whether a declaration would go through",
    what: "Asks all that `preflight` asks, but who is at work, for that is this drill: nothing is stood up that would fail half-way.",
    byHand: ["`npm run dr -- preflight` says what is amiss, and the mend"],
    limit: 120,
    async act({ folder, workload, facts }, { signal }) {
      const [{ preflight }, { CHECKS }] = await Promise.all([
        import("../preflight/preflight.ts"),
        import("../preflight/checks.ts"),
      ]);
      const others = CHECKS.filter(({ id }) => id !== "under-way");
      const lines = await preflight({ folder, workload, dumpHours: DUMP_HOURS }, signal, others);
      facts.preflight = lines;
      const failed = lines.filter(({ status }) => status === "fail");
      if (failed.length > 0) {
        const told = failed.map(({ title, found, mend }) => `${title}: ${found}${mend ? ` (mend: ${mend})` : ""}`);
        throw new Error(`expected all to be well, found that it is not: ${told.join("; ")}`);
      }
      const warned = lines.filter(({ status }) => status === "warn").length;
      return `${lines.length - warned} of ${lines.length} are well${warned > 0 ? `, ${warned} could be better` : ""}`;
    },
  };
}

/** Writes down how far the standby has drifted from its program, and the clouds from the state. */
export function recordDrift(): Step {
  return {
    id: "drift",
    title: "Record the drift",
    what: "Previews stack `dr`, and compares its state with Azure: what somebody changed by hand is written down before the drill covers it up.",
    byHand: ["`pulumi preview --stack dr`", "`pulumi refresh --stack dr --preview-only`"],
    limit: 900,
    canWait: true,
    async act(operation, watch) {
      const drift = await driftOf(operation, watch);
      operation.facts.driftBefore = drift;
      return `of the program: ${drift.program}; of Azure: ${drift.cloud}`;
    },
  };
}

async function driftOf(operation: Operation, watch: StepWatch): Promise<{ program: string; cloud: string }> {
  const [stack, { preview, drift }] = await Promise.all([operation.stack("dr"), import("../stacks.ts")]);
  const program = renderChanges(await preview(stack, watch));
  // Of a server that is stopped Azure tells nothing, and that is no fault of the drill's.
  const cloud = await drift(stack, watch).then(renderChanges, (error: Error) => `it can't be told (${error.message})`);
  watch.signal.throwIfAborted();
  return { program, cloud };
}

export function beginDrill(): Step {
  return {
    id: "begin",
    title: "Stand the standby up",
    what: "Sets `drill: true` and runs `pulumi up` of stack `dr`: all that a disaster of the site would bring, but for the markers.",
    byHand: ["`pulumi config set --stack dr multicloud-dr:drill true`, then `pulumi up --stack dr`"],
    limit: 3600,
    async act(operation, watch) {
      operation.facts.beganAt = new Date().toISOString();
      await operation.set("dr", { drill: "true" });
      return operation.up("dr", watch);
    },
  };
}

export function untilRestored(): Step {
  return {
    id: "restore",
    title: "Have the database serve what was last carried over",
    what: "The controller starts the database, loads the newest complete dump where there is none in it, compares every row, and promotes it.",
    byHand: ["`npm run dr -- restore-database --list`"],
    limit: 8 * 3600,
    typically: DATABASE_TYPICALLY,
    async act(operation, watch) {
      const detail = await settled(operation, watch);
      const { data } = await operation.control.state(watch.signal);
      operation.facts.dump = data?.loaded;
      return detail;
    },
  };
}

/** Half and half: the same questions to both sites, and nobody but this command asks the standby. */
export function compareSites(): Step {
  return {
    id: "half-and-half",
    title: "Ask both sites half of the questions each",
    what: `Asks the primary and the standby in turn, ${ROUNDS} times each, as if the names answered with both. It counts who answers well; users notice nothing.`,
    byHand: ["`npm run dr -- smoke --site primary` and `npm run dr -- smoke --site standby`, in turn"],
    limit: 600,
    canWait: true,
    async act(operation, { report, signal }) {
      const sites = { primary: await operation.read("prod"), standby: operation.dr };
      const good = { primary: 0, standby: 0 };
      for (let round = 1; round <= ROUNDS; round += 1) {
        for (const site of ["primary", "standby"] as const) {
          const asked = await smoke(site, sites[site], signal);
          if (asked.every(({ ok }) => ok)) good[site] += 1;
        }
        report(`round ${round} of ${ROUNDS}`);
        await delay(PAUSE, undefined, { signal });
      }
      operation.facts.halfAndHalf = { rounds: ROUNDS, ...good };
      const told = `well in ${good.primary} of ${ROUNDS} rounds at the primary, in ${good.standby} at the standby`;
      if (good.standby < ROUNDS) throw new Error(`expected good answers of the standby each time, found it ${told}`);
      return told;
    },
  };
}

export function endDrill(): Step {
  return {
    id: "tear-down",
    title: "Take the standby down again",
    what: "Sets `drill: false` and runs `pulumi up` of stack `dr`; also when a step before failed.",
    byHand: ["`pulumi config set --stack dr multicloud-dr:drill false`, then `pulumi up --stack dr`"],
    limit: 3600,
    undoes: "begin",
    async act(operation, watch) {
      await operation.set("dr", { drill: "false" });
      const changed = await operation.up("dr", watch);
      return `${changed}; ${await settled(operation, watch)}`;
    },
  };
}

export function recordDrill(): Step {
  return {
    id: "record",
    title: "Record what is left behind",
    what: "Previews stack `dr` once more: a drill leaves nothing behind. The journal of this run, in the control container, is its report.",
    byHand: ["`pulumi preview --stack dr`"],
    limit: 900,
    undoes: "begin",
    async act(operation, watch) {
      const { program, cloud } = await driftOf(operation, watch);
      operation.facts.driftAfter = { program, cloud };
      if (program !== "nothing to change")
        throw new Error(`expected a drill to leave nothing behind, found ${program}`);
      return `nothing left behind; Azure differs by: ${cloud}`;
    },
  };
}

/** Keeps the day where the policy pack sees it. A drill that failed is none. */
export function stampDrill(): Step {
  return {
    id: "stamp",
    title: "Write the day down",
    what:
      "Sets `lastDrill`, and runs `pulumi up` of stack `dr`, whose resource group tells it: the policy pack complains once " +
      "two quarters have passed without a drill. Commit the stack file afterwards.",
    byHand: ["`pulumi config set --stack dr multicloud-dr:lastDrill <year-month-day>`, then `pulumi up --stack dr`"],
    limit: 900,
    async act(operation, watch) {
      const lastDrill = new Date().toISOString().slice(0, "2026-11-30".length);
      await operation.set("dr", { lastDrill });
      return `${lastDrill}: ${await operation.up("dr", watch)}`;
    },
  };
}
