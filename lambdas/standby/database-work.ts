import type { Connection, RowDataPacket } from "mysql2/promise";
import { applyAccounts } from "../database/accounts.ts";
import { connect, type Login } from "../database/connection.ts";
import { type CopyArgs, copyStandby } from "../database/copy-standby.ts";
import { follow, leave } from "../database/follow.ts";
import { forgetHeartbeat, startHeartbeat, stopHeartbeat } from "../database/heartbeat.ts";
import { lagOf } from "../database/lag.ts";
import {
  begin,
  type LoadProof,
  noteAccounts,
  openLedger,
  type Phase,
  readLoaded,
  readUnderway,
} from "../database/ledger.ts";
import { isOneWay, loadDump, readDefinitionsOf } from "../database/load.ts";
import { writtenSince } from "../database/logged-writes.ts";
import type { Manifest } from "../database/manifest.ts";
import { dropBeside } from "../database/places.ts";
import { type Promoted, promote } from "../database/promote.ts";
import { closeSchemas, openSchemas, writableSchemas } from "../database/read-only.ts";
import { AZURE_PROCEDURES, type ReplicationProcedures } from "../database/replication-procedures.ts";
import type { DumpStore } from "../database/store.ts";
import { type Preparation, preparationFor } from "./follower-preparation.ts";
import type { SeenData } from "./next-step.ts";
import {
  notePaused,
  notePromoted,
  noteReleased,
  noteResumed,
  noteSeeded,
  noteServing,
  noteTakingPlace,
  readNotes,
  type Tenure,
} from "./notes.ts";
import { requireRoom } from "./room.ts";

/** Connections that load at once: as many as a server of the smaller sizes has processors, or twice. */
const PARALLEL = 4;

/** How far a load is. */
export interface Progress {
  phase: Phase;
  done: number;
  of: number;
}

export interface LoadWork {
  store: DumpStore;
  manifest: Manifest;
  /** The operator's request that it is done for. */
  request?: string;
  /** Whose what is written to it is from the moment that its copy serves, where it is to be promoted. */
  tenure?: Tenure;
  /** Storage of the server in GiB; absent where it grows by itself. */
  storageGib?: number;
  signal: AbortSignal;
  progress(progress: Progress): void;
}

export interface PromoteWork {
  /** Of the primary that is followed, where it is to be locked out. */
  source?: Login;
  tenure: Tenure;
  /** Transaction by whose name somebody gave up all that can't be applied. */
  givenUp?: string;
  signal: AbortSignal;
}

/** The accounts of a dump, for a server that holds another one. */
export type AccountsWork = Pick<LoadWork, "store" | "manifest" | "signal">;

/** A copy of the server's own writes. */
export type CopyWork = Pick<CopyArgs, "dump" | "store" | "signal" | "progress">;

/** What the controller does inside of MySQL. Whatever is cut short can be done again. */
export interface DatabaseWork {
  /** What a server holds, and whom it follows. @param follows whether it is to follow the primary */
  look(server: Login, follows: boolean): Promise<{ data: SeenData; proof?: LoadProof }>;
  load(server: Login, work: LoadWork): Promise<void>;
  /** Has a server follow the primary from where its dump ends, or go on with that. */
  follow(server: Login, primary: Login): Promise<void>;
  /** Gives a server that follows the accounts of a newer dump: nothing else brings them. */
  accounts(server: Login, work: AccountsWork): Promise<void>;
  /** Has a server follow nobody, with nothing more applied: its data are about to be replaced. */
  leave(server: Login): Promise<void>;
  /** Has a server follow nobody, with all that it received, and take writes; notes whose these are. */
  promote(server: Login, work: PromoteWork): Promise<Promoted>;
  /** Has no schema of a server take writes any more; notes by what name it is copied. */
  pause(server: Login, dump: string): Promise<void>;
  /** Copies a server that takes no writes. @throws WrittenError when it took some */
  copy(server: Login, work: CopyWork): Promise<Manifest>;
  /** Has a server forget by what name it is copied, and take no writes all the same. */
  forgetCopy(server: Login): Promise<void>;
  /** What was written since a copy was made. */
  written(server: Login, manifest: Manifest): Promise<string[]>;
  /** Has all schemas take writes again. */
  resume(server: Login): Promise<void>;
  /** The same, and nothing of it is the server's own any more. @param released see `Notes` */
  release(server: Login, released: string): Promise<void>;
}

