import type { Failure } from "./replica-status.ts";

const SEED = "load the newest dump and follow from it";

/** What to do about what stops replication, by MySQL's error number (Server Error Message Reference). */
const MENDS: ReadonlyMap<number, string> = new Map([
  [
    1062,
    `a row is there that must not be: somebody wrote on the replica, or its data were not those of the GTID; ${SEED}`,
  ],
  [
    1032,
    `a row is missing that must be there: somebody wrote on the replica, or its data were not those of the GTID; ${SEED}`,
  ],
  [1146, `a table is missing: its schema was not in the dump that the replica was loaded from; ${SEED}`],
  [1049, `a schema is missing: it was not in the dump that the replica was loaded from; ${SEED}`],
  // Generated invisible primary keys (Replicate data into Azure Database for MySQL).
  [
    1068,
    "the replica gave the table an invisible primary key: drop its column my_row_id, set sql_generate_invisible_primary_key to OFF, then start replication",
  ],
  [
    1075,
    "the replica gave the table an invisible primary key: drop its column my_row_id, set sql_generate_invisible_primary_key to OFF, then start replication",
  ],
  [1045, "the source knows another password: prepare the source with the one that the replica is given"],
  [
    1227,
    "the statement wants a right that no administrator of a managed server has: find it by its GTID in the source's binary log",
  ],
  [13121, `a transaction can't be read any more: ${SEED}`],
  [13114, `the source no longer has the binary logs that are needed, or was restored to an earlier state: ${SEED}`],
  [1236, `the source no longer has the binary logs that are needed, or was restored to an earlier state: ${SEED}`],
  [2003, "the source can't be reached: look at the VPN, the routes and the source's security group"],
  [2005, "the source's name can't be resolved: look at the private DNS of the replica's network"],
  [2013, "the connection was lost while the source was asked: look at the VPN"],
  [2026, "TLS could not be agreed on: give the authority that vouches for the source's certificate"],
]);

/** @returns one sentence without a full stop */
export function mendOf({ errno }: Failure): string {
  return (
    MENDS.get(errno) ?? `find out what MySQL's error ${errno} means here, then start replication again, or ${SEED}`
  );
}
