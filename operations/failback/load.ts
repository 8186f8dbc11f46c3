import type { Connection } from "mysql2/promise";
import { connect, type Login } from "../../lambdas/database/connection.ts";
import { type Definitions, readDefinitions } from "../../lambdas/database/definitions.ts";
import { wakeEvents } from "../../lambdas/database/events.ts";
import { ADMINISTRATOR, dumpNames, momentOf, STANDBY_COPY } from "../../lambdas/database/layout.ts";
import type { LoadProof } from "../../lambdas/database/ledger.ts";
import type { Manifest } from "../../lambdas/database/manifest.ts";
import { type DumpStore, MissingError } from "../../lambdas/database/store.ts";
import { lookAt } from "../../lambdas/database/stored-dumps.ts";
import { loadDirectly, seenAt } from "../database/direct.ts";

type Accounts = Definitions["accounts"];

/** What came of a load into the primary. */
export interface Returned {
  proof: LoadProof;
  /** Events that run at the primary from now on. */
  events: string[];
  /** What accounts of the primary could do before, and can't any more; each a line for people. */
  lost: string[];
}

export interface Returning {
  login: Login;
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
export async function loadIntoPrimary({ login, store, manifest, report, signal }: Returning): Promise<Returned> {
  await seenAt(login, manifest);
  const connection = await connect(login);
  let before: Accounts;
  try {
    before = await accountsOf(connection);
  } finally {
    connection.destroy();
  }
  const proof = await loadDirectly({ login, store, manifest, onProgress: report, signal });
  // Another connection: a load may take longer than a server keeps one that is silent.
  const second = await connect(login);
  try {
    // What was disabled at the standby is no replica's here, and stays asleep.
    const events = await wakeEvents(second, []);
    return { proof, events, lost: lostRights(before, await accountsOf(second)) };
  } finally {
    second.destroy();
  }
}

async function accountsOf(connection: Connection): Promise<Accounts> {
  return (await readDefinitions(connection, [], ADMINISTRATOR)).accounts;
}

/**
 * What accounts have lost. A copy can't have what Azure gives nobody, such as a procedure of RDS's; nor can it be told
 * from what somebody took away at the standby.
 */
export function lostRights(before: Accounts, after: Accounts): string[] {
  const held = new Map(after.map((each) => [each.account, each.grants]));
  return before.flatMap(({ account, grants }) => {
    const left = held.get(account);
    if (!left) return [`account ${account} is no more`];
    return grants.filter((grant) => !left.includes(grant)).map((grant) => `account ${account} lost: ${grant}`);
  });
}