/** @param patience longest time to apply what was received from the primary, in milliseconds */
export function databaseWork(patience: number, procedures: ReplicationProcedures = AZURE_PROCEDURES): DatabaseWork {
  return {
    look: (server, follows) => withConnection(server, (connection) => lookAt(connection, follows)),
    load: async (server, { request, tenure, storageGib, ...work }) => {
      const takesPlace = (connection: Connection) => noteTakingPlace(connection, tenure, request);
      await withConnection(server, async (connection) => {
        const begun = (await readUnderway(connection))?.dump === work.manifest.dump;
        if (storageGib !== undefined && !begun) await requireRoom(connection, work.manifest, storageGib);
        await beginAnew(connection, work.manifest.dump);
        // What is to be replaced must take that; whoever asked for it gave up what was there.
        await openSchemas(connection);
        // Before anything can cut it short: a copy that beats would pass for one that was promoted.
        await forgetHeartbeat(connection);
        const { phase } = (await readUnderway(connection)) ?? {};
        // It took its place before that was declared.
        if (tenure && phase && isOneWay(phase)) await noteServing(connection, tenure);
      });
      await loadDump({ login: server, parallel: PARALLEL, takesPlace, ...work });
    },
    follow: (server, source) =>
      withConnection(server, async (connection) => {
        const { gtid = "", loadedAt } = (await readLoaded(connection)) ?? {};
        // First: what comes after it is the server's to know.
        if (loadedAt !== undefined) await noteSeeded(connection, loadedAt);
        await follow({ connection, procedures, source, gtid });
      }),
    accounts: async (server, { store, manifest, signal }) => {
      const definitions = await readDefinitionsOf(store, manifest, signal);
      await withConnection(server, async (connection) => {
        const proof = await readLoaded(connection);
        if (!proof) return;
        const applied = await applyAccounts(connection, definitions, proof.accounts);
        await noteAccounts(connection, proof, { dump: manifest.dump, ...applied });
      });
    },
    leave: (server) => withConnection(server, (connection) => leave({ connection, procedures })),
    promote: (server, { tenure, ...work }) =>
      withConnection(server, async (connection) => {
        const promoted = await promote({ connection, procedures, patience, ...work });
        await notePromoted(connection, tenure);
        return promoted;
      }),
    pause: (server, dump) =>
      withConnection(server, async (connection) => {
        // First: it is a write of its own, and so must come before the place at which the copy is made.
        await notePaused(connection, dump);
        await stopHeartbeat(connection);
        await closeSchemas(connection);
      }),
    copy: async (server, copyWork) => {
      const followed = await withConnection(server, async (connection) => {
        const { seeded } = await readNotes(connection);
        return seeded !== undefined && seeded === (await readLoaded(connection))?.loadedAt;
      });
      return copyStandby({ login: server, parallel: PARALLEL, followed, ...copyWork });
    },
    forgetCopy: (server) => withConnection(server, noteResumed),
    written: (server, { frozen, own }) =>
      withConnection(server, async (connection) =>
        own ? writtenSince(connection, { log: own.log, gtid: frozen.gtid }) : [],
      ),
    resume: (server) =>
      withConnection(server, async (connection) => {
        await openSchemas(connection);
        await startHeartbeat(connection);
        await noteResumed(connection);
      }),
    release: (server, released) =>
      withConnection(server, async (connection) => {
        // First: what takes no writes can't be loaded over.
        await openSchemas(connection);
        await noteReleased(connection, released);
      }),
  };
}

async function withConnection<T>(server: Login, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connect(server);
  try {
    return await work(connection);
  } finally {
    connection.destroy();
  }
}

/** A dump that is loaded already is not loaded again by itself; what was written since would stay. */
async function beginAnew(connection: Connection, dump: string): Promise<void> {
  await openLedger(connection);
  if ((await readUnderway(connection)) || (await readLoaded(connection))?.dump !== dump) return;
  await dropBeside(connection);
  await begin(connection, dump);
}

async function lookAt(connection: Connection, follows: boolean): Promise<{ data: SeenData; proof?: LoadProof }> {
  const proof = await readLoaded(connection);
  const underway = await readUnderway(connection);
  const { state, ...more } = await lagOf(connection, new Date());
  const first = follows && state === "none" && proof;
  const { seeded, unpromoted, drilled, ...notes } = await readNotes(connection);
  const preparation = first ? await preparationOf(connection, first, seeded) : undefined;
  const open = notes.paused !== undefined && (await writableSchemas(connection)).length > 0;
  const data = {
    ...notes,
    ...(open && { open }),
    ...(unpromoted !== undefined && { unpromoted: true }),
    ...(drilled !== undefined && { drilled: true }),
    ...(proof && { loaded: proof.dump, loadedAt: proof.loadedAt }),
    ...(proof?.accountsOf !== undefined && { accounts: proof.accountsOf }),
    ...(underway && {
      begun: { dump: underway.dump, swapping: isOneWay(underway.phase) },
    }),
    ...(state !== "none" && { replication: { state, ...more } }),
    ...(preparation && { preparation }),
  };
  return { data, ...(proof && { proof }) };
}

async function preparationOf(
  connection: Connection,
  { gtid, loadedAt, own = "" }: LoadProof,
  seeded: string | undefined,
): Promise<Preparation | undefined> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    `SELECT @@GLOBAL.gtid_mode AS gtidMode, @@GLOBAL.enforce_gtid_consistency AS enforced,
       GTID_SUBTRACT(?, @@GLOBAL.gtid_executed) AS unknownGtids, GTID_SUBSET(?, @@GLOBAL.gtid_executed) AS knowsLoad,
       GTID_SUBTRACT(GTID_SUBTRACT(@@GLOBAL.gtid_executed, ?), CONCAT(@@GLOBAL.server_uuid, ':1-', ?)) AS others`,
    [gtid, own, gtid, Number.MAX_SAFE_INTEGER],
  );
  const [filters] = await connection.query<RowDataPacket[]>(
    `SELECT filter_rule AS rule FROM performance_schema.replication_applier_global_filters
     WHERE filter_name = 'REPLICATE_WILD_IGNORE_TABLE'`,
  );
  const seen = {
    gtidMode: String(row?.gtidMode),
    enforced: String(row?.enforced),
    filters: filters.flatMap(({ rule }) => String(rule).split(",")),
    unknown: String(row?.unknownGtids),
    stale: seeded !== loadedAt && ((own !== "" && Number(row?.knowsLoad) === 1) || String(row?.others) !== ""),
  };
  return preparationFor(seen, gtid);
}
