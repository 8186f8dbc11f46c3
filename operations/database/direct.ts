import type { Connection } from "mysql2/promise";
import { connect, type Login } from "../../lambdas/database/connection.ts";
import { type LoadProof, readLoaded } from "../../lambdas/database/ledger.ts";
import { loadDump } from "../../lambdas/database/load.ts";
import type { Manifest } from "../../lambdas/database/manifest.ts";
import type { DumpStore } from "../../lambdas/database/store.ts";

/** Chunks that are loaded at once: what a server of a few processors takes without a queue. */
const PARALLEL = 4;

/** What a server holds before a dump is loaded into it. */
export interface Seen {
  /** Id of the dump that was loaded there last, if one was. */
  loaded?: string;
  /** Schemas there that the dump's take the place of. */
  replaces: string[];
}

/** Looks what stands at a server. @throws Error when it lets nobody in, or would take no rows */
export async function seenAt(login: Login, { schemas }: Manifest): Promise<Seen> {
  const connection = await connect(login);
  try {
    await requireLocalInfile(connection, login.host);
    const loaded = await readLoaded(connection);
    const [rows] = await connection.query("SHOW SCHEMAS");
    const there = new Set((rows as Record<string, string>[]).flatMap((row) => Object.values(row)));
    return { ...(loaded && { loaded: loaded.dump }), replaces: schemas.filter((schema) => there.has(schema)) };
  } finally {
    await connection.end();
  }
}

/** Every row comes by LOAD DATA LOCAL, which RDS allows and MySQL itself does not, unless told. */
async function requireLocalInfile(connection: Connection, host: string): Promise<void> {
  const [rows] = await connection.query("SELECT @@GLOBAL.local_infile AS allowed");
  const [row] = rows as { allowed: number }[];
  if (Number(row?.allowed) === 1) return;
  throw new Error(
    `expected local_infile ON at ${host}, found OFF: set that parameter (on RDS in the instance's parameter group)`,
  );
}

export interface DirectLoad {
  login: Login;
  store: DumpStore;
  manifest: Manifest;
  onProgress: (text: string) => void;
  signal: AbortSignal;
}

/** Loads a dump from here; one that was begun there and not ended goes on. */
export function loadDirectly({ onProgress, ...load }: DirectLoad): Promise<LoadProof> {
  const progress = ({ phase, done, of }: { phase: string; done: number; of: number }) =>
    onProgress(`${phase}: ${done} of ${of}`);
  return loadDump({ ...load, parallel: PARALLEL, progress });
}
