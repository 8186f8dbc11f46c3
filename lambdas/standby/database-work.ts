import type { Connection, RowDataPacket } from "mysql2/promise";
import { connect, type Login } from "../database/connection.ts";
import { follow } from "../database/follow.ts";
import { forgetHeartbeat } from "../database/heartbeat.ts";
import { lagOf } from "../database/lag.ts";
import { begin, type LoadProof, openLedger, type Phase, readLoaded, readUnderway } from "../database/ledger.ts";
import { isOneWay, loadDump } from "../database/load.ts";
import type { Manifest } from "../database/manifest.ts";
import { dropBeside } from "../database/places.ts";
import { promote } from "../database/promote.ts";
import { AZURE_PROCEDURES, type ReplicationProcedures } from "../database/replication-procedures.ts";
import type { DumpStore } from "../database/store.ts";
import { type Preparation, preparationFor } from "./follower-preparation.ts";
import type { SeenData } from "./next-step.ts";
import { noteLoaded, notePromoted, noteServing, noteTakingPlace, readNotes, type Tenure } from "./notes.ts";

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
  signal: AbortSignal;
  progress(progress: Progress): void;
}

/** What the controller does inside of MySQL. Whatever is cut short can be done again. */
export interface DatabaseWork {
  /** What a server holds, and whom it follows. @param follows whether it is to follow the primary */
  look(server: Login, follows: boolean): Promise<{ data: SeenData; proof?: LoadProof }>;
  load(server: Login, work: LoadWork): Promise<void>;
  /** Has a server follow the primary from where its dump ends, or go on with that. */
  follow(server: Login, primary: Login): Promise<void>;
  /** Has a server follow nobody, with all that it received. @param primary that is followed, where it is to be locked out */
  leave(server: Login, primary: Login | undefined, signal: AbortSignal): Promise<void>;
  /** The same, and it takes writes; notes whose these are. */
  promote(server: Login, primary: Login | undefined, tenure: Tenure, signal: AbortSignal): Promise<void>;
}

/** @param patience longest time to apply what was received from the primary, in milliseconds */
export function databaseWork(patience: number, procedures: ReplicationProcedures = AZURE_PROCEDURES): DatabaseWork {
  const alone = (connection: Connection, source: Login | undefined, signal: AbortSignal) =>
    promote({ connection, procedures, ...(source && { source }), patience, signal });
  return {
    look: (server, follows) => withConnection(server, (connection) => lookAt(connection, follows)),
    load: async (server, { request, tenure, ...work }) => {
      const takesPlace = (connection: Connection) => noteTakingPlace(connection, tenure, request);
      await withConnection(server, async (connection) => {
        await beginAnew(connection, work.manifest.dump);
        const { phase } = (await readUnderway(connection)) ?? {};
        // It took its place before that was declared.
        if (tenure && phase && isOneWay(phase)) await noteServing(connection, tenure);
      });
      await loadDump({ login: server, parallel: PARALLEL, takesPlace, ...work });
      await withConnection(server, async (connection) => {
        await forgetHeartbeat(connection);
        await noteLoaded(connection);
      });
    },
    follow: (server, source) =>
      withConnection(server, async (connection) => {
        const { gtid = "" } = (await readLoaded(connection)) ?? {};
        await follow({ connection, procedures, source, gtid });
      }),
    leave: (server, source, signal) =>
      withConnection(server, async (connection) => void (await alone(connection, source, signal))),
    promote: (server, source, tenure, signal) =>
      withConnection(server, async (connection) => {
        await alone(connection, source, signal);
        await notePromoted(connection, tenure);
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
  const { loader, unpromoted, drilled, ...notes } = await readNotes(connection);
  const preparation = first ? await preparationOf(connection, first, loader) : undefined;
  const data = {
    ...notes,
    ...(unpromoted !== undefined && { unpromoted: true }),
    ...(drilled !== undefined && { drilled: true }),
    ...(proof && { loaded: proof.dump, loadedAt: proof.loadedAt }),
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
  { gtid }: LoadProof,
  loader: string | undefined,
): Promise<Preparation | undefined> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    `SELECT @@GLOBAL.gtid_mode AS gtidMode, @@GLOBAL.enforce_gtid_consistency AS enforced,
       GTID_SUBTRACT(?, @@GLOBAL.gtid_executed) AS unknownGtids, GTID_SUBSET(?, @@GLOBAL.gtid_executed) AS stale`,
    [gtid, loader ?? ""],
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
    stale: loader !== undefined && Number(row?.stale) === 1,
  };
  return preparationFor(seen, gtid);
}
