import { setTimeout as delay } from "node:timers/promises";
import type { ReleaseDocument } from "../../lambdas/standby/release-document.ts";
import type { RightsBefore } from "../failback/rights.ts";
import type { Operation } from "../operation.ts";
import { textIn } from "../outputs.ts";
import { Journals } from "../runbook/journal.ts";
import type { RunbookStep, StepWatch } from "../runbook/runbook.ts";
import { untilWell } from "./smoke.ts";

type Step = RunbookStep<Operation>;

/** Between two looks at the controller, in milliseconds. */
const LOOK = 1000;

/** What a failback says where there is no database of the standby's own. */
const NO_DATABASE = "not needed: the database is not among what is declared lost";

/** When content is brought home: while users still write, before they are moved, and once they are. */
type Round = "early" | "late" | "last";

const TITLES: Record<Round, string> = {
  early: "Bring the content home, while users still write",
  late: "Bring home the content written meanwhile",
  last: "Bring home the content written until the names had moved",
};

/** Brings home the content that was written at the standby, in rounds: each has less to do than the one before. */
export function contentHome(round: Round): Step {
  return {
    id: `content-${round}`,
    title: TITLES[round],
    what: "Copies to the primary's bucket what was written at the standby since the declaration, and never over what is newer there.",
    byHand: [
      "`npm run dr -- reconcile --back` does the same",
      "Conflicts, of objects that were written at both sides, are named: decide each, then run this again",
    ],
    limit: 24 * 3600,
    ...(round !== "last" && { before: unlessMoved }),
    async act(operation, watch) {
      if (!operation.plan.fenced.content) return "not needed: the content is not among what is declared lost";
      return bringContentHome(operation, round, watch);
    },
  };
}

async function bringContentHome(operation: Operation, round: Round, { report, signal }: StepWatch): Promise<string> {
  const [{ openBucket, openCopies, storeOf }, { failBack }] = await Promise.all([
    import("../objects/sites.ts"),
    import("../objects/failback.ts"),
  ]);
  const since = await sinceOf(operation, round, signal);
  operation.facts.contentAt = new Date().toISOString();
  const bucket = await openBucket(await operation.read("prod"));
  const copies = await storeOf(await openCopies(operation.dr));
  const onProgress = ({ copied, hidden }: { copied: number; hidden: number }) =>
    report(`${copied + hidden} keys came home`);
  const { copied, hidden, conflicts, failed, named } = await failBack(copies, bucket.store, {
    ...{ prefix: "", since, onProgress, signal },
  });
  const told = `${copied} copied, ${hidden} deleted, ${conflicts} conflicts, ${failed} failed`;
  const list = named.map(({ key, reason }) => `  ${JSON.stringify(key)}: ${reason}`);
  // Until users are moved somebody can still decide; then the primary's is what they have, and the other one is named.
  if ((round === "late" && conflicts > 0) || (round !== "early" && failed > 0))
    throw new Error([told, ...list].join("\n"));
  return round === "last" ? [told, ...list].join("\n") : told;
}

/** Once users are moved, only what was written since the round before: what is older they may have changed at home. */
async function sinceOf({ control, dr, facts }: Operation, round: Round, signal: AbortSignal): Promise<Date> {
  if (round === "last" && facts.contentAt) return new Date(facts.contentAt as string);
  const { ownSince } = await import("../objects/declared.ts");
  const since = await ownSince(textIn(dr, "markerEndpoint"), control, signal);
  if (since) return since;
  throw new Error(
    "expected the content's marker, or the controller's word since when it is served, found neither: nobody can tell " +
      "what the standby wrote; `npm run dr -- reconcile --back --since <time>` takes yours",
  );
}

/** Has the standby take no more rows, and copy all that it has. */
export function pauseStandby(): Step {
  return {
    id: "pause",
    title: "Pause writing at the standby, and copy its database",
    what:
      "Sets `handBack: copy` and runs `pulumi up` of stack `dr`: the controller makes the standby's schemas read-only and " +
      "dumps them. From here until the names have moved, users can read, and not write.",
    byHand: [
      "`pulumi config set --stack dr multicloud-dr:handBack copy`, then `pulumi up --stack dr`",
      "To let users write again instead: `pulumi config set --stack dr multicloud-dr:handBack no`, then `pulumi up --stack dr`",
    ],
    limit: 24 * 3600,
    before: unlessMoved,
    async act(operation, watch) {
      if (!operation.plan.database.own) return NO_DATABASE;
      await operation.set("dr", { handBack: "copy" });
      await operation.up("dr", watch);
      const dump = await untilHandedBack(operation, watch);
      operation.facts.copy = dump;
      return `all that the standby has is in the copy ${dump}`;
    },
  };
}

async function untilHandedBack({ control }: Operation, { report, signal }: StepWatch): Promise<string> {
  const { handedBackIn } = await import("../failback/release.ts");
  for (;;) {
    const state = await control.state(signal);
    const dump = handedBackIn(state);
    if (dump !== undefined) return dump;
    report(state.status === "failed" && state.lastError ? `tried again: ${state.lastError.message}` : state.detail);
    await delay(LOOK, undefined, { signal });
  }
}

