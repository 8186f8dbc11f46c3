import type { Connection, RowDataPacket } from "mysql2/promise";
import { connect, type Login } from "./connection.ts";
import { countOf } from "./gtid.ts";
import { hasBeaten, makeHeartbeatTable, stopHeartbeat } from "./heartbeat.ts";
import { listed } from "./listed.ts";
import { workloadsWrites } from "./logged-writes.ts";
import { type ReplicaStatus, readStatus, subtract } from "./replica-status.ts";
import type { ReplicationProcedures } from "./replication-procedures.ts";

/** MySQL's error number for a name and password that don't fit. */
const ACCESS_DENIED = 1045;

/** What is asked of a follower. */
export interface FollowArgs {
  /** To the server that is to follow, as its administrator. */
  connection: Connection;
  procedures: ReplicationProcedures;
  /** The server that is to be followed, as its replicator. */
  source: Login;
  /** Set of the transactions that are in the data, as the dump's manifest tells it; empty where the server itself knows. */
  gtid: string;
  /**
   * Set of transactions of the follower's that its source never got, and that somebody decided to give up. On the way
   * back these are what the old primary had not yet sent when it was lost.
   *
   * @default "" which gives up nothing
   */
  givenUp?: string;
}

/**
 * Has a server follow another one from where its data stand. Where it follows that one already it is only started again
 * where it stands still: what stops a receiver for good may be over, as a long time without a network.
 *
 * @throws Error that says what to do, before anything is changed
 */
export async function follow(args: FollowArgs): Promise<void> {
  const { connection, procedures, source } = args;
  const status = await readStatus(connection);
  if (status) return goOn(args, status);
  await requireFilter(connection, procedures);
  const seen = await see(source);
  await requireHistory(args, seen);
  // Last of what may refuse: on RDS it changes what the server knows of itself.
  await requireSeed(args);
  await makeHeartbeatTable(connection);
  await stopHeartbeat(connection);
  await procedures.point(connection, source);
  await procedures.start(connection);
}

/**
 * Has a server follow nobody, with nothing more applied: for data that are about to be replaced. Where a transaction can't
 * be applied, waiting for all of them would never end.
 */
export async function leave({ connection, procedures }: Pick<FollowArgs, "connection" | "procedures">): Promise<void> {
  if (!(await readStatus(connection))) return;
  await procedures.stop(connection);
  await procedures.forget(connection);
}

async function goOn({ connection, procedures, source }: FollowArgs, status: ReplicaStatus): Promise<void> {
  const { host, port } = status.source;
  if (host.toLowerCase() !== source.host.toLowerCase() || port !== source.port) {
    throw new Error(
      `expected a server that follows nobody or ${source.host}:${source.port}, found that it follows ${host}:${port}: ` +
        "promote it first, or have it follow that one",
    );
  }
  if (status.receiverFailure?.errno === ACCESS_DENIED || status.source.username !== source.username) {
    // The source answers, so whatever is dropped here of what came from it comes again.
    await procedures.stop(connection);
    await procedures.point(connection, source);
  } else if (status.applies && status.receiver !== "No") return;
  await procedures.start(connection);
}

/** What a source is known by, and how far back its binary logs go. */
interface Seen {
  server: string;
  executed: string;
  purged: string;
}

/** Looks at the source with the follower's own login: what does not work here would not work there. */
async function see(source: Login): Promise<Seen> {
  const connection = await connect(source);
  try {
    const [[row]] = await connection.query<RowDataPacket[]>(
      `SELECT @@GLOBAL.server_uuid AS server, @@GLOBAL.gtid_executed AS executed, @@GLOBAL.gtid_purged AS purged,
         @@GLOBAL.gtid_mode AS mode`,
    );
    if (row?.mode === "ON") return row as unknown as Seen;
    throw new Error(
      `expected a source with gtid_mode ON, found ${row?.mode} on ${source.host}: turn it on there, and dump anew`,
    );
  } finally {
    connection.destroy();
  }
}

/** Accounts are each site's own, and so are the tables in which a cloud keeps what is its own. */
async function requireFilter(connection: Connection, { filterMend }: ReplicationProcedures): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT filter_rule AS rule FROM performance_schema.replication_applier_global_filters
     WHERE filter_name = 'REPLICATE_WILD_IGNORE_TABLE'`,
  );
  const rules = rows.flatMap(({ rule }) => String(rule).split(","));
  if (rules.includes("mysql.%")) return;
  throw new Error(
    `expected that the schema mysql is not replicated, found the filter "${rules.join(",")}": ${filterMend}`,
  );
}

async function requireHistory({ connection, source, gtid, givenUp = "" }: FollowArgs, seen: Seen): Promise<void> {
  const { server, executed } = await historyOf(connection);
  const has = `${executed},${gtid}`;
  const gone = await subtract(connection, seen.purged, has);
  if (gone !== "") {
    throw new Error(
      `expected that ${source.host} still has what comes after the data, found that the binary logs of ` +
        `${countOf(gone)} transactions are gone (${gone}): load a newer dump and follow from it`,
    );
  }
  // What a server wrote that never beat itself is its loader's, and no user's.
  const harmless = (await hasBeaten(connection)) ? givenUp : `${givenUp},${allOf(server)}`;
  const ahead = await subtract(connection, await subtract(connection, has, seen.executed), harmless);
  if (ahead === "") return;
  const writes = await workloadsWrites(connection, ahead);
  if (writes.length === 0) return;
  const subjects = listed([...new Set(writes.flatMap((each) => each.subjects))]);
  throw new Error(
    `expected data that come from ${source.host}, found ${writes.length} transactions that it never had ` +
      `(${await subtract(connection, writes.map((each) => each.gtid).join(","), "")}), which change ${subjects}: carry over what is worth it, then load a dump ` +
      "of it, or give these transactions up by name",
  );
}

async function requireSeed({ connection, procedures, gtid }: FollowArgs): Promise<void> {
  const missing = await subtract(connection, gtid, (await historyOf(connection)).executed);
  if (missing !== "") await procedures.assume(connection, missing);
}

async function historyOf(connection: Connection): Promise<{ server: string; executed: string }> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    "SELECT @@GLOBAL.server_uuid AS server, @@GLOBAL.gtid_executed AS executed",
  );
  return row as unknown as { server: string; executed: string };
}

function allOf(server: string): string {
  return `${server}:1-${Number.MAX_SAFE_INTEGER}`;
}
