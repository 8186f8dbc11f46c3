import { connect, type Login } from "../../lambdas/database/connection.ts";
import { wakeEvents } from "../../lambdas/database/events.ts";
import { dumpNames, momentOf, STANDBY_COPY } from "../../lambdas/database/layout.ts";
import type { LoadProof } from "../../lambdas/database/ledger.ts";
import type { Manifest } from "../../lambdas/database/manifest.ts";
import { type DumpStore, MissingError } from "../../lambdas/database/store.ts";
import { lookAt } from "../../lambdas/database/stored-dumps.ts";
import { loadDirectly, seenAt } from "../database/direct.ts";
import { lostRights, type Rights, rightsAt } from "./rights.ts";

/** What came of a load into the primary. */
export interface Returned {
  proof: LoadProof;
  /** Events that run at the primary from now on. */
  events: string[];
  /** What accounts of the primary could do before, and can't any more; each a line for people. */
  lost: string[];
}

export interface Returning {
  /** Of the primary's administrator. */
  login: Login;
  /** What accounts of the primary could do before anything was loaded. */
  before: readonly Rights[];
  store: DumpStore;
  manifest: Manifest;
  report: (line: string) => void;
  signal: AbortSignal;
}

/** The manifest of a copy of the standby. @throws Error when not all of it is there */
export async function readCopy(store: DumpStore, dump: string, signal: AbortSignal): Promise<Manifest> {
  const name = dumpNames(STANDBY_COPY, dump).manifest;
  const copy = { dump, kind: STANDBY_COPY, begunAt: momentOf(dump) } as const;
  const { manifest, faults } = await lookAt(store, copy, signal).catch((error) => {
    if (!(error instanceof MissingError)) throw error;
    return { manifest: undefined, faults: [`there is no ${name}`] };
  });
  if (manifest && faults.length === 0) return manifest;
  throw new Error(
    `expected the copy ${dump} of the standby in ${store.place}, found that it is not whole: ${faults.slice(0, 3).join("; ")}`,
  );
}

/**
 * Loads a copy of the standby into the primary: beside what is there, verified row by row, then exchanged. Interrupted, it
 * goes on where it was; done already, it loads nothing.
 *
 * The administrator as whom it is loaded, the users of RDS and our own stay as they are; so do accounts and schemas that
 * the standby never had. The primary's own events run again.
 */
export async function loadIntoPrimary(given: Returning): Promise<Returned> {
  const { login, before, store, manifest, report, signal } = given;
  await seenAt(login, manifest);
  const proof = await loadDirectly({ login, store, manifest, onProgress: report, signal });
  const connection = await connect(login);
  try {
    // What was disabled at the standby is no replica's here, and stays asleep.
    const events = await wakeEvents(connection, []);
    return { proof, events, lost: lostRights(before, await rightsAt(login)) };
  } finally {
    connection.destroy();
  }
}