/** Has RDS keep the primary as it is. */
export function snapshotPrimaryFirst(): Step {
  return {
    id: "snapshot",
    title: "Keep the primary's database as it is",
    what:
      "Has RDS make a snapshot of the primary before anything is loaded over it, and says what the primary has that the " +
      "standby never had: what it confirmed in its last moments, or after the declaration.",
    byHand: [
      "`aws rds create-db-snapshot --db-instance-identifier <output databaseIdentifier of prod> --db-snapshot-identifier <workload>-before-failback-<copy>`",
    ],
    limit: 6 * 3600,
    before: unlessMoved,
    async act(operation, { report, signal }) {
      if (!operation.plan.database.own) return NO_DATABASE;
      const dump = await copyOf(operation, signal);
      const [
        prod,
        { openSnapshots, snapshotName, snapshotPrimary },
        { missingAtStandby, primaryLogin, renderMissing },
        { rightsAt, rightsBeforeLoad },
      ] = await Promise.all([
        operation.read("prod"),
        import("../failback/snapshot.ts"),
        import("../failback/primary.ts"),
        import("../failback/rights.ts"),
      ]);
      const name = snapshotName(operation.workload, dump);
      await snapshotPrimary(await openSnapshots(prod), name, report, signal);
      const login = await primaryLogin(prod);
      const missing = await missingAtStandby(login, await readCopyOf(operation, dump, signal));
      // Kept before the load begins: whoever goes on with it can't see any more how it was.
      const journals = await new Journals(operation.container).list(signal);
      const rightsBefore = await rightsBeforeLoad(dump, journals, () => rightsAt(login));
      Object.assign(operation.facts, { snapshot: name, missing, rightsBefore });
      return `${name}; ${renderMissing(missing)}`;
    },
  };
}

/** Loads the copy into the primary. */
export function databaseHome(): Step {
  return {
    id: "database",
    title: "Load the copy into the primary's database",
    what:
      "Loads the standby's copy from this machine, which has to reach the primary's database (run it inside of the VPC, or " +
      "over a tunnel): beside what is there, compared row by row, then exchanged at one stroke.",
    byHand: [
      "`npm run dr -- failback` goes on where it was; users still cannot write. To let them: `handBack: no` and `pulumi up` of stack `dr`",
      "What was there before is in the snapshot",
    ],
    limit: 48 * 3600,
    typically: "it takes [what the data take](database.md#how-long-a-load-takes)",
    before: unlessMoved,
    async act(operation, { report, signal }) {
      if (!operation.plan.database.own) return NO_DATABASE;
      const dump = await copyOf(operation, signal);
      const [{ loadIntoPrimary }, { primaryLogin }, { openDumps }] = await Promise.all([
        import("../failback/load.ts"),
        import("../failback/primary.ts"),
        import("../database/sites.ts"),
      ]);
      const login = await primaryLogin(await operation.read("prod"));
      const [store, manifest] = [await openDumps(operation.dr), await readCopyOf(operation, dump, signal)];
      const { accounts: before } = operation.facts.rightsBefore as RightsBefore;
      const { lost, events } = await loadIntoPrimary({ login, before, store, manifest, report, signal });
      Object.assign(operation.facts, { lostRights: lost, events });
      return [`${dump} is loaded, every row compared`, ...lost].join("; ");
    },
  };
}

/** Makes sure that the primary is well with what came home. */
export function primaryWellAgain(): Step {
  return {
    id: "primary-well-again",
    title: "Ask the primary once more",
    what: "Asks the primary's app for its health, through the database that was just loaded.",
    byHand: ["`npm run dr -- smoke --site primary` says which question fails"],
    limit: 600,
    async act(operation, watch) {
      return `${(await untilWell("primary", await operation.read("prod"), watch)).length} good answers`;
    },
  };
}

/** Tells the controller that the primary has it all. */
export function releaseStandby(): Step {
  return {
    id: "release",
    title: "Release the standby's database",
    what:
      "Tells the controller that the primary holds the copy. Once nothing is declared any more it lets go of it, if nothing " +
      "was written at the standby since; then it takes dumps, or follows the primary, as before.",
    byHand: [
      "`npm run dr -- status` says why it does not let go",
      "`npm run dr -- restore-database --from latest --discard-standby` gives up what is there",
    ],
    limit: 300,
    async act(operation, { signal }) {
      if (!operation.plan.database.own) return NO_DATABASE;
      const dump = await copyOf(operation, signal);
      const { newRelease, requestRelease } = await import("../failback/release.ts");
      operation.facts.release = newRelease(dump);
      await requestRelease(operation.container, operation.facts.release as ReleaseDocument, signal);
      return `${dump} is at home`;
    },
  };
}

/** Waits until the controller has let go of what the primary holds, where this run has told it to. */
export async function untilReleased({ control, facts }: Operation, { report, signal }: StepWatch): Promise<void> {
  const request = facts.release as ReleaseDocument | undefined;
  if (!request) return;
  const { isReleased } = await import("../failback/release.ts");
  for (;;) {
    const state = await control.state(signal);
    if (isReleased(state, request)) return;
    report(state.detail);
    await delay(LOOK, undefined, { signal });
  }
}

/** The copy that comes home: this run's, or that of one before it. @throws Error when there is none */
async function copyOf({ control, facts }: Operation, signal: AbortSignal): Promise<string> {
  const { handedBackIn } = await import("../failback/release.ts");
  const dump = (facts.copy as string | undefined) ?? handedBackIn(await control.state(signal));
  if (dump !== undefined) return dump;
  throw new Error("expected a copy of the standby's database, found none; run this again from its beginning");
}

/** What comes before the markers go is not done again after it: nobody has written at the standby since. */
export async function unlessMoved({ plan }: Operation): Promise<"done" | "due"> {
  return plan.serves.length > 0 && plan.markers.length === 0 ? "done" : "due";
}

async function readCopyOf(operation: Operation, dump: string, signal: AbortSignal) {
  const [{ readCopy }, { openDumps }] = await Promise.all([
    import("../failback/load.ts"),
    import("../database/sites.ts"),
  ]);
  return readCopy(await openDumps(operation.dr), dump, signal);
}
