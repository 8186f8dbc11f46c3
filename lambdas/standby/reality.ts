import type { ContainerClient } from "@azure/storage-blob";
import type { Login } from "../database/connection.ts";
import type { LoadProof } from "../database/ledger.ts";
import { textIfThere } from "./blob-text.ts";
import type { CompleteDumps } from "./complete-dumps.ts";
import type { DatabaseServers } from "./database-servers.ts";
import type { DatabaseWork } from "./database-work.ts";
import type { Request } from "./dump-to-load.ts";
import { findHandBack } from "./find-hand-back.ts";
import { administratorLogin, primaryLogin } from "./logins.ts";
import type { Reality, SeenData } from "./next-step.ts";
import type { PlanDocument, PlannedDatabase } from "./plan-document.ts";
import { holds, RESTORE_BLOB, type RestoreDocument, readRestore } from "./restore-document.ts";
import { lastKnown } from "./state-after.ts";
import type { StateDocument } from "./state-document.ts";
import { ForbiddenError, type VaultSecrets } from "./vault-secrets.ts";

/** All that the controller sees and works with. */
export interface Standby {
  /** The control container, with the plan and the state. */
  container: ContainerClient;
  /** The container that the markers' website is served from, with the files that say when the standby is ready. */
  website: ContainerClient;
  servers: Pick<DatabaseServers, "read" | "begin" | "prepare">;
  secrets: Pick<VaultSecrets, "read">;
  dumps: Pick<CompleteDumps, "find" | "newest" | "store">;
  database: DatabaseWork;
  /** Is told how each run ended. */
  tell(state: StateDocument): void;
}

/** What is there, and how it is reached. */
export interface Found {
  reality: Reality;
  /** Of the server while it is ready. */
  administrator?: Login;
  /** Of the primary, once `link` has written it. */
  primary?: Login;
  /** Of the dump that the server holds. */
  proof?: LoadProof;
}

/** Looks at all that the next step depends on, and at nothing else. @param previous state of the last run */
export async function findReality(
  standby: Standby,
  plan: PlanDocument,
  previous: StateDocument | undefined,
  signal: AbortSignal,
): Promise<Found> {
  const { database } = plan;
  if (!database) return { reality: {} };
  const server = await standby.servers.read(database.serverId, signal);
  if (!server) return { reality: {} };
  const looksInside = database.follows !== "nobody" || database.target === "promoted";
  if (!looksInside) return { reality: { server } };
  const inside = server.state === "Ready" ? await lookInside(standby, database, signal) : undefined;
  // A server that does not run tells nothing; nothing changes in it either.
  const data = await withoutLostLoad(standby, inside?.data ?? lastKnown(previous, plan), previous, signal);
  const primary = inside && (await findPrimary(standby, database, inside.data, signal));
  const dumps = await findDumps(standby, database, data, previous, signal);
  const back = await findHandBack(standby, data, inside?.administrator, previous, signal);
  const notice = [dumps.notice, back.notice].filter((each) => each !== undefined).join("; ");
  const reality: Reality = {
    server,
    ...(data && { data }),
    ...{ ...dumps, ...back },
    ...(notice !== "" && { notice }),
    ...(primary && { primaryKnown: true }),
  };
  return { reality, ...inside, ...(primary && { primary }) };
}

async function lookInside({ secrets, database: work }: Standby, database: PlannedDatabase, signal: AbortSignal) {
  const secret = await secrets.read(database.secretId, signal);
  if (secret === undefined) throw new Error(`expected the secret ${database.secretId}, found none`);
  const administrator = administratorLogin(secret, database);
  return { administrator, ...(await work.look(administrator, database.follows === "primary")) };
}

/**
 * The primary's login, where it matters: to follow it, and to lock it out of what was following. `link` writes the secret
 * and gives the right to read it, both at once; whatever is wrong with it must not keep a server from being promoted.
 */
async function findPrimary(
  { secrets }: Standby,
  { follows, primarySecretId }: PlannedDatabase,
  data: SeenData,
  signal: AbortSignal,
): Promise<Login | undefined> {
  if (!primarySecretId || (follows !== "primary" && !data.replication)) return undefined;
  try {
    const secret = await secrets.read(primarySecretId, signal);
    return secret === undefined ? undefined : primaryLogin(secret);
  } catch (error) {
    if (follows === "primary" && !(error instanceof ForbiddenError)) throw error;
    return undefined;
  }
}

/** A load that has begun is not gone on with where its dump was set aside, or is not there any more. */
async function withoutLostLoad(
  { dumps }: Standby,
  data: SeenData | undefined,
  previous: StateDocument | undefined,
  signal: AbortSignal,
): Promise<SeenData | undefined> {
  const { begun, ...rest } = data ?? {};
  if (!begun || begun.swapping) return data;
  const given = previous?.setAside.some(({ dump }) => dump === begun.dump);
  return given || !(await dumps.find(begun.dump, signal)) ? rest : data;
}

async function findDumps(
  { container, dumps }: Standby,
  database: PlannedDatabase,
  data: SeenData | undefined,
  previous: StateDocument | undefined,
  signal: AbortSignal,
): Promise<Pick<Reality, "newest" | "request" | "notice">> {
  const { asked, notice } = await findRequest(container, signal);
  const told = notice === undefined ? {} : { notice };
  if (!asked && database.target === "promoted" && data?.tenure !== undefined) return told;
  const setAside = (previous?.setAside ?? []).map(({ dump }) => dump);
  const { newest, notices } = await dumps.newest(setAside, signal);
  const all = [...(notice === undefined ? [] : [notice]), ...notices].join("; ");
  const found = { ...(all !== "" && { notice: all }), ...(newest && { newest: newest.dump }) };
  if (!asked || !holds(asked, newest)) return found;
  const { dump, requestedAt, discard } = asked;
  const complete = (await dumps.find(dump, signal)) !== undefined;
  const request: Request = { dump, requestedAt, discard, complete };
  return { ...found, request };
}

async function findRequest(
  container: ContainerClient,
  signal: AbortSignal,
): Promise<{ asked?: RestoreDocument; notice?: string }> {
  const text = await textIfThere(container.getBlobClient(RESTORE_BLOB), signal);
  try {
    return text === undefined ? {} : { asked: readRestore(text) };
  } catch (error) {
    // Whoever wrote it must know; all else goes on without it.
    return { notice: (error as Error).message };
  }
}
