import type { Connection, RowDataPacket } from "mysql2/promise";
import { onOneLine } from "./gtid.ts";

/** What a half of a replica stopped at, or stumbles over. */
export interface Failure {
  errno: number;
  message: string;
  /** GTID of the transaction that could not be applied. */
  transaction?: string;
}

/** What a server knows of its replication. */
export interface ReplicaStatus {
  source: { host: string; port: number; username: string };
  /** The half that fetches transactions. `Connecting`: it tries, in vain so far. */
  receiver: "Yes" | "Connecting" | "No";
  receiverFailure?: Failure;
  /** The half that carries them out. */
  applies: boolean;
  applierFailure?: Failure;
  /** Set of all transactions that came whole, since the server last began to follow or started. */
  received: string;
  /** Set of all transactions that are in the data. */
  executed: string;
}

/** What each worker could not carry out; the one that failed tells more than the coordinator. */
const WORKERS = `
  SELECT last_error_number AS errno, last_error_message AS message, applying_transaction AS transaction
  FROM performance_schema.replication_applier_status_by_worker WHERE last_error_number <> 0
  ORDER BY last_error_timestamp LIMIT 1`;

/** @returns undefined where nothing is replicated. Needs REPLICATION CLIENT and SELECT on performance_schema. */
export async function readStatus(connection: Connection): Promise<ReplicaStatus | undefined> {
  const [[found]] = await connection.query<RowDataPacket[]>("SHOW REPLICA STATUS");
  if (!found || found.Source_Host === "") return undefined;
  return {
    source: { host: found.Source_Host, port: Number(found.Source_Port), username: found.Source_User },
    receiver: found.Replica_IO_Running,
    ...(found.Last_IO_Errno ? { receiverFailure: failure(found.Last_IO_Errno, found.Last_IO_Error) } : {}),
    applies: found.Replica_SQL_Running === "Yes",
    ...(found.Last_SQL_Errno ? { applierFailure: await applierFailure(connection, found) } : {}),
    received: onOneLine(found.Retrieved_Gtid_Set),
    executed: onOneLine(found.Executed_Gtid_Set),
  };
}

/** @returns the transactions of one set that are not in another */
export async function subtract(connection: Connection, set: string, other: string): Promise<string> {
  const [[row]] = await connection.query<RowDataPacket[]>("SELECT GTID_SUBTRACT(?, ?) AS rest", [set, other]);
  return onOneLine(row?.rest ?? "");
}

async function applierFailure(connection: Connection, found: RowDataPacket): Promise<Failure> {
  const [[worker]] = await connection.query<RowDataPacket[]>(WORKERS);
  return failure(worker?.errno ?? found.Last_SQL_Errno, worker?.message || found.Last_SQL_Error, worker?.transaction);
}

function failure(errno: unknown, message: string, applying?: string): Failure {
  const transaction = /transaction '([^']+)'/.exec(message)?.[1] ?? applying;
  return { errno: Number(errno), message, ...(transaction ? { transaction } : {}) };
}
