import type { Connection } from "mysql2/promise";
import { readHeartbeat } from "./heartbeat.ts";
import { type ReplicaStatus, readStatus } from "./replica-status.ts";
import { mendOf } from "./replication-mends.ts";

/**
 * `none`: follows nobody. `following`: fetches and applies. `connecting`: can't reach its source now. `stopped`: somebody
 * stopped it. `broken`: goes on no more by itself.
 */
export type ReplicationState = "none" | "following" | "connecting" | "stopped" | "broken";

export interface Lag {
  /** Seconds since the newest beat that is in the data, to the millisecond; undefined before the first. */
  lagSeconds?: number;
  state: ReplicationState;
  /** What went wrong last, with the transaction and what to do. */
  lastError?: string;
}

/**
 * How far a replica is behind, by its source's own clock: it grows also while nothing comes, where MySQL's
 * Seconds_Behind_Source is 0 or unknown.
 */
export async function lagOf(connection: Connection, now: Date): Promise<Lag> {
  const status = await readStatus(connection);
  const beat = await readHeartbeat(connection);
  const lastError = status && errorOf(status);
  return {
    // Two clocks: the source's may be ahead.
    ...(beat ? { lagSeconds: Math.max(0, (now.getTime() - beat.at.getTime()) / 1000) } : {}),
    state: stateOf(status),
    ...(lastError ? { lastError } : {}),
  };
}

/** @returns what stops a replica, or stands in its way, and what to do */
export function errorOf({ applierFailure, receiverFailure }: ReplicaStatus): string | undefined {
  const failure = applierFailure ?? receiverFailure;
  if (!failure) return undefined;
  const { errno, message, transaction } = failure;
  return `error ${errno}${transaction ? ` in transaction ${transaction}` : ""}: ${message}; ${mendOf(failure)}`;
}

export function stateOf(status: ReplicaStatus | undefined): ReplicationState {
  if (!status) return "none";
  const { applies, applierFailure, receiver, receiverFailure } = status;
  if ((!applies && applierFailure) || (receiver === "No" && receiverFailure)) return "broken";
  if (!applies || receiver === "No") return "stopped";
  return receiver === "Yes" ? "following" : "connecting";
}
